"""Credit notes: numbered without a gap, taken off what their payment paid to the cent, in the books and aloud."""

from datetime import timedelta

import pytest

import models
from domain.billing import allocation, credit_notes, ledger
from domain.billing.listener import Listener
from domain.common import clock
from models import Allocation, CreditAllocation, CreditNote, Invoice, InvoiceLine, LedgerEntry, Payment, Refund, write
from tests.factories import make_household, make_invoice, pay_elsewhere


class Ear(Listener):
    """Remembers what it hears, and what was owed at that moment."""

    def __init__(self) -> None:
        self.heard: list[tuple] = []

    def owed_again(self, invoice: Invoice) -> None:
        self.heard.append(("owed again", invoice.number, invoice.balance_cents))

    def settled(self, invoice: Invoice) -> None:
        self.heard.append(("settled", invoice.number))


@pytest.fixture
def home(db):
    return make_household()


def issues(payment: Payment, cents: int, *, owed_again: bool = False, listener: Listener | None = None) -> CreditNote:
    """Issue a credit note: of a refund, or of money that came back when `owed_again`."""
    with write():
        made = {"payment": payment, "amount_cents": cents, "method": payment.method, "cause": "staff"}
        how = {"reason": "absence", "owed_again": owed_again, "listener": listener or Listener()}
        shares = allocation.in_proportion(payment, cents)
        return credit_notes.issue(
            payment, shares, refund=None if owed_again else Refund.create(**made, state=Refund.DONE), **how
        )


def of_lines(*cents: int, household, taxable: bool = False) -> Invoice:
    """An invoice with a line for each price."""
    whole = make_invoice(household, sum(cents), taxable=taxable)
    line = whole.lines.get()
    if len(cents) > 1:
        line.delete_instance()
        for position, net in enumerate(cents, 1):
            values = line.__data__ | {"id": None, "position": position, "net_cents": net, "unit_price_cents": net}
            InvoiceLine.create(**values)
    return whole


def in_ledger(account: str) -> int:
    """Return an account's debits less its credits, in cents."""
    rows = LedgerEntry.select().where(LedgerEntry.account == account)
    return sum(row.debit_cents - row.credit_cents for row in rows)


def again(invoice: Invoice) -> Invoice:
    return Invoice.get_by_id(invoice.id)


def test_it_says_of_what_payment_how_much_why_and_for_which_refund(home):
    payment = pay_elsewhere((make_invoice(home), 10_000))
    given, came_back = issues(payment, 2_500), issues(payment, 7_500, owed_again=True)
    for note, cents, refund in ((given, 2_500, Refund.get()), (came_back, 7_500, None)):
        kept = CreditNote.get_by_id(note.id)
        assert (kept.payment, kept.amount_cents, kept.reason, kept.refund) == (payment, cents, "absence", refund)
        assert clock.now() - kept.issued_at < timedelta(minutes=1)


def test_a_payment_has_its_own_the_oldest_first(home):
    payment, other = (pay_elsewhere((make_invoice(home), 10_000)) for _ in range(2))
    notes = [issues(payment, 2_500), issues(payment, 500)]
    issues(other, 100)
    assert credit_notes.of(payment) == notes


def test_numbers_follow_without_a_gap_whatever_was_undone(home):
    payment = pay_elsewhere((make_invoice(home), 10_000))
    assert issues(payment, 1_000).number == "C000001"
    with models.database.atomic() as transaction:
        assert issues(payment, 2_000, owed_again=True).number == "C000002"
        transaction.rollback()
    assert issues(payment, 3_000, owed_again=True).number == "C000002"
    assert issues(pay_elsewhere((make_invoice(home), 500)), 500).number == "C000003"
    assert CreditNote.select().count() == 3


@pytest.mark.parametrize("owed_again", [False, True])
def test_its_cents_by_line_add_up_to_it_and_never_pass_what_was_paid_of_a_line(home, owed_again):
    one, other = of_lines(3_333, 3_333, 3_334, household=home), of_lines(101, household=home)
    payment = pay_elsewhere((one, 9_001), (other, 101))
    for cents in (1, 333, 4_001, 4_767):
        note = issues(payment, cents, owed_again=owed_again)
        assert sum(row.amount_cents for row in note.allocations) == cents
        assert min(allocation.kept_by_line(payment).values()) >= 0
    assert set(allocation.kept_by_line(payment).values()) == {0}
    paid = {row.line_id: row.amount_cents for row in Allocation.select()}
    for line, cents in paid.items():
        back = CreditAllocation.select().where(CreditAllocation.line == line)
        assert sum(row.amount_cents for row in back) == cents


def test_given_back_it_is_neither_owed_nor_kept(home):
    invoice = make_invoice(home, 10_000)
    note = issues(pay_elsewhere((invoice, 10_000), method=Payment.CASH), 4_000)
    after = again(invoice)
    assert (after.paid_cents, after.credited_cents, after.balance_cents) == (6_000, 4_000, 0)
    assert ledger.receivable_cents(invoice.id) == 0
    assert in_ledger("cash") == 6_000
    assert in_ledger("refunds 4100") == 4_000
    assert {row.posting for row in LedgerEntry.select().where(LedgerEntry.account == "refunds 4100")} == {
        f"credit:{note.number}"
    }


def test_come_back_it_is_owed_again_and_can_be_paid_again(home):
    invoice = make_invoice(home, 10_000)
    issues(pay_elsewhere((invoice, 10_000), method=Payment.CHEQUE), 10_000, owed_again=True)
    assert (again(invoice).balance_cents, ledger.receivable_cents(invoice.id)) == (10_000, 10_000)
    assert (again(invoice).credited_cents, in_ledger("cheques"), in_ledger("refunds 4100")) == (0, 0, 0)
    pay_elsewhere((invoice, 10_000))
    assert again(invoice).balance_cents == 0


def test_taxes_given_back_in_parts_come_to_those_of_the_whole(home):
    invoice = make_invoice(home, 333, taxable=True)
    payment = pay_elsewhere((invoice, invoice.total_cents))
    assert in_ledger(ledger.TPS) < 0
    for cents in (33, 98, 161, 91):  # each shared by itself would miss a cent
        issues(payment, cents)
    assert (in_ledger(ledger.TPS), in_ledger(ledger.TVQ), in_ledger("refunds 4100")) == (0, 0, 333)


def test_what_came_back_before_takes_nothing_of_the_taxes_of_what_is_given_back(home):
    invoice = make_invoice(home, 10_000, taxable=True)
    payment = pay_elsewhere((invoice, 11_498))
    issues(payment, 3_000, owed_again=True)
    before = [in_ledger(account) for account in (ledger.TPS, ledger.TVQ)]
    issues(payment, 2)  # after 30 $ given back it would be a cent of one tax and less of the other
    assert [in_ledger(account) for account in (ledger.TPS, ledger.TVQ)] == before
    assert in_ledger("refunds 4100") == 2


def test_only_what_its_own_payment_paid_is_taken_back(home):
    invoice, untouched = of_lines(6_000, 4_000, household=home), make_invoice(home, 500)
    first, second = pay_elsewhere((invoice, 5_000)), pay_elsewhere((invoice, 5_000), (untouched, 500))
    issues(first, 5_000)
    assert set(allocation.kept_by_line(first).values()) == {0}
    assert sorted(allocation.kept_by_line(second).values()) == [500, 2_000, 3_000]
    assert (again(invoice).paid_cents, again(untouched).paid_cents) == (5_000, 500)


def test_whoever_listens_hears_of_each_invoice_owed_again_and_of_nothing_when_it_is_given_back(home):
    one, other, third = (make_invoice(home, cents) for cents in (1_000, 2_000, 3_000))
    payment = pay_elsewhere((one, 1_000), (other, 2_000))
    pay_elsewhere((third, 3_000))
    ear = Ear()
    issues(payment, 300, listener=ear)
    assert ear.heard == []
    issues(payment, 2_700, owed_again=True, listener=ear)
    assert sorted(ear.heard) == sorted(("owed again", i.number, again(i).balance_cents) for i in (one, other))
    assert sum(cents for _, _, cents in ear.heard) == 2_700


def test_of_a_payment_taken_back_whole_nothing_is_left_to_take_back_for_another(home):
    one, other = make_invoice(home, 1_000), make_invoice(make_household(), 1_000)
    mine, theirs = pay_elsewhere((one, 1_000)), pay_elsewhere((other, 1_000))
    issues(mine, 1_000, owed_again=True)
    assert (again(one).balance_cents, again(other).balance_cents) == (1_000, 0)
    assert list(allocation.kept_by_line(theirs).values()) == [1_000]
    assert ledger.imbalance_cents() == 0


def lets_go(invoice: Invoice, shares: dict[int, int], listener: Listener | None = None) -> CreditNote:
    with write():
        return credit_notes.let_go(invoice, shares, reason="bris de glace", listener=listener or Listener())


def test_what_is_let_go_is_owed_no_more_and_no_money_moves(home):
    invoice = of_lines(4_000, 6_000, household=home)
    first, second = (line.id for line in invoice.lines.order_by(InvoiceLine.position))
    ear = Ear()
    note = lets_go(invoice, {second: 6_000}, ear)
    after = again(invoice)
    assert (note.invoice_id, note.payment_id, note.amount_cents) == (invoice.id, None, 6_000)
    assert (after.paid_cents, after.credited_cents, after.balance_cents) == (0, 6_000, 4_000)
    assert ledger.receivable_cents(invoice.id) == 4_000
    assert allocation.owed_by_line(list(invoice.lines)) == {first: 4_000, second: 0}
    assert ear.heard == []
    pay_elsewhere((invoice, 4_000))
    assert again(invoice).balance_cents == 0


def test_let_go_to_nothing_an_invoice_is_settled_and_told_once(home):
    invoice, ear = of_lines(4_000, 6_000, household=home), Ear()
    first, second = (line.id for line in invoice.lines.order_by(InvoiceLine.position))
    lets_go(invoice, {second: 6_000}, ear)
    lets_go(invoice, {first: 4_000}, ear)
    assert ear.heard == [("settled", invoice.number)]


@pytest.mark.parametrize("cents", [0, -1, 10_001])
def test_more_than_a_line_owes_is_never_let_go(home, cents):
    invoice = make_invoice(home, 10_000)
    with pytest.raises(credit_notes.NotOwed):
        lets_go(invoice, {invoice.lines.get().id: cents})
    assert (CreditNote.select().count(), again(invoice).balance_cents) == (0, 10_000)


def test_nothing_is_let_go_twice_nor_of_a_cancelled_invoice_nor_of_another(home):
    invoice, other = make_invoice(home, 10_000), make_invoice(home, 5_000, number="F-2")
    whole = {invoice.lines.get().id: 10_000}
    with pytest.raises(credit_notes.NotOwed):
        lets_go(other, whole)
    lets_go(invoice, whole)
    for again_of in (whole, {}):
        with pytest.raises(credit_notes.NotOwed):
            lets_go(invoice, again_of)
    Invoice.update(status="cancelled").where(Invoice.id == other.id).execute()
    with pytest.raises(credit_notes.NotOwed):
        lets_go(other, {other.lines.get().id: 5_000})


@pytest.mark.parametrize("cents", [8_049, 9_486])
def test_of_an_invoice_with_a_rebate_no_more_is_let_go_than_it_owes(home, cents):
    tennis = of_lines(9_486, -1_438, household=home)
    card = tennis.lines.order_by(InvoiceLine.position).first().id
    with pytest.raises(credit_notes.NotOwed):
        lets_go(tennis, {card: cents})
    assert not CreditNote.select().exists()


def test_all_that_an_invoice_owes_takes_its_rebate_too(home):
    tennis = of_lines(9_486, -1_438, household=home)
    card, rebate = (line.id for line in tennis.lines.order_by(InvoiceLine.position))
    lets_go(tennis, {card: 48})
    assert allocation.owed_by_line(list(tennis.lines)) == {card: 9_438, rebate: -1_438}
    lets_go(tennis, {card: 8_000})
    assert allocation.owed_by_line(list(tennis.lines)) == {card: 0, rebate: 0}
    assert (again(tennis).balance_cents, ledger.receivable_cents(tennis.id)) == (0, 0)
