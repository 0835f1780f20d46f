"""Citizen card numbers, however they are typed."""

import re


class NotACardNumber(Exception):
    """Tried to read a text as a citizen card number, and it is not one."""


def normalise(text: str, prefix: str, digits: int) -> str:
    """Return a card number as it is stored, such as QMAGB00117618.

    The prefix may be missing; case, spaces and hyphens do not count; O is read as 0 in the digits.
    Raises: NotACardNumber.
    """
    bare = re.sub(r"[\s\-‐‑–]", "", text).upper().removeprefix(prefix.upper()).replace("O", "0")
    if not re.fullmatch(rf"[0-9]{{{digits}}}", bare):
        raise NotACardNumber(text[:40])
    return prefix + bare
