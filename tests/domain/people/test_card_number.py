"""Card numbers, however people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people.card_number import NotACardNumber, normalise

KEPT = "QMAGB00117618"


def read(text: str) -> str:
    return normalise(text, "QMAGB", 8)


@pytest.mark.parametrize(
    "typed",
    [
        "QMAGB00117618",
        "qmagb00117618",
        "QmAgB00117618",
        "00117618",
        " QMAGB 0011 7618 ",
        "Q M A G B 0 0 1 1 7 6 1 8",
        "QMAGB-0011-7618",
        "QMAGB\u20100011\u20117618",  # hyphens that word processors put
        "QMAGB\u20130011\u00a07618",
        "QMAGB\u202f00117618\n",
        "QMAGBOO117618",
        "qmagboo117618",
        "oo117618",
    ],
)
def test_it_is_known_however_it_is_typed(typed):
    assert read(typed) == KEPT


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "QMAGB",
        "117618",
        "QMAGB0011761",
        "QMAGB001176180",
        "XMAGB00117618",
        "QMAGBQMAGB00117618",
        "00117618QMAGB",
        "QMAGB0011761B",
        "QMAGB0011761l",
        "QMAGB00117618\0",
        "QMAGB0011\x007618",
        "QMAGB00117.618",
        "QMAGB٠٠١١٧٦١٨",
        "QMAGB００１１７６１８",
        "QMAGB0011761²",
        "QMAGB" + "0" * 100_000,
        " " * 100_000,
        "1' OR '1'='1",
    ],
)
def test_what_is_none_is_refused(typed):
    with pytest.raises(NotACardNumber):
        read(typed)


@given(st.text())
def test_whatever_is_typed_it_is_a_card_number_or_refused(typed):
    try:
        number = read(typed)
    except NotACardNumber:
        return
    assert number.startswith("QMAGB")
    assert len(number) == 13
    assert set(number[5:]) <= set("0123456789")


@given(st.integers(0, 99_999_999))
def test_what_is_kept_stays_the_same_read_again(n):
    assert read(read(f"{n:08}")) == f"QMAGB{n:08}"


def test_an_o_in_a_citys_prefix_stays_an_o():
    assert normalise("orford 0o12", "Orford", 4) == "Orford0012"


def test_a_wrong_one_is_not_repeated_whole():
    with pytest.raises(NotACardNumber) as refused:
        read("x" * 5_000)
    assert len(str(refused.value)) == 40
