"""Limits on letters; the acts that meet them: tests/attacks/test_letters.py."""

import pytest

from domain.common import letter_limits
from models import Attempt
from settings import LIMITS

pytestmark = pytest.mark.usefixtures("db")

OF_A_KIND, TO_ADDRESS = LIMITS["letters of a kind to somebody"].most, LIMITS["letters to an address"].most


def test_a_kind_is_told_so_often_and_another_kind_still():
    for _ in range(OF_A_KIND):
        letter_limits.count("password_changed", "Marie@example.com")
    with pytest.raises(letter_limits.TooManyLetters):
        letter_limits.count("password_changed", "marie@example.com ")
    letter_limits.count("username_changed", "marie@example.com")


def test_an_address_is_written_to_so_often_whoever_asks():
    for account_id in range(TO_ADDRESS):
        letter_limits.count_stranger(account_id, "marie@example.com")
    with pytest.raises(letter_limits.TooManyLetters):
        letter_limits.count_stranger(99, " Marie@Example.com")
    with pytest.raises(letter_limits.TooManyLetters):
        letter_limits.count("password_changed", "marie@example.com")


def test_an_account_writes_to_so_many_strangers():
    for n in range(LIMITS["letters to strangers"].most):
        letter_limits.count_stranger(1, f"n{n}@example.com")
    with pytest.raises(letter_limits.TooManyLetters):
        letter_limits.count_stranger(1, "another@example.com")
    letter_limits.count_stranger(2, "another@example.com")


def test_no_address_is_kept():
    letter_limits.count("password_changed", "marie@example.com")
    assert "marie" not in str(list(Attempt.select().tuples()))
