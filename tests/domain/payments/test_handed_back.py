"""Money that no card takes back: sent no more by itself, a person gives it back another way, and that is its end."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import alerts, clock
from domain.common.alerts import Kind
from domain.payments import handed_back, reconciliation, settlement, unmatched_charges
from domain.payments.handed_back import Handed, NotYetFound, Waiting
from models import (
    Alert,
    DeclinedReturn,
    GuestPayer,
    HandedBack,
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


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def by_account() -> dict[str, int]:
    """Return debits less credits by account of money, in cents."""
    sums: dict[str, int] = {}
    for row in LedgerEntry.select().where(LedgerEntry.account.in_((*ledger.CLEARING.values(), ledger.OWED_BACK))):
        sums[row.account] = sums.get(row.account, 0) + row.debit_cents - row.credit_cents
    return {account: cents for account, cents in sums.items() if cents}


def by(method: str = "cheque", seen: int = 4_200, on: date | None = None, reference: str = "412") -> Handed:
    return Handed(seen, method, reference, on or clock.today(), "marie.finances")


@pytest.fixture
def hand(context):
    """Return what has a person hand back the first charge that waits."""

    def hand_back(handed: Handed | None = None) -> bool:
        [one, *_] = handed_back.waiting()
        return handed_back.hand_back(one, handed or by(), context.listener)

    return hand_back


@pytest.fixture
def declined(given, bank_sends_back, context) -> UnmatchedCharge:
    """42 $ on a closed card: given back twice, sent back twice."""
    bank_sends_back()
    asks(context)
    gives_back(context)
    bank_sends_back()
    asks(context)
    Message.delete().execute()
    return UnmatchedCharge.get()


def test_twice_sent_back_it_is_sent_no_more_and_waits_for_a_person(declined, under_way, simulator, context):
    before = len(simulator.transactions())
    for _ in range(3):
        gives_back(context)
        asks(context)
    assert len(simulator.transactions()) == before
    assert (rows(), owed_back()) == ([(4_200, OWED)], 4_200)
    assert handed_back.waiting() == [Waiting(declined, under_way)]
    assert handed_back.find(declined.id) == Waiting(declined, under_way)


def test_a_copy_put_back_that_knows_of_no_decline_asks_before_it_sends(declined, simulator, context):
    before = len(simulator.transactions())
    DeclinedReturn.delete().execute()
    assert handed_back.waiting() == []
    gives_back(context)
    assert (len(simulator.transactions()), len(handed_back.waiting())) == (before, 1)


def test_one_found_due_and_returned_meanwhile_is_left_alone(given, bank_sends_back, simulator, context):
    bank_sends_back()
    before = len(simulator.transactions())
    unmatched_charges.advance(given.id, context)
    assert (len(simulator.transactions()), rows()) == (before, [(4_200, RETURNED)])


def test_once_sent_back_it_waits_for_nobody(given, bank_sends_back, context):
    bank_sends_back()
    asks(context)
    assert not UnmatchedCharge.get().waits_for_person
    assert (handed_back.waiting(), handed_back.find(given.id)) == ([], None)


def test_it_is_looked_at_each_hour_and_found_when_a_person_gives_it_back_at_the_gateway(
    declined, under_way, gateway, context
):
    gives_back(context)
    waits = UnmatchedCharge.get()
    assert timedelta(minutes=59) < waits.due_at - clock.now() <= timedelta(hours=1)
    assert unmatched_charges.due_for_work() == []
    gateway.give_back(declined.gateway_id, 4_200)
    gives_back(context)
    assert (rows(), owed_back(), handed_back.waiting()) == ([(4_200, RETURNED)], 0, [])
    assert UnmatchedCharge.get().handed_back is None


@pytest.mark.parametrize(("minutes", "is_due"), [(0, True), (1, False), (119, False), (121, True)])
def test_it_is_due_at_its_moment_unless_that_is_further_than_ever_put_off(declined, minutes, is_due):
    UnmatchedCharge.update(due_at=clock.now() + timedelta(minutes=minutes)).execute()
    assert unmatched_charges.due_for_work() == [declined.id] * is_due


@pytest.fixture
def refused(under_way, gateway, simulator, context) -> Callable[..., None]:
    """Return what has the worker try to give back a second charge of 42 $, which the gateway does not do."""
    charge = gateway.charge(under_way.reference, 4_200, "fake-valid-nonce")
    with write():
        unmatched_charges.note(under_way, charge, UnmatchedCharge.SECOND, context)
    simulator.ask("POST", "settle-all")
    Message.delete().execute()

    def refuse(fault: str = "refused") -> None:
        simulator.breaks("refund", fault, times=1)
        gives_back(context)

    return refuse


def test_refused_on_two_days_it_is_a_persons_too_and_told_then(refused, simulator, context, account):
    for _ in range(3):
        refused()
    assert (DeclinedReturn.select().count(), Message.select().count()) == (1, 0), "three refusals in one day are one"
    assert handed_back.waiting() == []
    DeclinedReturn.update(what="yesterday's").execute()
    refused()
    assert (rows(), len(handed_back.waiting())) == ([(4_200, OWED)], 1)
    [letter] = Message.select().where(Message.recipient == account.email)
    assert "Appelez pour dire comment le recevoir" in plain(letter.body)
    assert Alert.get(Alert.kind == Kind.REFUND_DECLINED).values["standing"] == "not taken"
    simulator.ask("DELETE", "faults")
    gives_back(context)
    assert (credits(simulator), Message.select().count()) == ([], 2)


@pytest.mark.parametrize("fault", ["http_500", "answer_lost"])
def test_what_is_not_known_to_be_refused_counts_for_nothing(refused, fault):
    refused(fault)
    assert not DeclinedReturn.select().exists()


@pytest.mark.parametrize(
    ("method", "account_of_it"),
    [("cheque", "cheques"), ("cash", "cash"), ("transfer", "transfers"), ("other", "other clearing")],
)
def test_given_another_way_it_is_owed_no_more_and_its_money_stays_at_the_gateway(declined, hand, method, account_of_it):
    assert hand(by(method))
    assert (rows(), owed_back()) == ([(4_200, RETURNED)], 0)
    assert by_account() == {ledger.CLEARING[Payment.CARD]: 4_200, account_of_it: -4_200}
    kept = HandedBack.get()
    assert (kept.charge_id, kept.amount_cents, kept.method) == (declined.id, 4_200, method)
    assert (kept.reference, kept.given_by) == ("412", "marie.finances")
    assert UnmatchedCharge.get().handed_back == kept
    assert handed_back.waiting() == []


def test_its_day_is_the_day_said_at_noon_and_never_later_than_now(declined, hand):
    UnmatchedCharge.update(found_at=datetime(2026, 1, 5)).execute()
    assert hand(by(on=date(2026, 2, 3)))
    kept = UnmatchedCharge.get()
    assert kept.returned_at == kept.handed_back.given_at == datetime(2026, 2, 3, 17)


def test_given_today_it_is_not_given_later_than_now(declined, hand):
    assert hand()
    assert UnmatchedCharge.get().returned_at <= clock.now()


def test_nothing_was_given_back_before_it_was_found(declined, hand):
    found_on = clock.local(declined.found_at).date()
    with pytest.raises(NotYetFound):
        hand(by(on=found_on - timedelta(days=1)))
    assert (rows(), HandedBack.select().count()) == ([(4_200, OWED)], 0)
    assert hand(by(on=found_on))


def test_who_paid_and_the_file_of_the_payment_hear_of_it_and_the_city_no_more(declined, under_way, account, hand):
    with write():
        alerts.raise_alert(Kind.UNMATCHED_CHARGE, "another", reference="P1", amount="1", reason=UnmatchedCharge.SECOND)
    hand()
    [letter] = Message.select()
    assert letter.recipient == account.email
    for words in ("42,00 $", "par chèque", "Référence : 412", under_way.reference):
        assert words in plain(letter.subject + letter.body)
    assert [one.subject for one in alerts.open_alerts()] == ["another"]
    event = PaymentEvent.get(PaymentEvent.name == "handed back")
    assert (event.payment_id, event.cause, event.words) == (under_way.id, "staff", "4200 ¢ cheque 412")


@pytest.mark.parametrize(("email", "letters"), [("guest@example.org", ["guest@example.org"]), ("", [])])
def test_a_guest_hears_of_it_at_the_address_that_she_gave(declined, under_way, hand, email, letters):
    Payment.update(account=None).execute()
    GuestPayer.create(payment=under_way, name="Une voisine", email=email)
    hand()
    assert [one.recipient for one in Message.select()] == letters


def test_cash_has_no_reference(declined, hand):
    hand(by("cash", reference=""))
    assert PaymentEvent.get(PaymentEvent.name == "handed back").words == "4200 ¢ cash"
    assert "Référence : \n" not in plain(Message.get().body)


class Deaf(Listener):
    """Fails to hear, where nothing keeps its failure apart."""

    def handed_back(self, payment: Payment, handed: HandedBack) -> None:
        raise RuntimeError


def test_it_is_written_down_whole_or_not_at_all(declined):
    [seen] = handed_back.waiting()
    with pytest.raises(RuntimeError):
        handed_back.hand_back(seen, by(), Deaf())
    assert (rows(), owed_back(), HandedBack.select().count()) == ([(4_200, OWED)], 4_200, 0)


def test_of_several_each_is_found_by_its_own_number(under_way, hand):
    first, second = (make_declined_charge(under_way, cents) for cents in (4_200, 700))
    assert handed_back.find(second.id) == Waiting(second, under_way)
    assert hand()
    assert [(one.id, one.state) for one in UnmatchedCharge.select().order_by(UnmatchedCharge.id)] == [
        (first.id, RETURNED),
        (second.id, OWED),
    ]


def test_twice_is_once(declined, context):
    [seen] = handed_back.waiting()
    assert [handed_back.hand_back(seen, by(), context.listener) for _ in range(2)] == [True, False]
    assert (HandedBack.select().count(), Message.select().count()) == (1, 1)
    assert by_account() == {ledger.CLEARING[Payment.CARD]: 4_200, "cheques": -4_200}


@pytest.mark.parametrize("seen", [4_199, 4_201, 0])
def test_another_amount_than_what_is_owed_gives_nothing_back(declined, hand, seen):
    assert not hand(by(seen=seen))
    assert (rows(), HandedBack.select().count()) == ([(4_200, OWED)], 0)


def test_what_a_person_gave_is_asked_about_no_more_and_never_given_again(declined, hand, context):
    hand()
    assert UnmatchedCharge.get().due_at == UnmatchedCharge.NO_MORE
    asks(context)
    gives_back(context)
    settlement.follow(declined.gateway_id, context)
    assert (rows(), owed_back()) == ([(4_200, RETURNED)], 0)
    assert Message.select().count() == 1


def test_the_daily_match_finds_nothing_wrong_with_it_but_a_refund_besides(declined, hand, context, gateway):
    hand()
    assert reconciliation.match(clock.today(), context) == []
    twice = gateway.give_back(declined.gateway_id, 4_200)
    [difference] = reconciliation.match(clock.today(), context)
    assert (difference.gateway_id, difference.cents) == (twice.gateway_id, -4_200)
    settlement.follow(declined.gateway_id, context)
    assert ledger.lost_cents(declined.gateway_id) == 0, "no dispute took it"


def test_what_a_dispute_takes_of_it_afterwards_is_lost_twice_until_it_is_won(declined, hand, simulator, context):
    hand()
    for word, lost in (("lost", 4_200), ("won", 0)):
        simulator.ask("POST", "webhook", kind=f"dispute_{word}", transaction=declined.gateway_id)
        settlement.follow(declined.gateway_id, context)
        assert ledger.lost_cents(declined.gateway_id) == lost
        assert (rows(), owed_back()) == ([(4_200, RETURNED)], 0)


def test_what_a_dispute_took_meanwhile_is_not_handed_back_and_is_owed_once_it_is_won(
    declined, hand, simulator, context
):
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=declined.gateway_id, amount="10.00")
    gives_back(context)
    assert (rows(), owed_back()) == ([(3_200, OWED)], 3_200)
    assert hand(by(seen=3_200))
    simulator.ask("POST", "webhook", kind="dispute_won", transaction=declined.gateway_id)
    settlement.follow(declined.gateway_id, context)
    assert (rows(), owed_back(), ledger.lost_cents(declined.gateway_id)) == ([(1_000, OWED)], 1_000, 0)
    assert hand(by(seen=1_000))
    assert (rows(), owed_back(), ledger.imbalance_cents()) == ([(1_000, RETURNED)], 0, 0)
    assert by_account() == {ledger.CLEARING[Payment.CARD]: 4_200, "cheques": -4_200}


def test_of_what_she_gave_back_in_part_at_the_gateway_the_rest_waits_for_her(
    declined, gateway, hand, context, under_way
):
    gateway.give_back(declined.gateway_id, 1_500)
    make_declined_charge(under_way, 900, times=0, state=RETURNED)
    gives_back(context)
    assert (rows(), owed_back()) == ([(900, RETURNED), (2_700, OWED)], 2_700)
    assert hand(by(seen=2_700))
    assert by_account() == {ledger.CLEARING[Payment.CARD]: 2_700, "cheques": -2_700}


@pytest.mark.parametrize("reason", [UnmatchedCharge.OTHER_CURRENCY, UnmatchedCharge.OTHER_ACCOUNT])
def test_one_that_never_stood_in_these_books_is_handed_back_beside_them(under_way, context, hand, reason):
    make_declined_charge(under_way, times=0, state=HELD, reason=reason, currency="USD")
    assert hand()
    assert (rows(), by_account()) == ([(4_200, RETURNED)], {})
    assert HandedBack.get().amount_cents == 4_200


@pytest.fixture
def won(home, charged, simulator, bank_sends_back, context) -> Payment:
    """200 $ lost by a dispute, paid at the counter since, 80 $ of it won: given back twice, sent back twice."""
    made = charged(make_invoice(home, 20_000))
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=made.gateway_id)
    settlement.follow(made.gateway_id, context)
    pay_elsewhere((made.invoice_links.get().invoice, 20_000))
    simulator.ask("POST", "webhook", kind="dispute_won", transaction=made.gateway_id, amount_won="80.00")
    settlement.follow(made.gateway_id, context)
    for _ in range(2):
        gives_back(context)
        bank_sends_back()
        asks(context)
    Message.delete().execute()
    return Payment.get_by_id(made.id)


def test_what_was_won_back_ends_in_the_same_way(won, hand, simulator, context):
    before = len(simulator.transactions())
    gives_back(context)
    assert (len(simulator.transactions()), rows(), owed_back()) == (before, [(8_000, OWED)], 8_000)
    assert hand(by(seen=8_000))
    for _ in range(2):
        gives_back(context)
        asks(context)
        settlement.follow(won.gateway_id, context)
    assert (rows(), owed_back(), ledger.lost_cents(won.gateway_id)) == ([(8_000, RETURNED)], 0, 0)
    assert by_account()["cheques"] == -8_000
    assert credits(simulator) == []
    assert Message.select().count() == 1


def test_nor_does_such_a_copy_send_what_was_won(won, simulator, context):
    before = len(simulator.transactions())
    DeclinedReturn.delete().execute()
    gives_back(context)
    assert (len(simulator.transactions()), len(handed_back.waiting())) == (before, 1)


def test_what_is_won_after_that_is_owed_by_itself(won, hand, simulator, context):
    hand(by(seen=8_000))
    simulator.ask("POST", "webhook", kind="dispute_won", transaction=won.gateway_id, amount_won="200.00")
    settlement.follow(won.gateway_id, context)
    assert (rows(), owed_back()) == ([(8_000, RETURNED), (12_000, OWED)], 12_000)
    gives_back(context)
    assert [row["amount_cents"] for row in credits(simulator)] == [12_000]
    asks(context)
    assert (rows(), owed_back()) == ([(8_000, RETURNED), (12_000, RETURNED)], 0)


def test_a_dispute_lost_again_after_it_was_handed_back_is_lost_twice(won, hand, simulator, context):
    hand(by(seen=8_000))
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=won.gateway_id)
    settlement.follow(won.gateway_id, context)
    assert (ledger.lost_cents(won.gateway_id), rows()) == (8_000, [(8_000, RETURNED)])
    assert Alert.get(Alert.kind == Kind.LOST_TWICE).closed_at is None
