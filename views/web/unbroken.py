"""Addresses of the web and of mail on a narrow screen: whole, or broken where nobody misreads them."""

import re

from markupsafe import Markup, escape

LONGEST = 24  # characters that hold on a line of 320 px
WHOLE = Markup('<span class="nowrap">{}</span>')


def address(text: str) -> Markup:
    """Let an address go on to the next line after « / », « . » or « @ », never at a hyphen: it would look like ours."""
    if "-" not in text:
        return escape(text)
    parts = [part for part in re.split(r"(?<=[/.@])", text) if part]
    return Markup("<wbr>").join(WHOLE.format(part) if len(part) <= LONGEST else part for part in parts)
