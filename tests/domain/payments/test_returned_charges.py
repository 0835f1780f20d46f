"""Money that pays nothing here, given back and sent back by the bank days later: owed, told and given back again."""

from datetime import timedelta
from functools import partial

import pytest

from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.alerts import Kind
from domain.payments import returned_charges, settlement, unmatched_charges
from domain.payments.context import Context
from models import (
    Alert,
    Dispute,
    Invoice,
    LedgerEntry,
    Message,
    Payment,
    PaymentEvent,
    UnmatchedCharge,
    write,
)
from tests.domain.payments.sent_back import asks, credits, gives_back, owed_back, rows
from tests.factories import make_declined_charge, make_invoice, pay_elsewhere

OWED, RETURNED, HELD = UnmatchedCharge.OWED, UnmatchedCharge.RETURNED, UnmatchedCharge.HELD
NOT_ARRIVED = "n’est pas arrivé"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("word", ["settlement_declined", "processor_declined", "failed"])
def test_it_is_owed_again_once_and_given_back_again(given, bank_sends_back, simulator, context, word):
    bank_sends_back(word=word)
    for days in (2, 4):
        asks(context, days=days)
        assert (rows(), owed_back(), UnmatchedCharge.get().returned_at) == ([(4_200, OWED)], 4_200, None)
    assert unmatched_charges.due_for_work() == [given.id]
    gives_back(context)
    asks(context)
    assert (rows(), owed_back()) == ([(4_200, RETURNED)], 0)
    assert [row["amount_cents"] for row in credits(simulator)] == [4_200]
    assert ledger.imbalance_cents() == 0


def test_what_arrived_is_owed_no_more(given, simulator, context):
    for days in (2, 4, 8):
        asks(context, days=days)
    assert (rows(), owed_back()) == ([(4_200, RETURNED)], 0)
    assert not Message.select().exists()


def test_the_payer_and_the_city_are_told_once_as_of_a_refund(given, under_way, account, bank_sends_back, context, city):
    bank_sends_back()
    for days in (2, 4):
        asks(context, days=days)
    alert = Alert.get(Alert.kind == Kind.REFUND_DECLINED)
    assert (alert.values["reference"], plain(alert.values["amount"])) == (under_way.reference, "42,00 $")
    told = {message.recipient: plain(message.subject + message.body) for message in Message.select()}
    assert set(told) == {account.email, city.help.email}
    assert Message.select().count() == 2
    for words in (NOT_ARRIVED, "42,00 $", "vous le doit encore", plain(city.counter.phone[-4:])):
        assert words in told[account.email]
    assert "refusé par la banque" in told[city.help.email]
    assert under_way.reference in told[city.help.email]
    assert PaymentEvent.select().where(PaymentEvent.name == "refund_declined").count() == 1


def test_told_again_when_the_bank_declines_it_again_and_then_a_persons(given, account, bank_sends_back, context):
    for _ in range(2):
        bank_sends_back()
        asks(context)
        gives_back(context)
    first, second = (plain(one.body) for one in Message.select().where(Message.recipient == account.email))
    assert "Nous essayons encore" in first
    assert "Nous essayons encore" not in second
    assert "Appelez pour dire comment le recevoir" in second
    assert (rows(), owed_back()) == ([(4_200, OWED)], 4_200)


def test_of_what_went_back_in_parts_only_the_part_declined_is_owed_again(
    under_way, gateway, simulator, context, bank_sends_back
):
    charge = gateway.charge(under_way.reference, 4_200, "fake-valid-nonce")
    with write():
        unmatched_charges.note(under_way, charge, UnmatchedCharge.SECOND, context)
    simulator.ask("POST", "settle-all")
    for part in (4_000, 200):
        gateway.give_back(charge.gateway_id, part)
    unmatched_charges.advance(UnmatchedCharge.get().id, context)
    bank_sends_back(200)
    asks(context)
    assert (rows(), owed_back()) == ([(200, OWED)], 200)
    gives_back(context)
    asks(context)
    assert (rows(), owed_back()) == ([(200, RETURNED)], 0)
    assert sorted(row["amount_cents"] for row in credits(simulator)) == [200, 4_000]


def test_what_a_dispute_took_meanwhile_is_not_owed_again_nor_lost_twice(given, bank_sends_back, simulator, context):
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=given.gateway_id)
    settlement.follow(given.gateway_id, context)
    assert ledger.lost_cents(given.gateway_id) == 4_200
    bank_sends_back()
    asks(context)
    assert (rows(), owed_back(), ledger.lost_cents(given.gateway_id)) == ([(4_200, RETURNED)], 0, 0)


def test_what_a_dispute_had_taken_before_the_rest_went_back_is_owed_once_it_is_won(
    under_way, account, gateway, simulator, context
):
    charge = gateway.charge(under_way.reference, 4_200, "fake-valid-nonce")
    with write():
        unmatched_charges.note(under_way, charge, UnmatchedCharge.SECOND, context)
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=charge.gateway_id, amount="10.00")
    unmatched_charges.advance(UnmatchedCharge.get().id, context)
    simulator.ask("POST", "webhook", kind="dispute_won", transaction=charge.gateway_id)
    Message.delete().execute()
    settlement.follow(charge.gateway_id, context)
    assert (rows(), owed_back()) == ([(1_000, OWED)], 1_000)
    [letter] = Message.select()
    assert (letter.recipient, letter.subject) == (account.email, "Un paiement vous est rendu")
    gives_back(context)
    assert sorted(row["amount_cents"] for row in credits(simulator)) == [1_000, 3_200]


def test_one_of_another_account_is_held_for_a_person_again(given, account, bank_sends_back, context):
    UnmatchedCharge.update(reason=UnmatchedCharge.OTHER_ACCOUNT).execute()
    before = owed_back()
    bank_sends_back()
    asks(context)
    assert (rows(), owed_back()) == ([(4_200, HELD)], before), "it never stood in these books"
    assert NOT_ARRIVED in Message.get(Message.recipient == account.email).subject


@pytest.fixture
def won(home, charged, simulator, context) -> Payment:
    """200 $ lost by a dispute, paid at the counter since, won in two parts: 30 $ and 120 $ went back."""
    made = charged(make_invoice(home, 20_000))
    simulator.ask("POST", "settle-all")
    for word, won in (("lost", {}), ("won", {"amount_won": "80.00"}), ("won", {"amount_won": "200.00"})):
        simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=made.gateway_id, **won)
        settlement.follow(made.gateway_id, context)
        if word == "lost":
            pay_elsewhere((Invoice.get(), 15_000))
        gives_back(context)
    assert rows() == [(3_000, RETURNED), (12_000, RETURNED)]
    Message.delete().execute()
    return made


def cleared_cents() -> int:
    mine = LedgerEntry.select().where(LedgerEntry.account == ledger.CLEARING[Payment.CARD])
    return sum(row.debit_cents - row.credit_cents for row in mine)


@pytest.mark.parametrize(("sent_back", "left"), [(3_000, 12_000), (12_000, 3_000)])
def test_a_part_of_what_was_won_is_owed_again_by_itself(
    won, account, bank_sends_back, simulator, context, sent_back, left
):
    bank_sends_back(sent_back)
    for days in (2, 4):
        asks(context, days=days)
        assert rows() == sorted([(sent_back, OWED), (left, RETURNED)])
        assert (owed_back(), cleared_cents(), ledger.lost_cents(won.gateway_id)) == (sent_back, 5_000 + sent_back, 0)
    [letter] = Message.select().where(Message.recipient == account.email)
    assert NOT_ARRIVED in letter.subject
    gives_back(context)
    asks(context)
    assert rows() == [(3_000, RETURNED), (12_000, RETURNED)]
    assert (owed_back(), cleared_cents()) == (0, 5_000)
    assert sorted(row["amount_cents"] for row in credits(simulator)) == [3_000, 12_000]


def test_all_that_was_won_may_come_back(won, bank_sends_back, simulator, context):
    bank_sends_back()
    asks(context)
    assert (sum(cents for cents, state in rows() if state == OWED), owed_back()) == (15_000, 15_000)
    gives_back(context)
    assert sum(row["amount_cents"] for row in credits(simulator)) == 15_000
    assert (owed_back(), cleared_cents(), ledger.lost_cents(won.gateway_id)) == (0, 5_000, 0)


def test_nothing_is_concluded_of_what_was_won_while_a_dispute_turns(won, bank_sends_back, simulator, context):
    bank_sends_back(3_000)
    dispute = Dispute.get().gateway_id
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=won.gateway_id, dispute=dispute)
    asks(context)
    assert rows() == [(3_000, RETURNED), (12_000, RETURNED)]
    settlement.follow(won.gateway_id, context)
    asks(context)
    gives_back(context)
    assert (owed_back(), ledger.lost_cents(won.gateway_id)) == (0, 12_000)
    assert [row["amount_cents"] for row in credits(simulator)] == [12_000]


class Killed(BaseException):
    """What no part of ours catches: the process ends here, and what it had not committed is undone."""


class Ends(Listener):
    """Fails, as told, while it hears that what was given back came back."""

    def __init__(self, how: type[BaseException]) -> None:
        self._how = how

    def return_declined(self, payment: Payment, charge: UnmatchedCharge, cents: int) -> None:
        raise self._how


@pytest.mark.parametrize("how", [Killed, RuntimeError])
@pytest.mark.parametrize("of", ["given", "won"])
def test_what_the_last_question_answered_and_nobody_booked_is_asked_again(request, of, bank_sends_back, context, how):
    request.getfixturevalue(of)
    before = rows(), owed_back()
    bank_sends_back()
    last_day = clock.now() + timedelta(days=14) - timedelta(seconds=1)
    UnmatchedCharge.update(due_at=last_day).execute()
    with pytest.raises(how):
        returned_charges.follow_due(Context(context.gateway, Ends(how), context.uncertain_for), now=last_day)
    assert (rows(), owed_back()) == before
    returned_charges.follow_due(context, now=last_day + timedelta(days=1))
    assert {state for _, state in rows()} == {OWED}


def test_nor_is_one_forgotten_while_the_portal_stands_still_for_a_month(given, bank_sends_back, context):
    bank_sends_back()
    asks(context, days=30)
    assert rows() == [(4_200, OWED)]


def test_one_that_went_back_before_it_was_followed_is_asked_about_too(given, bank_sends_back, context):
    UnmatchedCharge.update(due_at=given.found_at).execute()  # as an earlier portal left it
    bank_sends_back()
    asks(context)
    assert rows() == [(4_200, OWED)]


@pytest.fixture
def is_asked(asks):
    """Return what tells whether, at a moment, the gateway is asked about what went back."""
    return partial(asks, returned_charges.follow_due)


def test_it_is_asked_about_once_a_day_for_two_weeks(given, is_asked):
    days = (0.5, 1.1, 1.9, 2.2, 12, 13.5, 14.6, 16)
    asked = [is_asked(given.returned_at + timedelta(days=day)) for day in days]
    assert asked == [False, True, False, True, True, True, False, False]
    assert UnmatchedCharge.get().due_at == UnmatchedCharge.NO_MORE


def test_what_two_hear_at_once_is_booked_once(given, bank_sends_back, context, gateway):
    """The second has its answer from before the first booked it, and it went back again."""
    bank_sends_back()

    class Late:
        def __getattr__(self, name: str):
            return getattr(gateway, name)

        def find(self, gateway_id: str):
            answer = gateway.find(gateway_id)
            if gateway_id != given.gateway_id:
                asks(context)
                gives_back(context)
            return answer

    asks(Context(Late(), context.listener, context.uncertain_for))
    assert (rows(), owed_back()) == ([(4_200, RETURNED)], 0)
    assert PaymentEvent.select().where(PaymentEvent.name == "refund_declined").count() == 1


def test_what_a_dispute_takes_of_another_accounts_money_is_no_loss_of_these_books(given, simulator, context):
    UnmatchedCharge.update(reason=UnmatchedCharge.OTHER_ACCOUNT).execute()
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=given.gateway_id)
    settlement.follow(given.gateway_id, context)
    assert ledger.lost_cents(given.gateway_id) == 0


def test_one_that_is_asked_about_puts_no_other_off(given, under_way, context):
    other = make_declined_charge(under_way, times=0, state=RETURNED, due_at=UnmatchedCharge.NO_MORE)
    asks(context)
    assert UnmatchedCharge.get_by_id(other.id).due_at == UnmatchedCharge.NO_MORE
