"""Canadian postal codes are read however they are typed, and nothing else is."""

import pytest

from domain.common import postal_codes


@pytest.mark.parametrize("typed", ["J1X 2B6", "j1x2b6", " J1X-2B6 ", "J1X\u00a02B6", "j 1 x 2 b 6"])
def test_one_is_kept_one_way(typed):
    assert postal_codes.read(typed) == "J1X 2B6"


@pytest.mark.parametrize(
    "typed", ["", "J1X", "J1X 2B", "J1X 2B66", "D1X 2B6", "W1X 2B6", "J1O 2B6", "J1X 2U6", "90210", "75011", "JIX 2B6"]
)
def test_what_canada_post_gives_to_nobody_is_none(typed):
    with pytest.raises(postal_codes.NotAPostalCode):
        postal_codes.read(typed)
