"""The life of a payment where things go wrong: each invoice charged at most once, every charge found."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from domain.billing import ledger
from domain.common import clock
from domain.common.alerts import Kind
from domain.common.lifecycle import NoSuchMove
from domain.payments import lifecycle, reconciliation, unmatched_charges
from models import (
    Alert,
    Invoice,
    LedgerEntry,
    Message,
    Payment,
    PaymentEvent,
    PaymentInvoice,
    Receipt,
    UnmatchedCharge,
)
from tests.factories import make_invoice, make_payment_under_way, pay_elsewhere


@pytest.fixture
def member(citizen, simulator):
    citizen.joins()
    return citizen


def give_back_unmatched(context) -> None:
    UnmatchedCharge.update(due_at=clock.now()).execute()
    for charge_id in unmatched_charges.due_for_work():
        unmatched_charges.advance(charge_id, context)


def charged_while(member, paying, simulator, changes) -> Payment:
    """Have a card charged, its invoice changed before the answer is found, and the charge found."""
    simulator.breaks("sale", "answer_lost")
    invoice = make_invoice(member.household, 10_000)
    payment = member.payment(member.pays(invoice))
    paying()
    changes(invoice)
    paying()
    return Payment.get_by_id(payment.id)


def pays_at_the_counter(invoice: Invoice) -> None:
    pay_elsewhere((invoice, 10_000))


def is_cancelled(invoice: Invoice) -> None:
    Invoice.update(status=Invoice.CANCELLED).where(Invoice.id == invoice.id).execute()


def states(simulator) -> list[str]:
    return sorted(row["status"] for row in simulator.transactions())


def test_every_change_is_recorded_with_its_cause(member, paying):
    member.pays(make_invoice(member.household))
    paying()
    events = [(e.name, e.from_state, e.to_state, e.cause) for e in PaymentEvent.select().order_by(PaymentEvent.id)]
    assert events == [
        ("created", "", "created", "browser"),
        ("submitted", "created", "submitted", "worker"),
        ("charged", "submitted", "paid", "worker"),
    ]


def test_two_charges_of_one_reference_leave_one_and_the_other_goes_back(member, paying, simulator, gateway, context):
    simulator.breaks("sale", "duplicate")
    member.pays(make_invoice(member.household))
    paying()
    differences = reconciliation.match(clock.today(), context)
    assert [(d.reference, d.cents) for d in differences] == [(Payment.get().reference, 10_000)]
    give_back_unmatched(context)
    assert states(simulator) == ["submitted_for_settlement", "voided"]
    assert Invoice.get().balance_cents == 0


def test_two_charges_found_after_a_lost_answer_leave_one(member, paying, simulator, context):
    simulator.breaks("sale", "answer_lost")
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    context.gateway.charge(payment.reference, payment.amount_cents, "fake-valid-mastercard-nonce")
    paying()
    give_back_unmatched(context)
    assert states(simulator).count("submitted_for_settlement") == 1
    assert Payment.get().state == "paid"


def test_another_amount_than_asked_goes_back_and_the_invoice_stays_due(member, paying, simulator, context):
    simulator.breaks("sale", "wrong_amount")
    payment = member.payment(member.pays(make_invoice(member.household, 10_000)))
    paying()
    assert Payment.get().state == "unexpected"
    assert Invoice.get().balance_cents == 10_000
    assert Alert.get().kind == Kind.UNMATCHED_CHARGE
    page = f"/mon-dossier/paiements/{payment.reference}"
    assert "un autre montant que celui de vos factures" in member.client.get(page).text
    assert "vous rendons cet argent" in member.client.get(page).text
    give_back_unmatched(context)
    assert states(simulator) == ["voided"]
    assert "vous a été rendu le" in member.client.get(page).text
    assert not Receipt.select().exists()


MEANWHILE = [pays_at_the_counter, is_cancelled]


@pytest.mark.parametrize("changes", MEANWHILE)
def test_a_payment_of_an_invoice_meanwhile_paid_or_cancelled_is_never_sent(member, paying, simulator, changes):
    invoice = make_invoice(member.household, 10_000)
    payment = member.payment(member.pays(invoice))
    changes(invoice)
    paying()
    assert Payment.get_by_id(payment.id).refusal == "changed"
    assert simulator.transactions() == []


@pytest.mark.parametrize("changes", MEANWHILE)
def test_a_charge_for_an_invoice_meanwhile_paid_or_cancelled_goes_back(member, paying, simulator, context, changes):
    assert charged_while(member, paying, simulator, changes).state == "unexpected"
    give_back_unmatched(context)
    assert states(simulator) == ["voided"]
    assert UnmatchedCharge.get().returned_at
    owed_back = LedgerEntry.select().where(LedgerEntry.account == ledger.OWED_BACK)
    assert sum(entry.debit_cents - entry.credit_cents for entry in owed_back) == 0


def test_one_empty_search_proves_nothing(member, paying, simulator):
    simulator.breaks("sale", "reset")
    member.pays(make_invoice(member.household))
    paying()
    paying()
    assert Payment.get().state == "unknown"


def test_given_up_only_after_the_time_and_two_empty_searches(member, paying, simulator):
    simulator.breaks("sale", "reset")
    member.pays(make_invoice(member.household))
    paying()
    Payment.update(submitted_at=clock.now().replace(year=2020)).execute()
    simulator.breaks("search", "http_500")
    for expected in ("unknown", "unknown", "refused"):
        paying()
        assert Payment.get().state == expected
    assert Payment.get().refusal == "not_found"


def test_a_charge_that_shows_up_later_is_booked_if_still_owed(member, paying, simulator, gateway, context):
    payment = give_up(member, paying, simulator)
    charge = gateway.charge(payment.reference, payment.amount_cents, "fake-valid-nonce")
    assert reconciliation.recheck_given_up(context, since=clock.now().replace(year=2019)) == 1
    assert charge.gateway_id == Payment.get().gateway_id
    assert Payment.get().state == "paid"
    assert Invoice.get().balance_cents == 0


def give_up(member, paying, simulator) -> Payment:
    simulator.breaks("sale", "reset")
    member.pays(make_invoice(member.household))
    paying()
    Payment.update(submitted_at=clock.now().replace(year=2020)).execute()
    paying()
    paying()
    assert Payment.get().state == "refused"
    return Payment.get()


def test_what_a_stopped_process_left_submitted_is_searched_for_never_sent(member, paying, simulator, gateway):
    payment = member.payment(member.pays(make_invoice(member.household)))
    Payment.update(state="submitted", submitted_at=clock.now(), nonce=None).execute()
    gateway.charge(payment.reference, payment.amount_cents, "fake-valid-nonce")
    assert lifecycle.resume() == 1
    paying()
    assert Payment.get().state == "paid"
    assert len(simulator.transactions()) == 1


def test_a_payment_left_unsent_for_long_is_not_sent_behind_someones_back(member, paying, simulator):
    member.pays(make_invoice(member.household))
    Payment.update(created_at=clock.now().replace(year=2020)).execute()
    paying()
    assert Payment.get().refusal == "stopped"
    assert simulator.transactions() == []


def test_the_transition_table_knows_every_state():
    states = set(lifecycle.TRANSITIONS)
    assert set().union(*lifecycle.TRANSITIONS.values()) <= states
    assert set(Payment.OPEN_STATES) | set(Payment.BOOKED_STATES) | {"refused", "unexpected"} == states


def test_a_move_that_is_not_in_the_table_is_refused(member, paying):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    with pytest.raises(NoSuchMove):
        lifecycle.move(Payment.get_by_id(payment.id), Payment.CREATED, "again", "test")
    assert Payment.get_by_id(payment.id).state == Payment.PAID


def test_the_drawing_in_the_docs_is_the_transition_table():
    drawn = re.findall(r"^    (\w+) --> (\w+)", Path("docs/payments.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(drawn) == sorted((state, next_) for state, after in lifecycle.TRANSITIONS.items() for next_ in after)


def test_the_sweep_gives_back_once_what_is_no_longer_owed_and_leaves_it_alone_after(
    member, paying, simulator, gateway, context
):
    payment = give_up(member, paying, simulator)
    Invoice.update(status="cancelled").execute()
    gateway.charge(payment.reference, payment.amount_cents, "fake-valid-nonce")
    found = [reconciliation.recheck_given_up(context, since=clock.now().replace(year=2019)) for _ in range(2)]
    assert found == [1, 0]
    assert Payment.get().state == "unexpected"


def test_the_sweep_books_one_of_two_charges_and_the_other_goes_back(member, paying, simulator, gateway, context):
    payment = give_up(member, paying, simulator)
    for card in ("fake-valid-nonce", "fake-valid-mastercard-nonce"):
        gateway.charge(payment.reference, payment.amount_cents, card)
    assert reconciliation.recheck_given_up(context, since=clock.now().replace(year=2019)) == 1
    give_back_unmatched(context)
    assert states(simulator) == ["submitted_for_settlement", "voided"]
    assert Payment.get().state == "paid"


def test_an_invoice_is_under_way_until_its_own_payment_ends(member, paying, simulator):
    other = make_payment_under_way(make_invoice(member.household), state=Payment.SUBMITTED)
    simulator.breaks("sale", "answer_lost")
    payment = member.payment(member.pays(make_invoice(member.household)))

    def open_ones() -> set[int]:
        return {link.payment_id for link in PaymentInvoice.select().where(PaymentInvoice.is_open)}

    for ended in (False, True):
        paying()
        assert Payment.get_by_id(payment.id).is_open is not ended
        assert open_ones() == ({other.id} if ended else {other.id, payment.id})


@pytest.mark.parametrize("changes", MEANWHILE)
def test_what_could_charge_a_card_is_kept_no_longer_than_needed(member, paying, changes):
    invoice = make_invoice(member.household, 10_000)
    payment = member.payment(member.pays(invoice))
    assert Payment.get_by_id(payment.id).nonce
    changes(invoice)
    paying()
    assert Payment.get_by_id(payment.id).nonce is None


def test_one_invoice_of_two_that_owes_no_more_keeps_the_whole_from_being_sent(member, paying, simulator):
    first, second = make_invoice(member.household, 10_000), make_invoice(member.household, 300)
    payment = member.payment(member.pays(first, second))
    is_cancelled(second)
    paying()
    assert Payment.get_by_id(payment.id).refusal == "changed"
    assert simulator.transactions() == []


def test_a_payment_whose_end_is_known_is_not_searched_for(member, paying, simulator, context):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    now = clock.now()
    Payment.update(due_at=now).execute()
    assert lifecycle.due_for_work(now) == []
    simulator.breaks("search", "http_500")
    lifecycle.advance(payment.id, context)
    assert Payment.get_by_id(payment.id).due_at == now
    assert [fault["happened"] for fault in simulator.ask("GET", "faults").json()] == [0]


def test_once_charged_it_is_asked_about_within_a_day_and_not_before(member, paying):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    due_in = Payment.get_by_id(payment.id).due_at - clock.now()
    assert lifecycle.FOLLOWED_AFTER / 2 < due_in <= lifecycle.FOLLOWED_AFTER


def test_empty_searches_are_counted_one_by_one_and_a_search_that_failed_begins_anew(member, paying, simulator):
    simulator.breaks("sale", "reset")
    member.pays(make_invoice(member.household))
    paying()
    Payment.update(submitted_at=clock.now() + timedelta(hours=1)).execute()  # it is too early to give it up
    for fails, counted in ((False, 1), (False, 2), (False, 3), (True, 0), (False, 1)):
        if fails:
            simulator.breaks("search", "http_500")
        paying()
        assert (Payment.get().empty_looks, Payment.get().state) == (counted, "unknown")


def test_a_charge_found_by_two_at_once_is_booked_by_the_first_alone(member, paying, simulator, gateway, context):
    payment = member.payment(member.pays(make_invoice(member.household, 10_000)))
    Payment.update(state=Payment.SUBMITTED, submitted_at=clock.now(), nonce=None).execute()
    found = [gateway.charge(payment.reference, payment.amount_cents, "fake-valid-nonce")]
    first, second = Payment.get(), Payment.get()  # each as both saw it before either booked
    lifecycle.resolve(first, found, context)
    booked = Invoice.get().paid_cents, Receipt.select().count(), LedgerEntry.select().count(), Message.select().count()
    Invoice.update(total_cents=30_000).execute()  # so that the database would take it a second time
    lifecycle.resolve(second, found, context)
    now = Invoice.get().paid_cents, Receipt.select().count(), LedgerEntry.select().count(), Message.select().count()
    Invoice.update(total_cents=10_000).execute()
    assert (now, Payment.get().state, UnmatchedCharge.select().count()) == (booked, "paid", 0)
