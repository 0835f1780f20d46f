"""Credit card numbers are told from what people write every day; in pages: tests/attacks/test_card_numbers.py."""

import random

import pytest

from domain.common.credit_cards import holds_credit_card


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("4111111111111111", True),
        ("4111 1111-1111 1111", True),
        ("378282246310005", True),
        ("4222222222222", True),
        ("4111111111111112", False),
        ("4111111111111111a", True),
        ("424242424242", False),
        ("QMAGB00117618", False),
        ("٤١١١١١١١١١١١١١١١", False),
        ("", False),
    ],
)
def test_a_credit_card_typed_in_the_wrong_place_is_known(text, looks):
    assert holds_credit_card(text) is looks


def test_of_numbers_at_random_one_in_ten_passes_and_of_those_that_begin_with_a_year_none():
    drawn = random.Random(16)  # noqa: S311  for figures, not for secrets
    at_random = [f"4{drawn.randrange(10**15):015}" for _ in range(2000)]
    of_a_year = [f"20{year}{drawn.randrange(10**10):010}" for year in range(10, 90) for _ in range(25)]
    assert 0.08 < sum(map(holds_credit_card, at_random)) / 2000 < 0.12
    assert not any(map(holds_credit_card, of_a_year))
