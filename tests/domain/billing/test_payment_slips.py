"""The reference of a payment slip."""

import pytest

from domain.billing import payment_slips
from tests.factories import make_household, make_invoice


@pytest.fixture(autouse=True)
def database(db):
    return db


@pytest.mark.parametrize("number", ["F21001", "2026-00123", "fa/12-é", "7"])
def test_a_reference_leads_back_to_its_invoice(number):
    assert payment_slips.number_of(payment_slips.reference(number)) == number


def test_one_wrong_digit_or_two_exchanged_are_seen():
    right = payment_slips.reference("F21001")
    other_digits = right[:-1] + str((int(right[-1]) + 1) % 10)
    for wrong in (right.replace("1", "7", 1), right.replace("21", "12", 1), other_digits):
        with pytest.raises(payment_slips.BadReference):
            payment_slips.number_of(wrong)


def test_an_invoice_number_that_looks_like_a_reference_is_itself():
    make_invoice(make_household(), number="F26-99")
    assert payment_slips.number_of(" F26-99 ") == "F26-99"
    assert payment_slips.number_of(payment_slips.reference("F26-99")) == "F26-99"


@pytest.mark.parametrize(
    "typed", ["F21001-{}", " f21001-{} ", "F21001 - {}", "F 21001\u00a0-{}", "F21001\u2013{}", "F21001\u2011{}"]
)
def test_spaces_case_and_hyphens_are_the_typists(typed):
    digits = payment_slips.reference("F21001")[-2:]
    assert payment_slips.number_of(typed.format(digits)).upper() == "F21001"
    assert not payment_slips.is_mistyped(typed.format(digits))
    assert payment_slips.is_mistyped(typed.format("00"))


@pytest.mark.parametrize("typed", ["F21001", "", "2026-00123", "x", "F 21 001"])
def test_what_has_not_a_references_form_is_no_mistyped_one(typed):
    assert not payment_slips.is_mistyped(typed)
    assert payment_slips.number_of(typed) == typed
