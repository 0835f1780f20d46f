"""Telephone numbers, by their digits, however people, phones and word processors write them."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from domain.common.cleaning import clean

HOME, HOME_CODE = "CA", 1
EXTENSION = " poste "
BEFORE_EXTENSION = re.compile(r"\W*\b(?:poste|p\.|int\.?)\W*(?:n[o°º]\W*)?(?=[0-9]+\W*$)", re.IGNORECASE)
ABROAD = re.compile(r"^\W*(?:011|00)\W*(?=[1-9])")  # dialled from here, and from Europe


class NotAPhone(ValueError):
    """Tried to read as a telephone number what is none."""


def read(text: str) -> str:
    """Return a number as it is kept: 819 843-0000, 819 843-0000 poste 24, or +33 1 70 18 99 00.

    Raises: NotAPhone, also when a digit of the text would be left out.
    """
    dialled = BEFORE_EXTENSION.sub(" ext. ", ABROAD.sub("+", re.sub(r"\s", " ", clean(text))))
    try:
        found = phonenumbers.parse(dialled, HOME)
    except NumberParseException:
        raise NotAPhone from None
    if phonenumbers.is_possible_number_with_reason(found) != ValidationResult.IS_POSSIBLE:
        raise NotAPhone
    kept = _written(found)
    if _digits(kept) != _digits(dialled):
        raise NotAPhone
    return kept


def _written(found: PhoneNumber) -> str:
    extension = f"{EXTENSION}{found.extension}" if found.extension else ""
    if found.country_code != HOME_CODE:
        bare = PhoneNumber(country_code=found.country_code, national_number=found.national_number)
        return phonenumbers.format_number(bare, PhoneNumberFormat.INTERNATIONAL) + extension
    digits = str(found.national_number)
    return f"{digits[:3]} {digits[3:6]}-{digits[6:]}{extension}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text).removeprefix(str(HOME_CODE))
