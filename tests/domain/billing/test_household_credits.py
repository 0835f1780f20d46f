"""A household's credit lowers what it owes, oldest due first; what is left waits and lowers the next invoice."""

from datetime import date, timedelta

import pytest

from domain.billing import account_statement, allocation, household_credits, ledger, payments_export
from domain.billing.household_credits import Brought
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.money import Amounts
from models import CreditNote, CreditUse, HouseholdCredit, Invoice, LedgerEntry, write
from tests.factories import make_household, make_invoice, make_payment_under_way, make_person, pay_elsewhere, take_back


class Ear(Listener):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.settled_ones: list[str] = []

    def settled(self, invoice: Invoice) -> None:
        self.settled_ones.append(invoice.number)


@pytest.fixture
def home(db):
    return make_household()


def brings(home, cents: int, number: str = "NC-1", listener: Listener | None = None) -> None:
    with write():
        amounts = Amounts(-cents, 0, 0, -cents)
        credit = Brought(number, home.id, date(2026, 11, 1), amounts, [("4100", -cents)], "[]")
        household_credits.bring(credit, listener or Listener())


def owing(home, cents: int, days: int) -> Invoice:
    return make_invoice(home, cents, due_on=clock.today() + timedelta(days=days))


def left(*invoices: Invoice) -> list[int]:
    return [Invoice.get_by_id(one.id).balance_cents for one in invoices]


def in_ledger(account: str) -> int:
    rows = LedgerEntry.select().where(LedgerEntry.account == account)
    return sum(row.debit_cents - row.credit_cents for row in rows)


def test_it_lowers_what_is_due_first_by_a_numbered_note_and_tells_what_is_settled(home):
    later, first = owing(home, 5_000, 30), owing(home, 3_000, 10)
    ear = Ear()
    brings(home, 4_000, listener=ear)
    assert left(first, later) == [0, 4_000]
    assert ear.settled_ones == [first.number]
    notes = [(note.number, note.amount_cents) for note in CreditNote.select().order_by(CreditNote.id)]
    assert notes == [("C000001", 3_000), ("C000002", 1_000)]
    assert HouseholdCredit.get().left_cents == household_credits.left_cents([home.id]) == 0


def test_the_ledger_takes_back_what_it_was_for_and_nothing_of_what_it_lowers(home):
    owing(home, 3_000, 10)
    brings(home, 4_000)
    assert in_ledger(ledger.revenue("4100")) == -3_000 + 4_000
    assert (in_ledger(ledger.RECEIVABLE), in_ledger(ledger.CREDITS)) == (0, -1_000)
    assert not LedgerEntry.select().where(LedgerEntry.account.startswith("refunds")).exists()


def test_what_is_left_lowers_the_next_invoice_as_soon_as_it_is_issued(home):
    brings(home, 4_000)
    assert household_credits.left_cents([home.id]) == 4_000
    invoice = make_invoice(home, 3_000)
    assert (left(invoice), household_credits.left_cents([home.id])) == ([0], 1_000)
    other = make_invoice(make_household(), 3_000)
    assert left(other) == [3_000]


def test_one_being_paid_by_card_waits(home):
    busy = owing(home, 3_000, 10)
    payment = make_payment_under_way(busy)
    brings(home, 4_000)
    assert (left(busy), household_credits.usable()) == ([3_000], [])
    payment.invoice_links.get().delete_instance()
    assert household_credits.usable() == [home.id]
    with write():
        household_credits.use([home.id], Listener())
    assert (left(busy), household_credits.usable()) == ([0], [])


def test_a_refund_afterwards_and_the_export_take_their_share_of_the_taxes(home):
    """A line of 114,98 $, 14,98 $ of it by credit: the 100 $ paid go back as if nothing else had been taken."""
    invoice = make_invoice(home, 10_000, taxable=True)
    brings(home, 1_498)
    payment = pay_elsewhere((Invoice.get_by_id(invoice.id), 10_000))
    take_back(payment, 10_000)
    assert allocation.kept_by_line(payment) == {invoice.lines.get().id: 0}
    cents = payments_export.HEADER.index("amount_cents")
    rows = list(payments_export.payments(clock.today(), clock.today()))
    assert sum(int(row[cents]) for row in rows) == 0


def test_what_a_credit_lowered_before_takes_nothing_of_the_taxes_of_what_is_given_back(home):
    invoice = make_invoice(home, 10_000, taxable=True)
    brings(home, 3_000)
    payment = pay_elsewhere((Invoice.get_by_id(invoice.id), 8_498))
    before = [in_ledger(account) for account in (ledger.TPS, ledger.TVQ)]
    take_back(payment, 2)
    assert [in_ledger(account) for account in (ledger.TPS, ledger.TVQ)] == before


def test_it_stands_in_the_statement(home):
    owing(home, 3_000, 10)
    brings(home, 1_000)
    statement = account_statement.of([home.id], make_person(home), date(2026, 1, 1), clock.today(), None)
    assert [(move.kind, move.cents) for move in statement.movements][-1] == (account_statement.LET_GO, -1_000)
    assert CreditUse.select().count() == 1
