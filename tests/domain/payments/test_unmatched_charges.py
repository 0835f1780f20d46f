"""Charges that pay nothing here: noted once, owed back by the ledger, given back once, whoever gives them back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import settlement, unmatched_charges
from domain.payments.context import Context
from domain.payments.gateway import OTHER_ACCOUNT, Charge, Credit
from models import Alert, HandedBack, LedgerEntry, Payment, UnmatchedCharge, write
from tests.factories import make_declined_charge, make_invoice, make_payment_under_way
from views.messages import facts

OWED, RETURNED = UnmatchedCharge.OWED, UnmatchedCharge.RETURNED


class Ear(Listener):
    """Remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[Payment, UnmatchedCharge]] = []

    def unmatched(self, payment: Payment, charge: UnmatchedCharge) -> None:
        self.heard.append((payment, charge))


@pytest.fixture
def payment(home) -> Payment:
    return make_payment_under_way(make_invoice(home, 10_000))


@pytest.fixture
def charge(payment, simulator, gateway) -> Charge:
    """A charge at the gateway under the payment's reference."""
    return gateway.charge(payment.reference, 4_200, "fake-valid-nonce")


@pytest.fixture
def noted(payment, charge, context) -> UnmatchedCharge:
    note(payment, charge, context)
    return UnmatchedCharge.get()


def note(payment: Payment, charge: Charge, context: Context, reason: str = UnmatchedCharge.SECOND) -> None:
    with write():
        unmatched_charges.note(payment, charge, reason, context)


def again(unmatched: UnmatchedCharge) -> UnmatchedCharge:
    return UnmatchedCharge.get_by_id(unmatched.id)


def owed_back() -> int:
    rows = LedgerEntry.select().where(LedgerEntry.account == ledger.OWED_BACK)
    return sum(row.credit_cents - row.debit_cents for row in rows)


def given_back(simulator) -> list[int]:
    return [row["amount_cents"] for row in simulator.transactions() if row["type"] == "credit"]


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (UnmatchedCharge.SECOND, "deuxième débit d’une même référence"),
        (UnmatchedCharge.OTHER_AMOUNT, "un autre montant que celui demandé"),
        (UnmatchedCharge.NOT_OWED, "ces factures n’étaient plus à payer"),
    ],
)
def test_it_is_noted_once_owed_back_and_put_before_a_person(payment, charge, context, reason, why):
    ear = Ear()
    for _ in range(2):
        note(payment, charge, Context(context.gateway, ear, context.uncertain_for), reason)
    [unmatched] = UnmatchedCharge.select()
    assert (unmatched.gateway_id, unmatched.reference, unmatched.amount_cents, unmatched.reason, unmatched.state) == (
        *(charge.gateway_id, payment.reference, 4_200, reason, OWED),
    )
    assert ear.heard == [(payment, unmatched)]
    assert owed_back() == 4_200
    alert = Alert.get()
    assert (alert.kind, alert.subject) == (Kind.UNMATCHED_CHARGE, charge.gateway_id)
    assert facts.alert(alert) == f"{payment.reference}\u00a0: 42,00\u00a0$, {why}"


def test_a_payment_has_its_own_charges_in_the_order_they_were_found(home, payment, noted, context, gateway):
    other = make_payment_under_way(make_invoice(home, 700))
    for paid, cents in ((payment, 100), (other, 200)):
        note(paid, gateway.charge(paid.reference, cents, "fake-valid-nonce"), context)
    assert [charge.amount_cents for charge in unmatched_charges.of(payment)] == [4_200, 100]
    assert [charge.amount_cents for charge in unmatched_charges.of(other)] == [200]


@pytest.mark.parametrize(
    ("state", "minutes", "is_due"),
    [(OWED, 0, True), (OWED, 1, False), (OWED, 19, False), (OWED, 21, True), (RETURNED, 0, False)],
)
def test_it_is_due_at_its_moment_until_it_is_returned(noted, state, minutes, is_due):
    at = clock.now() + timedelta(minutes=minutes)  # further than ever put off: the clock was set back since
    UnmatchedCharge.update(state=state, due_at=at).execute()
    assert unmatched_charges.due_for_work() == [noted.id] * is_due
    UnmatchedCharge.update(state=OWED).execute()  # as the ledger says: the books must agree at the end


@pytest.mark.parametrize("settled", [False, True])
def test_it_goes_back_once_by_a_void_or_once_it_is_settled_by_a_refund(noted, context, simulator, settled):
    if settled:
        simulator.ask("POST", "settle-all")
    for _ in range(2):
        unmatched_charges.advance(noted.id, context)
    back = again(noted)
    assert (back.state, back.words) == (RETURNED, "refunded" if settled else "voided")
    assert clock.now() - back.returned_at < timedelta(minutes=1)
    assert given_back(simulator) == [4_200] * settled
    assert owed_back() == 0


@pytest.mark.parametrize(("call", "fault"), [("find", "http_500"), ("refund", "http_500"), ("refund", "refused")])
def test_without_a_clear_answer_it_stays_owed_and_is_tried_again_in_ten_minutes(noted, context, simulator, call, fault):
    simulator.ask("POST", "settle-all")
    simulator.breaks(call, fault)
    unmatched_charges.advance(noted.id, context)
    waits = again(noted)
    assert (waits.state, waits.returned_at, owed_back()) == (OWED, None, 4_200)
    assert waits.words
    assert timedelta(minutes=9) < waits.due_at - clock.now() <= timedelta(minutes=10)
    unmatched_charges.advance(noted.id, context)
    assert (again(noted).state, owed_back()) == (RETURNED, 0)


def test_one_that_the_gateway_does_not_know_is_asked_about_again(noted, context, simulator):
    simulator.ask("POST", "reset")
    unmatched_charges.advance(noted.id, context)
    assert (again(noted).state, owed_back()) == (OWED, 4_200)


@pytest.mark.parametrize("call", ["void", "refund"])
def test_when_the_answer_is_lost_it_is_asked_about_before_it_is_given_again(noted, context, simulator, call):
    if call == "refund":
        simulator.ask("POST", "settle-all")
    simulator.breaks(call, "answer_lost")
    unmatched_charges.advance(noted.id, context)
    assert again(noted).state == OWED
    unmatched_charges.advance(noted.id, context)
    assert (again(noted).state, again(noted).words) == (RETURNED, "found given back")
    assert given_back(simulator) == [4_200] * (call == "refund")


@pytest.mark.parametrize("status", ["voided", "settlement_declined", "failed"])
def test_what_never_came_or_was_voided_by_somebody_is_owed_back_no_more(noted, context, simulator, status):
    simulator.ask("POST", f"transactions/{noted.gateway_id}/status", status=status)
    unmatched_charges.advance(noted.id, context)
    assert (again(noted).state, again(noted).words, owed_back()) == (RETURNED, "found given back", 0)
    assert given_back(simulator) == []


def test_what_its_holder_took_back_by_a_dispute_is_not_given_a_second_time(noted, context, simulator):
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=noted.gateway_id)
    unmatched_charges.advance(noted.id, context)
    assert (again(noted).state, given_back(simulator)) == (RETURNED, [])


def test_of_what_somebody_gave_back_in_part_the_rest_goes_back(noted, context, gateway, simulator):
    simulator.ask("POST", "settle-all")
    gateway.give_back(noted.gateway_id, 4_000)
    simulator.breaks("refund", "http_500")
    unmatched_charges.advance(noted.id, context)
    assert (again(noted).state, owed_back()) == (OWED, 4_200)
    unmatched_charges.advance(noted.id, context)
    assert (again(noted).state, owed_back()) == (RETURNED, 0)
    assert sorted(given_back(simulator)) == [200, 4_000]


def test_the_last_cent_goes_back_too(noted, context, gateway, simulator):
    simulator.ask("POST", "settle-all")
    gateway.give_back(noted.gateway_id, 4_199)
    unmatched_charges.advance(noted.id, context)
    assert sorted(given_back(simulator)) == [1, 4_199]


def test_what_is_held_keeps_its_amount_until_all_of_it_went_back(payment, charge, context, gateway, simulator):
    note(payment, replace(charge, foreign=OTHER_ACCOUNT), context)
    simulator.ask("POST", "settle-all")
    for part, left in ((1_000, (4_200, "held")), (3_200, (4_200, RETURNED))):
        gateway.give_back(charge.gateway_id, part)
        unmatched_charges.advance(UnmatchedCharge.get().id, context)
        kept = UnmatchedCharge.get()
        assert (kept.amount_cents, kept.state) == left
    assert (owed_back(), sorted(given_back(simulator))) == (0, [1_000, 3_200])


def test_a_refund_that_failed_gave_nothing_back(noted, context, gateway, simulator):
    simulator.ask("POST", "settle-all")
    failed = gateway.give_back(noted.gateway_id, 4_200)
    simulator.ask("POST", f"transactions/{failed.gateway_id}/status", status="failed")
    simulator.breaks("refund", "http_500")
    unmatched_charges.advance(noted.id, context)
    assert again(noted).state == OWED


def test_what_a_dispute_took_of_it_is_not_given_back_a_second_time(noted, context, simulator):
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=noted.gateway_id, amount="10.00")
    unmatched_charges.advance(noted.id, context)
    assert again(noted).state == RETURNED
    assert given_back(simulator) == [3_200]


@pytest.mark.parametrize("amount", ["10.00", "42.00"])
def test_what_a_dispute_takes_after_it_was_given_back_is_lost_and_said_until_it_is_won(
    noted, context, simulator, amount
):
    simulator.ask("POST", "settle-all")
    unmatched_charges.advance(noted.id, context)
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=noted.gateway_id, amount=amount)
    for _ in range(2):
        settlement.follow(noted.gateway_id, context)
    assert ledger.lost_cents(noted.gateway_id) == round(100 * float(amount))
    assert Alert.get(Alert.kind == Kind.LOST_TWICE).closed_at is None
    simulator.ask("POST", "webhook", kind="dispute_won", transaction=noted.gateway_id)
    settlement.follow(noted.gateway_id, context)
    assert ledger.lost_cents(noted.gateway_id) == 0
    assert Alert.get(Alert.kind == Kind.LOST_TWICE).closed_at


WON = UnmatchedCharge.WON_BACK


@pytest.fixture
def parts(payment) -> Payment:
    """What was won of a charge: returned by the gateway, handed back, and owed; and the same of another charge."""
    Payment.update(gateway_id="g").where(Payment.id == payment.id).execute()
    rows = ((3_000, RETURNED, "g"), (12_000, RETURNED, "g"), (3_000, RETURNED, "h"), (3_000, RETURNED, "g"))
    rows += ((500, RETURNED, "g"), (3_000, OWED, "g"))
    for n, (cents, state, gateway_id) in enumerate(rows):
        made = make_declined_charge(payment, cents, times=0, state=state, gateway_id=gateway_id, reason=WON)
        if n in (3, 4):
            how = {"method": "cheque", "given_by": "a", "given_at": made.found_at}
            HandedBack.create(charge=made, amount_cents=cents, **how)
    return Payment.get_by_id(payment.id)


def test_what_was_won_is_counted_by_how_it_went_back(parts):
    assert unmatched_charges.won_back_cents(parts, RETURNED) == 18_500
    assert unmatched_charges.won_back_cents(parts, OWED, RETURNED) == 21_500
    assert unmatched_charges.gone_cents(parts) == 15_000
    assert [unmatched_charges.returned_times(parts, cents) for cents in (3_000, 12_000, 500, 1)] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("charge_id", "cents", "may_be"),
    [("g", 3_000, True), ("g", 12_000, True), ("g", 500, False), ("g", 1, False), ("other", 3_000, False)],
)
def test_a_refund_at_the_gateway_may_be_what_was_won_unless_that_was_handed_back(parts, charge_id, cents, may_be):
    credit = Credit("credit", charge_id, parts.reference, cents, "settled")
    assert unmatched_charges.is_won_back(credit) is may_be


def test_what_the_bank_sends_back_of_it_is_of_what_the_gateway_returned(parts):
    unmatched_charges.owe_again(parts, 3_000)
    now = [(one.amount_cents, one.state) for one in UnmatchedCharge.select().order_by(UnmatchedCharge.id)]
    assert now == [
        *((0, RETURNED), (12_000, RETURNED), (3_000, RETURNED), (3_000, RETURNED), (500, RETURNED), (6_000, OWED)),
    ]
    assert owed_back() == 6_000


@pytest.mark.parametrize(
    ("state", "times", "standing"), [("held", 0, "held"), (OWED, 2, "owed"), (OWED, 1, "unexpected")]
)
def test_it_is_told_as_held_as_a_persons_or_as_what_goes_back_by_itself(payment, state, times, standing):
    assert unmatched_charges.standing_of(payment) == "unexpected"
    foreign = {"reason": UnmatchedCharge.OTHER_CURRENCY} if state == "held" else {}
    make_declined_charge(payment, state=state, times=times, **foreign)
    assert unmatched_charges.standing_of(payment) == standing
