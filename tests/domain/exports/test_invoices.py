"""The file of invoices: its rows lead back to the same cents."""

from datetime import date

import pytest

from domain.billing import issuing
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from domain.exports import invoices
from models import Membership, write
from tests.factories import make_household, make_invoice, make_person

DAY = date(2026, 11, 23)


@pytest.fixture
def in_parts(db):
    """An invoice taxed as a whole, in three: its parts' taxes are not those of their own subtotals."""
    line = LineDraft("Tennis", 1_000, 9_901, "taxable", "activity", "tennis")
    whole = issuing.draft("T", make_household().id, DAY, DAY, [line])
    parts = issuing.in_parts(whole, ["T1", "T2", "T3"], [DAY] * 3, [(33, 33, 34)])
    with write():
        issuing.issue([draft for draft, _positions in parts], Listener())


def test_taxes_are_said_where_a_subtotal_would_not_lead_to_them(in_parts):
    assert invoices.any_shared()
    assert any(row["tps"] is not None for row in invoices.rows())


def test_taxes_are_not_said_of_other_invoices(db):
    make_invoice(make_household(), 9_999, taxable=True)
    assert not invoices.any_shared()
    assert {row["tps"] for row in invoices.rows()} == {None}


def test_a_line_of_who_has_no_card_any_more_names_nobody(db):
    gone = make_person(home := make_household())
    make_invoice(home, person=gone)
    assert [row["card_number"] for row in invoices.rows()] == [gone.card_number]
    Membership.delete().execute()
    assert [row["card_number"] for row in invoices.rows()] == [None]
