"""Charges of ours that the restored copy does not know: booked when it is certain what they paid, else held."""

from dataclasses import replace

import pytest
from peewee import OperationalError

from commands.findings import tell
from domain.billing.listener import Listener
from domain.common import alerts
from domain.common.alerts import Kind
from domain.common.facts import Fact
from domain.payments import checkout, recovered_charges
from domain.payments.findings import Finding
from domain.payments.gateway import Charge, Item, Uncertain
from domain.payments.recovered_charges import HELD, Held
from models import Alert, Invoice, Payment, write
from tests.factories import make_account, make_household, make_invoice, make_payment_under_way, pay_elsewhere


@pytest.fixture
def lost(simulator, gateway):
    """Return what charges a card as this portal did after the copy was taken: (invoice number, cents) each."""

    def charge(*parts: tuple[str, int], payer: object = "", items: bool = True) -> Charge:
        kept = [Item(number, cents, str(payer)) for number, cents in parts] if items else []
        return gateway.charge(checkout.new_reference(), sum(cents for _, cents in parts), "fake-valid-nonce", kept)

    return charge


def balances(*invoices: Invoice) -> list[int]:
    return [Invoice.get_by_id(invoice.id).balance_cents for invoice in invoices]


def is_held(charge: Charge, context) -> None:
    """Hold that a charge is left as it is, and put before a person."""
    with pytest.raises(Held) as held:
        recovered_charges.book(charge, context)
    told = {"reference": charge.reference, "amount_cents": charge.amount_cents}
    assert held.value.fact == Fact(Kind.CHARGE_HELD, told)
    assert not Payment.select().where(Payment.reference == charge.reference).exists()
    assert Alert.get(Alert.kind == HELD, Alert.subject == charge.gateway_id).closed_at is None


@pytest.mark.parametrize("reference", ["biblio-55", "P123-4567", "PX7K-2M4Q-1", "xPX7K-2M4Q", ""])
def test_what_another_system_charged_is_not_ours(app, simulator, gateway, reference):
    assert not recovered_charges.is_ours(gateway.charge(reference, 700, "fake-valid-nonce"))


def test_what_a_payment_here_knows_needs_no_finding(home, lost):
    charge = lost(("F1", 700))
    assert recovered_charges.is_ours(charge)
    make_payment_under_way(make_invoice(home, 700), reference=charge.reference)
    assert not recovered_charges.is_ours(charge)


def test_it_is_booked_onto_what_was_kept_beside_it_as_the_payer_made_it(account, home, lost, context):
    one, other, left = (make_invoice(home, 10_000) for _ in range(3))
    pay_elsewhere((other, 4_000))
    charge = lost((one.number, 10_000), (other.number, 6_000), payer=account.person_id)
    told = {"reference": charge.reference, "amount_cents": 16_000, "invoices": f"{one.number}, {other.number}"}
    assert recovered_charges.book(charge, context) == Fact(Finding.CHARGE, told)
    assert balances(one, other, left) == [0, 0, 10_000]
    payment = Payment.get(Payment.reference == charge.reference)
    assert (payment.state, payment.gateway_id, payment.amount_cents) == ("paid", charge.gateway_id, 16_000)
    assert (payment.account, payment.payer) == (account, account.person)
    assert payment.created_at == payment.submitted_at == charge.made_at
    assert [(event.name, event.to_state, event.cause) for event in payment.events] == [
        ("found", "submitted", "restore"),
        ("charged", "paid", "restore"),
    ]
    assert not Alert.select().exists()


@pytest.mark.parametrize("payer", ["", "999999", "O'Brien", "somebody of another household"])
def test_a_payer_who_is_not_in_the_copy_or_not_of_the_household_is_nobody(account, home, lost, context, payer):
    stranger = make_account()
    invoice = make_invoice(home, 700)
    recovered_charges.book(lost((invoice.number, 700), payer=stranger.person_id if " " in payer else payer), context)
    payment = Payment.get()
    assert (payment.state, payment.account, payment.payer) == ("paid", None, None)


def test_one_that_also_paid_an_unknown_invoice_is_held_whole(home, lost, context):
    known = make_invoice(home, 10_000)
    is_held(lost((known.number, 10_000), ("F-NEW", 5_000)), context)
    assert balances(known) == [10_000]


def test_one_whose_invoice_owes_less_or_was_cancelled_is_held(home, lost, context):
    paid, cancelled = make_invoice(home, 10_000), make_invoice(home, 5_000, status=Invoice.CANCELLED)
    pay_elsewhere((paid, 1))
    is_held(lost((paid.number, 10_000)), context)
    is_held(lost((cancelled.number, 5_000)), context)


def test_without_line_items_the_only_sum_of_one_households_balances_is_booked_and_verified(home, lost, context):
    one, other, left = (make_invoice(home, cents) for cents in (4_200, 5_000, 900))
    pay_elsewhere((other, 3_700))
    make_invoice(home, 5_500, status=Invoice.CANCELLED)
    make_invoice(home, 0)
    parts = [make_invoice(make_household(), cents) for cents in (4_200, 1_300)]  # of two households: no payment's
    charge = lost((one.number, 5_500), items=False)
    fact = recovered_charges.book(charge, context)
    assert fact.key == Kind.CHARGE_GUESSED
    assert balances(one, other, left, *parts) == [0, 0, 900, 4_200, 1_300]
    told = [(alert.kind, alert.subject, alert.values) for alert in Alert.select()]
    assert told == [(fact.key, charge.reference, fact.values)]


def test_two_sums_that_would_do_are_left_to_a_person(home, lost, context):
    invoices = [make_invoice(home, cents) for cents in (100, 200, 300)]
    is_held(lost(("", 300), items=False), context)
    assert balances(*invoices) == [100, 200, 300]


@pytest.mark.parametrize(("owed", "is_booked"), [(12, True), (13, False)])
def test_a_household_that_owes_very_many_is_not_guessed_at_for_ever(home, lost, context, owed, is_booked):
    for n in range(owed):
        make_invoice(home, 2**n)
    charge = lost(("", 2**owed - 1), items=False)
    if is_booked:
        recovered_charges.book(charge, context)
        assert set(balances(*Invoice.select())) == {0}
    else:
        is_held(charge, context)


def test_among_very_many_invoices_one_that_fits_may_have_a_twin_and_is_left_to_a_person(home, lost, context):
    for cents in (700, *range(1_000, 1_011), 700):
        make_invoice(home, cents)
    is_held(lost(("", 700), items=False), context)


def test_a_gateway_that_does_not_answer_is_asked_again_and_nothing_is_guessed(home, lost, context, simulator):
    invoice = make_invoice(home, 700)
    charge = lost((invoice.number, 700))
    simulator.breaks("find", "http_500")  # the line items
    with pytest.raises(Uncertain):
        recovered_charges.book(charge, context)
    assert balances(invoice) == [700]
    assert not Alert.select().exists()


def test_what_is_held_is_booked_once_its_invoice_is_brought_in(home, lost, context, simulator):
    found, voided, waits = (lost((number, 700)) for number in ("F-1", "F-2", "F-3"))
    for charge in (found, voided, waits):
        is_held(charge, context)
    alerts.raise_alert(HELD, "lost", reference="P222-3333", amount_cents=1)
    make_invoice(home, 700, number="F-1")
    make_invoice(home, 700, number="F-2")
    simulator.ask("POST", f"transactions/{voided.gateway_id}/status", status="voided")
    lines = {f"{found.reference} : retrouvé, 7,00\u00a0$ pour F-1", f"{voided.reference} : annulé chez Braintree"}
    assert {tell(fact) for fact in recovered_charges.book_held(context)} == lines
    assert {alert.subject for alert in alerts.open_alerts()} == {waits.gateway_id, "lost"}
    assert [payment.reference for payment in Payment.select()] == [found.reference]
    assert recovered_charges.book_held(context) == []


def test_money_held_is_not_forgotten_because_somebody_closed_its_alert(home, lost, context):
    charge = lost(("F-1", 700))
    is_held(charge, context)
    with write():
        alerts.close(Alert.get().id)
    assert recovered_charges.book_held(context) == []
    assert [alert.subject for alert in alerts.open_alerts()] == [charge.gateway_id]
    with write():
        alerts.close(Alert.get().id)
    make_invoice(home, 700, number="F-1")
    assert [fact.key for fact in recovered_charges.book_held(context)] == [Finding.CHARGE]
    assert alerts.open_alerts() == []


def test_what_was_booked_meanwhile_is_held_no_more(home, lost, context):
    charge = lost(("F-1", 700))
    is_held(charge, context)
    make_invoice(home, 700, number="F-1")
    recovered_charges.book(charge, context)
    assert [tell(fact) for fact in recovered_charges.book_held(context)] == [f"{charge.reference} : en route"]
    assert alerts.open_alerts() == []
    assert Payment.select().count() == 1


def test_cut_short_it_leaves_nothing_that_the_worker_would_take_for_its_own(home, lost, context):
    class Full(Listener):
        def settled(self, invoice):
            raise OperationalError("database or disk is full")

    make_invoice(home, 700, number="F-1")
    charge = lost(("F-1", 700))
    with pytest.raises(OperationalError):
        recovered_charges.book(charge, replace(context, listener=Full()))
    assert not Payment.select().exists()
    assert recovered_charges.is_ours(charge)
