"""What is won of a dispute in parts, its invoices paid otherwise meanwhile: each cent is owed back and returned once.

Of 200 $ lost, 150 $ were paid at the counter: of what is won the invoice takes 50 $, and 150 $ are the payer's.
"""

from threading import Thread
from time import sleep

import pytest
from peewee import IntegrityError, fn

import models
from domain.billing import ledger
from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import reconciliation, refunds, settlement, unmatched_charges
from domain.payments.findings import Mismatch
from models import Alert, CreditNote, Dispute, Invoice, LedgerEntry, Message, Payment, UnmatchedCharge, write
from tests.factories import make_invoice, pay_elsewhere, take_back

OWED, RETURNED = UnmatchedCharge.OWED, UnmatchedCharge.RETURNED


@pytest.fixture
def dispute(payment, simulator, context):
    """The charge is lost by a dispute, and 150 $ of it paid at the counter since.

    Return what has that dispute become something, and the payment follow, twice as notices come.
    """

    def becomes(word: str, **how) -> None:
        told = simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=payment.gateway_id, **how)
        assert told.status_code == 200, told.text
        for _ in range(2):
            settlement.follow(payment.gateway_id, context)

    becomes("lost")
    pay_elsewhere((Invoice.get(), 15_000))
    return becomes


@pytest.fixture
def give_back(context):
    """Return what has the worker do what is due of the charges to give back, until nothing is."""

    def give() -> None:
        UnmatchedCharge.update(due_at=clock.now()).execute()
        for charge in unmatched_charges.due_for_work():
            unmatched_charges.advance(charge, context)

    return give


def rows() -> list[tuple[int, str]]:
    return list(
        UnmatchedCharge.select(UnmatchedCharge.amount_cents, UnmatchedCharge.state)
        .order_by(UnmatchedCharge.state.desc(), UnmatchedCharge.id)
        .tuples()
    )


def returned(simulator) -> list[int]:
    return sorted(row["amount_cents"] for row in simulator.transactions() if row["type"] == "credit")


def cleared_cents(payment: Payment) -> int:
    """Return what the ledger says the gateway holds of a payment, and of what is owed back of it."""
    cents = fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents)
    of_card = LedgerEntry.account == ledger.CLEARING[Payment.CARD]
    return int(LedgerEntry.select(cents).where(of_card).scalar() or 0)


def lost_cents(payment: Payment) -> int:
    return ledger.lost_cents(payment.gateway_id)


def test_a_second_part_won_while_the_first_is_still_owed_is_owed_with_it(payment, dispute, give_back, simulator):
    dispute("won", amount_won="80.00")
    assert (rows(), lost_cents(payment)) == ([(3_000, OWED)], 0)
    dispute("won", amount_won="200.00")
    assert (rows(), lost_cents(payment)) == ([(15_000, OWED)], 0)
    give_back()
    assert (rows(), returned(simulator)) == ([(15_000, RETURNED)], [15_000])
    assert (cleared_cents(payment), Invoice.get().balance_cents) == (5_000, 0)


def test_a_part_won_after_the_first_was_returned_is_owed_by_itself(payment, dispute, give_back, simulator):
    for won, owed in (("80.00", 3_000), ("110.00", 3_000), ("200.00", 9_000)):
        dispute("won", amount_won=won)
        assert [cents for cents, state in rows() if state == OWED] == [owed]
        give_back()
        give_back()
    assert rows() == [(3_000, RETURNED), (3_000, RETURNED), (9_000, RETURNED)]
    assert returned(simulator) == [3_000, 3_000, 9_000]
    assert (cleared_cents(payment), lost_cents(payment)) == (5_000, 0)


def test_a_part_goes_back_though_the_rest_of_the_charge_is_lost(payment, dispute, give_back, simulator):
    dispute("won", amount_won="80.00")
    give_back()
    assert (rows(), returned(simulator)) == ([(3_000, RETURNED)], [3_000])
    assert cleared_cents(payment) == 20_000 - 12_000 - 3_000


@pytest.mark.parametrize("returned_between", [False, True])
def test_each_part_is_told_to_the_payer_for_its_own_amount_and_to_the_city_in_all(
    dispute, give_back, account, returned_between
):
    for won, told, in_all in (("80.00", "30,00", "30,00"), ("200.00", "120,00", "150,00")):
        dispute("won", amount_won=won)
        [letter] = Message.select().where(Message.subject == "Un paiement vous est rendu", Message.body.contains(told))
        assert letter.recipient == account.email
        assert in_all in Alert.get(Alert.kind == Kind.UNMATCHED_CHARGE).details
        if returned_between:
            give_back()
    assert Message.select().where(Message.subject == "Un paiement vous est rendu").count() == 2


def test_what_a_dispute_takes_again_before_it_was_returned_is_owed_back_no_more(payment, dispute, give_back, simulator):
    dispute("won")
    dispute("lost", dispute=Dispute.get().gateway_id)
    give_back()
    assert (rows(), returned(simulator), unmatched_charges.of(payment)) == ([(0, RETURNED)], [], [])
    assert (cleared_cents(payment), lost_cents(payment), Invoice.get().balance_cents) == (0, 0, 5_000)
    dispute("won", dispute=Dispute.get().gateway_id)
    give_back()
    assert (returned(simulator), Invoice.get().balance_cents, lost_cents(payment)) == ([15_000], 0, 0)


def test_what_a_dispute_takes_again_after_a_part_was_returned_is_lost_twice_for_that_part(
    payment, dispute, give_back, simulator
):
    dispute("won", amount_won="80.00")
    give_back()
    dispute("won", amount_won="200.00")
    dispute("lost", dispute=Dispute.get().gateway_id)
    give_back()
    assert (returned(simulator), lost_cents(payment), cleared_cents(payment)) == ([3_000], 3_000, -3_000)
    dispute("won", dispute=Dispute.get().gateway_id)
    give_back()
    assert (returned(simulator), lost_cents(payment), cleared_cents(payment)) == ([3_000, 12_000], 0, 5_000)


def test_what_an_invoice_owes_again_is_paid_by_what_was_not_returned_yet(home, payment, dispute, give_back, simulator):
    dispute("won", amount_won="80.00")
    give_back()
    counter = Payment.get(Payment.method != Payment.CARD)
    take_back(counter, 15_000, owed_again=True, reason="cheque")
    dispute("won", amount_won="200.00")
    give_back()
    assert (returned(simulator), Invoice.get().balance_cents) == ([3_000], 3_000)
    assert (cleared_cents(payment), lost_cents(payment)) == (17_000, 0)


def test_what_is_won_while_a_part_is_being_returned_is_owed_beside_it(payment, dispute, give_back, simulator, context):
    dispute("won", amount_won="80.00")
    simulator.breaks("refund", "slow", seconds=1.5)
    giving = Thread(target=_gives, args=(UnmatchedCharge.get().id, context))
    giving.start()
    wait_until_asked(simulator)
    dispute("won", amount_won="200.00")
    assert giving.is_alive(), "the answer is still on its way"
    giving.join()
    assert rows() == [(3_000, RETURNED), (12_000, OWED)]
    give_back()
    assert (returned(simulator), cleared_cents(payment)) == ([3_000, 12_000], 5_000)


def test_what_is_lost_while_it_is_being_returned_is_lost_twice(payment, dispute, give_back, simulator, context):
    dispute("won")
    simulator.breaks("refund", "slow", seconds=1.5)
    giving = Thread(target=_gives, args=(UnmatchedCharge.get().id, context))
    giving.start()
    wait_until_asked(simulator)
    dispute("lost", dispute=Dispute.get().gateway_id)
    assert giving.is_alive(), "the answer is still on its way"
    giving.join()
    settlement.follow(payment.gateway_id, context)
    assert (rows(), lost_cents(payment), cleared_cents(payment)) == ([(15_000, RETURNED)], 15_000, -15_000)


def wait_until_asked(simulator) -> None:
    for _ in range(200):
        if not simulator.ask("GET", "faults").json():
            return
        sleep(0.02)
    pytest.fail("nothing was asked of the gateway")


def _gives(charge_id: int, context) -> None:
    with models.connected():
        unmatched_charges.advance(charge_id, context)


def test_when_the_answer_is_lost_and_more_is_won_only_the_rest_goes_back(dispute, give_back, simulator):
    dispute("won", amount_won="80.00")
    simulator.breaks("refund", "answer_lost")
    give_back()
    dispute("won", amount_won="200.00")
    give_back()
    assert rows() == [(3_000, RETURNED), (12_000, OWED)], "what went is found first"
    give_back()
    assert (rows()[1], returned(simulator)) == ((12_000, RETURNED), [3_000, 12_000])


def test_nothing_goes_back_while_the_gateway_tells_of_a_loss_that_is_not_booked_yet(
    payment, dispute, give_back, simulator, context
):
    dispute("won")
    simulator.ask(
        "POST", "webhook", kind="dispute_lost", transaction=payment.gateway_id, dispute=Dispute.get().gateway_id
    )
    give_back()
    assert (rows(), returned(simulator)) == ([(15_000, OWED)], [])
    settlement.follow(payment.gateway_id, context)
    give_back()
    assert (rows(), returned(simulator)) == ([(0, RETURNED)], [])


def test_a_refund_of_the_same_amount_under_way_is_not_taken_for_it_nor_it_for_the_refund(
    payment, dispute, give_back, simulator, context
):
    dispute("won", amount_won="80.00")
    refund = refunds.ask(payment, 3_000, 5_000, "absence")
    simulator.breaks("refund", "answer_lost")
    refunds.advance(refund.id, context)
    give_back()
    assert (rows(), returned(simulator)) == ([(3_000, OWED)], [3_000])
    refunds.advance(refund.id, context)
    give_back()
    assert (rows(), returned(simulator)) == ([(3_000, RETURNED)], [3_000, 3_000])
    again = refunds.ask(payment, 2_000, 2_000, "absence")
    refunds.advance(again.id, context)
    dispute("won", amount_won="100.00")
    give_back()
    assert returned(simulator) == [2_000, 2_000, 3_000, 3_000]


def test_a_refund_that_did_not_happen_is_not_found_in_what_went_back(payment, dispute, give_back, simulator, context):
    dispute("won", amount_won="80.00")
    give_back()
    refund = refunds.ask(payment, 3_000, 5_000, "absence")
    simulator.breaks("refund", "reset")
    refunds.advance(refund.id, context)
    refunds.advance(refund.id, context)
    assert type(refund).get_by_id(refund.id).state == type(refund).UNKNOWN
    assert CreditNote.select().where(CreditNote.refund == refund).count() == 0


def test_a_copy_put_back_takes_what_is_owed_back_for_no_refund(payment, dispute, give_back, context):
    dispute("won", amount_won="80.00")
    give_back()
    [credit] = context.gateway.given_back_between(*clock.montreal_day(clock.today()))
    assert refunds.found(credit, context) is None
    assert not payment.refunds.exists()


def test_the_daily_match_names_a_refund_made_by_hand_beside_what_was_returned(payment, dispute, give_back, context):
    dispute("won", amount_won="80.00")
    give_back()
    assert reconciliation.match(clock.today(), context) == []
    context.gateway.give_back(payment.gateway_id, 1_000)
    [difference] = reconciliation.match(clock.today(), context)
    assert (difference.cents, difference.reason) == (-1_000, Mismatch.REFUND_UNKNOWN_HERE)


def test_the_database_refuses_a_second_row_of_what_is_still_owed_of_one_charge(dispute):
    dispute("won")
    owed = UnmatchedCharge.get()
    values = {"reference": owed.reference, "amount_cents": 1, "reason": owed.reason}
    with pytest.raises(IntegrityError), write():
        UnmatchedCharge.create(gateway_id=owed.gateway_id, **values)


def test_what_was_put_off_is_due_at_once_when_more_is_won(dispute, give_back, simulator):
    dispute("won", amount_won="80.00")
    simulator.breaks("refund", "http_500")
    give_back()
    assert unmatched_charges.due_for_work() == []
    dispute("won", amount_won="200.00")
    assert unmatched_charges.due_for_work() == [UnmatchedCharge.get().id]


def test_less_that_goes_back_is_no_news_of_money_that_does(dispute):
    dispute("won")
    dispute("won", dispute=Dispute.get().gateway_id, amount_won="80.00")
    assert rows() == [(3_000, OWED)]
    assert Message.select().where(Message.subject == "Un paiement vous est rendu").count() == 1


def test_what_was_won_of_another_payment_is_its_own(home, charged, dispute, give_back, simulator, context):
    dispute("won")
    other, invoice = Payment.get(Payment.method == Payment.CARD), make_invoice(home, 700)
    second = charged(invoice)
    simulator.ask("POST", "settle-all")
    for word in ("lost", "won"):
        simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=second.gateway_id)
        if word == "won":
            pay_elsewhere((Invoice.get_by_id(invoice.id), 700))
        settlement.follow(second.gateway_id, context)
    assert [one.amount_cents for one in unmatched_charges.of(second)] == [700]
    give_back()
    assert returned(simulator) == [700, 15_000]
    assert (lost_cents(other), lost_cents(second), rows()) == (0, 0, [(15_000, RETURNED), (700, RETURNED)])
