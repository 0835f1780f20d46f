"""Numbers that nobody could tell apart are left aside and named; one that is here exactly is not."""

import pytest

from domain.exports.payments import PREFIX
from domain.imports import lookalikes
from tests.factories import make_household, make_invoice, pay_elsewhere

pytestmark = pytest.mark.usefixtures("db")


def test_two_of_a_file_that_differ_by_case_alone():
    assert lookalikes.by_case(["F-1", "G", "f-1"]) == {"f-1": "F-1"}


def test_one_of_a_file_and_one_that_is_here():
    make_invoice(make_household(), number="É-7a")
    make_invoice(make_household("D2"), number="b-1")
    assert lookalikes.by_case(["b-1", "B-1", "B-2"]) == {"B-1": "b-1"}


def test_zeros_that_a_spreadsheet_took_off():
    payment = pay_elsewhere((make_invoice(make_household()), 100))
    payment.reference = f"{PREFIX}000123"
    payment.save()
    assert lookalikes.by_zeros(["000123", "123", "0123", "1230", "0"], PREFIX) == {"123": "000123", "0123": "000123"}
    assert lookalikes.by_zeros(["77", "077"], PREFIX) == {"077": "77"}
