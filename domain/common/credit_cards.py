"""Credit card numbers typed where none belongs, alone or within a sentence: never kept, logged or mailed.

A run of 13 to 19 digits, with spaces, hyphens or points between them, that begins as a card network's numbers do (3 to
6, or 2221 to 2720: ISO/IEC 7812) and passes Luhn's check. One number in ten that begins so passes by chance; those that
begin with a year never do, and a telephone's or a day's digits are set aside first.
"""

import re
from collections.abc import Iterator

SHORTEST, LONGEST = 13, 19
BETWEEN = r"[^\S\n]|[.\-\u2010-\u2015\u2212]"  # a space of any kind, a hyphen of any kind, a point
RUN = re.compile(rf"[0-9]+(?:(?:{BETWEEN}){{1,3}}[0-9]+)*")
NETWORKS = re.compile(r"[3-6]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)")
TELEPHONE = rf"(?:1(?:{BETWEEN}))?[2-9][0-9]{{2}}(?:{BETWEEN})[0-9]{{3}}(?:{BETWEEN})[0-9]{{4}}"
DAY = r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
EVERYDAY = re.compile(rf"(?<![0-9])(?:{TELEPHONE}|{DAY})(?![0-9])")


def holds_credit_card(text: str) -> bool:
    """Tell whether a text holds what looks like a credit card's number."""
    bare = EVERYDAY.sub("x", text)
    return any(_is_card(digits) for run in RUN.findall(bare) for digits in _numbers(run))


def _numbers(run: str) -> Iterator[str]:
    """Yield the numbers that a run of groups may hold: a card is often followed by its expiry and its code."""
    groups = re.findall("[0-9]+", run)
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) > LONGEST:
                break
            yield digits


def _is_card(digits: str) -> bool:
    if len(digits) < SHORTEST or not NETWORKS.match(digits):
        return False
    doubled = [int(d) if i % 2 == 0 else sum(divmod(2 * int(d), 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
