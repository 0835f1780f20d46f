"""The statement of account: what was invoiced and paid between two days, and what was owed after each line."""

from datetime import date, datetime

import pytest

from domain.billing import account_statement, credit_notes
from domain.billing.listener import Listener
from domain.common import clock
from domain.payments import refunds, settlement
from models import CreditNote, Invoice, Payment, write
from tests.factories import (
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    pay_elsewhere,
    take_back,
)

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
BEFORE = date(2026, 10, 31)


@pytest.fixture
def household(db):
    return make_household()


@pytest.fixture
def draw(city):
    """Return what draws up a statement of some households, of November or of other days."""

    def drawn(*households, first: date = FIRST, last: date = LAST) -> account_statement.Statement:
        return account_statement.of([one.id for one in households], make_person(), first, last, city)

    return drawn


def lines(statement) -> list[tuple[str, int, int]]:
    return [(one.kind, one.cents, one.balance_cents) for one in statement.movements]


def owed(household) -> int:
    return sum(invoice.balance_cents for invoice in Invoice.select().where(Invoice.household == household))


def test_the_last_balance_is_what_the_invoices_say_whatever_happened(
    citizen, draw, gateway, context, simulator, paying
):
    citizen.joins()
    paid, refunded, reversed_later, part = (
        make_invoice(citizen.household, cents) for cents in (5_000, 10_000, 7_000, 900)
    )
    make_invoice(citizen.household, 300, status=Invoice.CANCELLED)
    make_invoice(make_household(), 99_999)
    pay_elsewhere((part, 400))
    for invoice in (paid, refunded, reversed_later):
        citizen.pays(invoice)
    paying()
    by_invoice = {row.invoice_links.get().invoice_id: row for row in Payment.select().where(Payment.source == "portal")}
    payment = by_invoice[refunded.id]
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(payment, 2_500, 10_000, "absence").id, context)
    gone = by_invoice[reversed_later.id].gateway_id
    simulator.ask("POST", f"transactions/{gone}/status", status="settlement_declined")
    settlement.follow(gone, context.because("webhook"))
    statement = draw(citizen.household, first=date(2000, 1, 1), last=clock.today())
    assert statement.closing_cents == owed(citizen.household) == 7_000 + 500
    assert statement.movements[-1].balance_cents == statement.closing_cents


def test_a_period_opens_with_what_was_owed_before_it(household, draw):
    old = make_invoice(household, 5_000, issued_on=BEFORE)
    payment = pay_elsewhere((old, 3_000), resolved_at=clock.noon(BEFORE))
    take_back(payment, 700, owed_again=True, issued_at=clock.noon(BEFORE))
    make_invoice(household, 2_000, issued_on=FIRST)
    statement = draw(household)
    assert (statement.opening_cents, statement.closing_cents) == (2_700, 4_700)
    assert lines(statement) == [("invoiced", 2_000, 4_700)]


@pytest.mark.parametrize(("day", "shown"), [(BEFORE, 0), (FIRST, 1), (LAST, 1), (date(2026, 12, 1), 0)])
def test_an_invoice_of_either_end_is_in_it(household, draw, day, shown):
    make_invoice(household, issued_on=day)
    assert len(draw(household).movements) == shown


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 1, 3, 59), None),  # 31 October, 23:59 in Montreal
        (datetime(2026, 11, 1, 4, 0), FIRST),
        (datetime(2026, 12, 1, 4, 59), LAST),
        (datetime(2026, 12, 1, 5, 0), None),
    ],
)
def test_payments_and_what_came_back_are_of_montreals_days(household, draw, moment, day):
    payment = pay_elsewhere((make_invoice(household, issued_on=BEFORE), 4_000), resolved_at=moment)
    take_back(payment, 1_500, owed_again=True, issued_at=moment)
    found = [(one.day, one.kind, one.cents) for one in draw(household).movements]
    assert found == ([(day, "paid", -4_000), (day, "reversed", 1_500)] if day else [])


def test_a_refund_changes_nothing_that_is_owed(household, draw):
    payment = pay_elsewhere((make_invoice(household, issued_on=FIRST), 10_000), resolved_at=clock.noon(FIRST))
    take_back(payment, 2_500, issued_at=clock.noon(LAST))
    both = [("credited", -2_500, -2_500), ("refunded", 2_500, 0)]
    assert lines(draw(household)) == [("invoiced", 10_000, 10_000), ("paid", -10_000, 0), *both]


def test_a_refund_that_the_bank_sent_back_tells_its_whole_story(household, draw):
    payment = pay_elsewhere((make_invoice(household, issued_on=FIRST), 10_000), resolved_at=clock.noon(FIRST))
    note = take_back(payment, 2_500, issued_at=clock.noon(FIRST))
    with write():
        undone = credit_notes.undo(note, reason="refund declined", listener=Listener())
        CreditNote.update(issued_at=clock.noon(LAST)).where(CreditNote.id == undone.id).execute()
    assert lines(draw(household))[-2:] == [("not credited", 2_500, 2_500), ("not refunded", -2_500, 0)]
    assert draw(household).movements[-1].document == undone.number


def test_a_cancelled_invoice_was_never_owed(household, draw):
    make_invoice(household, issued_on=FIRST, status=Invoice.CANCELLED)
    make_invoice(household, issued_on=BEFORE, status=Invoice.CANCELLED)
    statement = draw(household)
    assert (statement.opening_cents, statement.movements, statement.closing_cents) == (0, [], 0)


def test_within_a_day_invoices_come_before_what_pays_them(household, draw):
    late = make_invoice(household, 3_000, number="F2", issued_on=FIRST)
    early = make_invoice(household, 2_000, number="F1", issued_on=FIRST)
    pay_elsewhere((early, 2_000), (late, 500), resolved_at=clock.noon(FIRST))
    assert [(one.kind, one.invoice_number, one.balance_cents) for one in draw(household).movements] == [
        ("invoiced", "F1", 2_000),
        ("invoiced", "F2", 5_000),
        ("paid", "F1", 3_000),
        ("paid", "F2", 2_500),
    ]


def test_a_payment_made_here_is_named_one_made_elsewhere_is_not(household, draw):
    invoice = make_invoice(household, issued_on=BEFORE)
    moment = clock.noon(FIRST)
    pay_elsewhere((invoice, 100), reference="EXT-9", resolved_at=moment)
    here = pay_elsewhere((invoice, 200), reference="PX7K-2M4Q", source="portal", method="card", resolved_at=moment)
    note = take_back(here, 200, owed_again=True, issued_at=moment)
    documents = {(one.kind, one.cents): one.document for one in draw(household).movements}
    assert documents == {("paid", -100): "", ("paid", -200): "PX7K-2M4Q", ("reversed", 200): note.number}


@pytest.mark.parametrize("state", [Payment.UNKNOWN, Payment.REFUSED])
def test_what_was_not_received_is_no_payment(household, draw, state):
    make_payment_under_way(make_invoice(household, issued_on=BEFORE), state=state, resolved_at=clock.noon(FIRST))
    assert draw(household).closing_cents == 10_000


def test_each_household_has_its_own_and_one_of_two_may_have_both(household, draw):
    other = make_household()
    for one, cents in ((household, 1_000), (other, 20_000)):
        for day in (BEFORE, FIRST):
            payment = pay_elsewhere((make_invoice(one, cents, issued_on=day), cents), resolved_at=clock.noon(day))
            take_back(payment, cents // 10, owed_again=True, issued_at=clock.noon(day))
    assert (draw(household).opening_cents, draw(household).closing_cents) == (100, 200)
    assert draw(household, other).closing_cents == 4_200
    assert draw().movements == []


def test_one_invoice_moves_by_itself_and_a_cancelled_one_not_at_all(household):
    invoice, other = make_invoice(household), make_invoice(household)
    payment = pay_elsewhere((invoice, 4_000), (other, 1_000))
    note = take_back(payment, 1_500, shares={invoice.lines.get().id: 1_500})
    moved = [(one.kind, one.document, one.cents, one.balance_cents) for one in account_statement.of_invoice(invoice)]
    assert moved == [
        (account_statement.PAID, "", -4_000, 6_000),
        (account_statement.CREDITED, note.number, -1_500, 4_500),
        (account_statement.REFUNDED, note.number, 1_500, 6_000),
    ]
    assert account_statement.of_invoice(make_invoice(household, status="cancelled")) == []
