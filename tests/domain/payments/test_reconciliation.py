"""The daily match: what the gateway and the books say of a day, one by one."""

from datetime import timedelta

import pytest

from adapters.braintree.gateway import BraintreeGateway
from domain.billing import allocation, credit_notes
from domain.billing.listener import Listener
from domain.common import clock, jobs
from domain.payments import deposits, lifecycle, reconciliation, refunds, settlement
from domain.payments.context import Context
from domain.payments.gateway import Uncertain
from models import Alert, CreditNote, Invoice, Payment, Refund, UnmatchedCharge, write
from settings import load
from tests.factories import make_invoice
from views.messages import facts


@pytest.fixture
def payment(citizen, simulator, paying) -> Payment:
    citizen.joins()
    citizen.pays(make_invoice(citizen.household, 10_000))
    paying()
    return Payment.get()


@pytest.fixture
def match_today(context):
    return lambda: [(d.reference, d.cents) for d in reconciliation.match(clock.today(), context)]


def status(simulator, payment, word) -> None:
    simulator.ask("POST", f"transactions/{payment.gateway_id}/status", status=word)


def test_a_day_that_agrees_has_no_difference(payment, match_today):
    assert match_today() == []
    assert not Alert.select().exists()


def test_a_charge_of_another_system_is_reported_and_left_alone(payment, match_today, gateway, simulator):
    gateway.charge("biblio-55", 700, "fake-valid-nonce")
    assert match_today() == [("biblio-55", 700)]
    assert not UnmatchedCharge.select().exists()
    assert facts.alert(Alert.get()).startswith("biblio-55\u00a0: 7,00\u00a0$, inconnu ici\u00a0: débit ")


def test_a_payment_the_gateway_does_not_know_is_reported(payment, match_today, simulator):
    simulator.ask("POST", "reset")
    assert match_today() == [(payment.reference, 10_000)]


def test_a_payment_declined_at_settlement_is_taken_back_not_reported(payment, match_today, simulator):
    status(simulator, payment, "settlement_declined")
    assert match_today() == []
    assert Payment.get().state == "settlement_declined"
    assert Invoice.get().balance_cents == 10_000


def test_an_amount_that_differs_is_reported_in_cents(payment, match_today):
    Payment.update(amount_cents=9_000).execute()
    assert match_today() == [(payment.reference, 1_000)]


def test_a_refund_made_elsewhere_is_reported(payment, match_today, gateway, simulator):
    simulator.ask("POST", "settle-all")
    gateway.give_back(payment.gateway_id, 300)
    assert match_today() == [(payment.reference, -300)]


def test_a_refund_made_here_agrees(payment, match_today, gateway, simulator, context):
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(payment, 300, 10_000, "absence").id, context)
    assert match_today() == []


def test_a_refund_the_gateway_does_not_know_is_reported(payment, match_today):
    Refund.create(
        payment=payment, amount_cents=300, cause="staff", state="done", submitted_at=clock.now(), gateway_id="nowhere"
    )
    assert match_today() == [(payment.reference, -300)]


def test_days_when_nobody_could_ask_are_matched_later(payment, gateway, context, simulator):
    yesterday = clock.today() - timedelta(days=1)
    jobs.done(reconciliation.DAILY, yesterday - timedelta(days=3))
    simulator.breaks("search", "http_500")
    with pytest.raises(Uncertain):
        reconciliation.match_days_due(context)
    assert jobs.done_until(reconciliation.DAILY) == yesterday - timedelta(days=3)
    simulator.ask("POST", "faults", call="search", fault="slow", seconds=0, times=0)
    reconciliation.match_days_due(context)
    assert jobs.done_until(reconciliation.DAILY) == yesterday
    [asked] = simulator.ask("GET", "faults").json()
    assert asked["happened"] >= 3 * 3  # charges, refunds and disputes of three days


def test_a_dispute_lost_that_no_webhook_told_is_found(payment, match_today, gateway, context, simulator):
    simulator.ask("POST", "settle-all")
    settlement.follow(payment.gateway_id, context.because("sweep"))
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=payment.gateway_id)
    match_today()
    assert Payment.get().state == "charged_back"
    assert Invoice.get().balance_cents == 10_000


@pytest.mark.parametrize("days", [1, 3, 29])
def test_a_dispute_received_days_ago_is_found_without_any_notice(payment, match_today, simulator, days):
    simulator.ask("POST", "settle-all")
    received = (clock.today() - timedelta(days=days)).isoformat()
    how = {"kind": "dispute_lost", "transaction": payment.gateway_id, "received_date": received}
    simulator.ask("POST", "webhook", **how)
    Payment.update(submitted_at=clock.now() - timedelta(days=40)).execute()  # long matched itself
    assert match_today() == []
    assert Payment.get().state == Payment.CHARGED_BACK


@pytest.mark.parametrize("state", [*Payment.REVERSED_STATES])
def test_a_live_charge_of_a_payment_taken_back_here_is_a_difference(payment, match_today, simulator, state):
    simulator.ask("POST", "settle-all")
    with write():
        shares = allocation.in_proportion(payment, 10_000)
        credit_notes.issue(payment, shares, reason=state, owed_again=True, listener=Listener())
        Payment.update(state=state).execute()
    assert match_today() == [(payment.reference, 10_000)]


def test_a_payment_refunded_by_a_void_that_is_live_there_is_a_difference(payment, match_today, simulator, context):
    refunds.advance(refunds.ask(payment, 10_000, 10_000, "absence").id, context)
    assert match_today() == []
    status(simulator, payment, "settled")
    assert match_today() == [(payment.reference, 10_000)]


def test_what_a_dispute_took_is_no_difference_once_it_is_won(payment, match_today, simulator, context):
    simulator.ask("POST", "settle-all")
    for kind in ("dispute_lost", "dispute_won"):
        simulator.ask("POST", "webhook", kind=kind, transaction=payment.gateway_id)
        if kind == "dispute_lost":
            settlement.follow(payment.gateway_id, context)
    assert match_today() == []
    assert (Payment.get().state, Invoice.get().balance_cents) == (Payment.SETTLED, 0)


@pytest.mark.parametrize("part", ["charges", "refunds", "disputes"])
def test_a_search_that_fails_hides_nothing_of_the_others(payment, match_today, gateway, simulator, part):
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=payment.gateway_id)
    gateway.charge("biblio-55", 700, "fake-valid-nonce")
    Refund.create(
        payment=payment, amount_cents=300, cause="staff", state="done", submitted_at=clock.now(), gateway_id="nowhere"
    )
    # a search that finds something asks twice, for the ids, then for the rows: the charges do, the refunds do not
    before = {"charges": 0, "refunds": 2, "disputes": 3}[part]
    if before:
        simulator.breaks("search", "slow", seconds=0, times=before)
    simulator.breaks("search", "http_500")
    with pytest.raises(Uncertain):
        match_today()
    told = " ".join(facts.alert(alert) for alert in Alert.select().where(Alert.kind == "daily match"))
    assert ("biblio-55" in told) == (part != "charges")
    assert ("remboursé ici, introuvable" in told) == (part != "refunds")
    assert CreditNote.select().exists(), "the charge that is gone is asked about, whichever search fails"


def test_a_day_that_fails_stops_no_day_after_it(payment, context, simulator):
    yesterday = clock.today() - timedelta(days=1)
    jobs.done(reconciliation.DAILY, yesterday - timedelta(days=3))
    simulator.breaks("search", "http_500")
    simulator.breaks("search", "slow", seconds=0, times=0)
    with pytest.raises(Uncertain):
        reconciliation.match_days_due(context)
    [others] = simulator.ask("GET", "faults").json()
    assert others["happened"] >= 2 + 2 * 3
    assert jobs.done_until(reconciliation.DAILY) == yesterday - timedelta(days=3)


def test_a_given_up_payment_that_gets_no_answer_stops_no_other(home, charged, gateway, context, simulator):
    simulator.breaks("sale", "http_500", times=2)
    first, second = (charged(make_invoice(home, cents)) for cents in (500, 600))
    gone = {"state": Payment.REFUSED, "refusal": lifecycle.Unsent.NOT_FOUND}
    Payment.update(**gone).where(Payment.id.in_([first.id, second.id])).execute()
    gateway.charge(second.reference, second.amount_cents, "fake-valid-nonce")
    simulator.breaks("search", "http_500")
    with pytest.raises(Uncertain):
        reconciliation.recheck_given_up(context)
    assert Payment.get_by_id(second.id).state == Payment.PAID


def test_another_merchant_accounts_charges_and_refunds_are_none_of_ours(environment, simulator, app):
    ours, library = (
        BraintreeGateway(load(environment | {"SIMULATOR_URL": simulator.url, "BRAINTREE_MERCHANT_ACCOUNT_ID": account}))
        for account in ("loisirs", "biblio")
    )
    fine = library.charge("amende-55", 700, "fake-valid-nonce")
    simulator.ask("POST", "settle-all")
    library.give_back(fine.gateway_id, 300)
    context = Context(ours, app.extensions["portal"].listeners, timedelta(0))
    assert reconciliation.match(clock.today(), context) == []
    assert deposits.of_day(clock.today(), ours) == []
    assert [deposit.charges for deposit in deposits.of_day(clock.today(), library)] == [1]
    assert not Alert.select().exists()


def test_a_booked_payment_whose_charge_is_in_another_currency_is_a_difference(payment, match_today, simulator, gateway):
    simulator.ask("POST", "merchant-accounts", id="sandbox_credit_card", currency="USD")
    american = gateway.charge("P222-2222", 10_000, "fake-valid-nonce")
    Payment.update(gateway_id=american.gateway_id).execute()
    assert ("P222-2222", 0) in match_today()
    assert any("USD" in facts.alert(alert) for alert in Alert.select())


@pytest.mark.parametrize("gone", [False, True])
def test_two_differences_of_one_payment_on_one_day_are_both_told(payment, match_today, gateway, gone, simulator):
    simulator.ask("POST", "settle-all")
    for cents in (1_000, 2_000):
        if gone:
            of_it = {"payment": payment, "amount_cents": cents, "gateway_id": f"nowhere {cents}"}
            Refund.create(**of_it, cause="staff", state=Refund.DONE, submitted_at=clock.now())
        else:
            gateway.give_back(payment.gateway_id, cents)
    for _ in range(2):
        assert sorted(match_today()) == [(payment.reference, -2_000), (payment.reference, -1_000)]
    told = [alert.values["amount_cents"] for alert in Alert.select().where(Alert.kind == "daily match")]
    assert sorted(told) == [-2_000, -1_000]


def test_each_further_charge_of_one_reference_is_put_before_a_person(payment, match_today, gateway):
    for cents in (700, 800):
        gateway.charge(payment.reference, cents, "fake-valid-nonce")
    match_today()
    told = [alert.values["amount_cents"] for alert in Alert.select().where(Alert.kind == "daily match")]
    assert sorted(told) == [700, 800]
