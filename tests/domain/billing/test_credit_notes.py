"""What is let go of an invoice is owed no more, and never more of it than it owes, its rebates being lines too."""

import pytest

from domain.billing import credit_notes
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from models import CreditNote, Invoice, InvoiceLine, write
from tests.factories import make_household, make_invoice_of, pay_elsewhere


@pytest.fixture
def tennis(db) -> Invoice:
    """80,48 $: a card of 94,86 less a rebate of 14,38."""
    prices = (("Abonnement tennis", 9_486), ("Rabais famille", -1_438))
    lines = [LineDraft(name, 1_000, cents, "exempt", "activity", "4201") for name, cents in prices]
    return make_invoice_of(make_household(), lines)


def let_go(invoice: Invoice, cents: int) -> CreditNote:
    card = invoice.lines.order_by(InvoiceLine.position).first()
    with write():
        return credit_notes.let_go(invoice, {card.id: cents}, reason="courtoisie", listener=Listener())


def test_what_is_let_go_is_owed_no_more(tennis):
    assert let_go(tennis, 48).amount_cents == 48
    assert Invoice.get().balance_cents == 8_000


def test_all_that_is_left_can_be_let_go(tennis):
    pay_elsewhere((tennis, 48))
    let_go(tennis, 8_000)
    assert Invoice.get().balance_cents == 0


@pytest.mark.parametrize("cents", [-1, 0, 8_049, 9_486, 9_487])
def test_more_than_the_invoice_owes_or_nothing_is_refused(tennis, cents):
    with pytest.raises(credit_notes.NotOwed):
        let_go(tennis, cents)
    assert not CreditNote.select().exists()
