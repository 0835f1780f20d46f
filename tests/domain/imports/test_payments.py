"""Payments taken elsewhere: booked once, and what cannot be booked left to a person."""

from datetime import date, datetime

import pytest

from domain.billing import overpayments
from domain.billing.listener import Listener
from domain.common import clock
from domain.imports import payments
from domain.imports.outcome import Outcome, Reason
from models import Invoice, LedgerEntry, Payment, PaymentEvent
from tests.factories import make_household, make_invoice, make_payment_under_way, make_person, pay_elsewhere
from tests.imports import bring_in, told

DAY = date(2026, 11, 23)


@pytest.fixture
def invoice(db) -> Invoice:
    return make_invoice(make_household(), 10_000, number="F1")


def row(key: str = "C1", **values) -> dict:
    defaults = {"payment": key, "invoice_number": "F1", "paid_on": DAY, "amount": 4_000, "method": "cash", "payer": ""}
    return defaults | values


def brings(*rows: dict) -> Outcome:
    """Bring rows in as `flask import` does, the first being line 2."""
    return bring_in(told(payments.plan, Listener()), *rows)


def left(invoice: Invoice) -> int:
    return Invoice.get_by_id(invoice.id).balance_cents


def test_a_payment_is_booked_at_noon_of_its_day_with_its_payer_and_its_event(invoice):
    payer = make_person(invoice.household)
    assert brings(row(payer=payer.card_number)).created == 1
    booked = Payment.get()
    assert (booked.reference, booked.source, booked.payer, booked.state) == ("EXT-C1", "import", payer, "paid")
    assert booked.resolved_at == booked.created_at == datetime(2026, 11, 23, 17)
    assert (left(invoice), booked.amount_cents, booked.account_id) == (6_000, 4_000, None)
    event = PaymentEvent.get()
    assert (event.payment, event.name, event.to_state, event.cause) == (booked, "imported", "paid", "import")
    posted = LedgerEntry.select().where(LedgerEntry.posting == "payment:EXT-C1")
    assert sorted((entry.account, entry.debit_cents - entry.credit_cents) for entry in posted) == [
        ("cash", 4_000),
        ("receivable", -4_000),
    ]


def test_the_same_rows_again_change_nothing(invoice):
    rows = [row("C1", payer=make_person(invoice.household).card_number), row("C2", method="cheque")]
    brings(*rows)
    assert brings(*rows) == Outcome(unchanged=2)
    assert (left(invoice), Payment.select().count()) == (2_000, 2)


@pytest.mark.parametrize(
    "change",
    [{"amount": 4_001}, {"paid_on": date(2026, 11, 22)}, {"method": "cheque"}, {"payer": ""}, {"invoice_number": "F2"}],
)
def test_one_that_changed_since_is_left_to_a_person(invoice, change):
    make_invoice(make_household(), number="F2")
    first = row(payer=make_person(invoice.household).card_number)
    brings(first)
    outcome = brings(first | change)
    assert [(problem.line, problem.column) for problem in outcome.left_alone] == [(2, "payment")]
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 0)
    assert (left(invoice), Payment.select().count()) == (6_000, 1)


def test_the_rows_of_one_file_share_what_an_invoice_owes_and_the_rest_is_owed_back(invoice):
    rows = [row(key, amount=cents, method="cheque") for key, cents in (("C1", 9_999), ("C2", 3), ("C3", 1))]
    outcome = brings(*rows)
    assert outcome.left_alone == []
    some, all_of_it = (outcome.written[line] for line in (3, 4))
    told = {"payment": "C2", "invoice": "F1", "too_much_cents": 2, "left_cents": 1}
    assert (some.reason, some.values) == (Reason.PAYS_TOO_MUCH, told)
    assert (all_of_it.reason, all_of_it.values["too_much_cents"]) == (Reason.PAYS_SETTLED, 1)
    assert (outcome.created, left(invoice)) == (3, 0)
    assert [one.amount_cents for one in overpayments.owed()] == [2, 1]
    assert brings(*rows) == Outcome(unchanged=3)


def test_paid_online_and_at_the_counter_the_second_money_is_owed_back(invoice):
    pay_elsewhere((invoice, 10_000), method="card", source="portal")
    outcome = brings(row(amount=10_000))
    assert (outcome.created, outcome.left_alone, list(outcome.written)) == (1, [], [2])
    assert [(one.payment.reference, one.amount_cents) for one in overpayments.owed()] == [("EXT-C1", 10_000)]


def test_cash_to_the_nickel_settles(invoice):
    rows = [row(amount=9_998)]
    assert brings(*rows).written == {}
    assert left(invoice) == 0
    assert brings(*rows) == Outcome(unchanged=1)


def test_one_cheque_for_several_invoices_is_one_payment(invoice):
    other = make_invoice(make_household(), 3_000, number="F2")
    cheque = {"method": "cheque", "amount": 3_000}
    rows = [row("C1", **cheque), row("C1", invoice_number="F2", **cheque)]
    assert brings(*rows).created == 1
    assert Payment.get().amount_cents == 6_000
    assert (left(invoice), left(other)) == (7_000, 0)
    assert brings(*rows) == Outcome(unchanged=1)
    [problem] = brings(rows[0]).left_alone
    assert problem.column == "payment"


def test_one_of_several_being_paid_by_card_has_the_whole_cheque_wait(invoice):
    other = make_invoice(make_household(), 3_000, number="F2")
    make_payment_under_way(other)
    outcome = brings(row("C1", method="cheque"), row("C1", method="cheque", invoice_number="F2"))
    assert [(problem.line, problem.column) for problem in outcome.left_alone] == [(3, "invoice_number")]
    assert not Payment.select().where(Payment.reference == "EXT-C1").exists()


def test_a_cancelled_invoice_takes_nothing(invoice):
    Invoice.update(status=Invoice.CANCELLED).execute()
    [problem] = brings(row()).left_alone
    assert (problem.reason, problem.values["invoice"]) == (Reason.PAYS_CANCELLED, "F1")
    assert not Payment.select().exists()


def test_an_invoice_being_paid_by_card_waits_for_the_next_import_its_earlier_payments_being_known(invoice):
    other = make_invoice(make_household(), number="F2")
    brings(row("C1"))
    under_way = make_payment_under_way(Invoice.get_by_id(invoice.id))
    outcome = brings(row("C1"), row("C2"), row("C3", invoice_number="F2"))
    assert [(problem.line, problem.column) for problem in outcome.left_alone] == [(3, "invoice_number")]
    assert (outcome.unchanged, outcome.created) == (1, 1)
    assert (left(invoice), left(other)) == (6_000, 6_000)
    under_way.invoice_links.get().delete_instance()
    assert brings(row("C2")).created == 1


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"payment": "C1"}, "payment"),
        ({"invoice_number": "F404"}, "invoice_number"),
        ({"payer": "QMAGB00000404"}, "payer"),
        ({"amount": 0}, "amount"),
    ],
)
def test_one_wrong_row_has_the_whole_file_refused(invoice, change, column):
    outcome = brings(row("C1"), row("C2") | change)
    assert [(problem.line, problem.column) for problem in outcome.rejected] == [(3, column)]
    assert (outcome.created, left(invoice)) == (0, 10_000)
    assert not Payment.select().exists()


def test_a_payment_made_here_is_not_taken_for_one_of_the_file(invoice):
    Payment.create(reference="C1", amount_cents=4_000, method="cash", state=Payment.REFUSED, resolved_at=clock.now())
    assert brings(row("C1")).created == 1
