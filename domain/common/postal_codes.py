"""Canadian postal codes, however they are typed."""

import re

from domain.common.cleaning import clean

# Canada Post, Addressing Guidelines: never D, F, I, O, Q or U, and W or Z never first.
CANADIAN = re.compile(r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][0-9][ABCEGHJ-NPRSTV-Z][0-9]")


class NotAPostalCode(ValueError):
    """Tried to read as a Canadian postal code what is none."""


def read(text: str) -> str:
    """Return a postal code as it is kept: J1X 2B6. Raises: NotAPostalCode."""
    bare = re.sub(r"[\s\-]", "", clean(text)).upper()
    if not CANADIAN.fullmatch(bare):
        raise NotAPostalCode(text[:20])
    return f"{bare[:3]} {bare[3:]}"
