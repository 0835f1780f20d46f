"""Invoices charged to a saved card on their day: announced, tried three times, never twice, never the place."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from peewee import IntegrityError

from domain.billing import reminders
from domain.common import clock
from domain.payments import card_consents, checkout, instalments, saved_cards
from domain.payments.gateway import Refusal
from domain.payments.lifecycle import Unsent
from models import (
    Account,
    Alert,
    CardConsent,
    Instalment,
    Invoice,
    Membership,
    Message,
    Payment,
    PaymentCard,
    PaymentEvent,
    SavedCard,
)
from tests.domain.payments.agreed import agree, is_today
from tests.factories import make_saved_card, pay_elsewhere

FUNDS = 200_100  # the sandbox declines so much: insufficient funds


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


@pytest.fixture
def runs(letters):
    """Return what does the job once."""
    return lambda today=None: instalments.run(letters, today or clock.today())


@pytest.fixture
def agreed(home, account, charged):
    """Return what makes an agreement whose first invoice is paid, its card kept; its second is returned."""

    def make(*amounts: int) -> Instalment:
        _consent, made = agree(account, home, *amounts)
        charged(made[0])
        Message.delete().execute()
        return Instalment.select().order_by(Instalment.id).first()

    return make


def again(instalment: Instalment) -> Instalment:
    return Instalment.get_by_id(instalment.id)


def subjects() -> list[str]:
    return [row.subject.replace("\u00a0", " ") for row in Message.select().order_by(Message.id)]


def bodies() -> str:
    return "\n".join(row.body for row in Message.select()).replace("\u00a0", " ")


def charges(simulator, cents: int) -> list[dict]:
    return [row for row in simulator.transactions() if row["amount_cents"] == cents]


def declines_again(runs, paying, instalment: Instalment) -> Instalment:
    """Have an instalment's day come, and its card refused."""
    is_today(instalment)
    runs(), paying()
    return again(instalment)


def test_it_is_announced_three_days_before_and_not_charged_then(agreed, runs, paying, simulator):
    second = agreed()
    due_on = second.invoice.due_on
    assert runs(due_on - timedelta(days=4)) == 0
    assert runs(due_on - timedelta(days=3)) == 1
    assert runs(due_on - timedelta(days=3)) == 0
    assert (again(second).state, again(second).next_on) == ("announced", due_on)
    assert "25,00 $ sur votre carte Visa se terminant par 1881" in bodies()
    assert len(subjects()) == 1
    paying()
    assert charges(simulator, 2_500) == []


def test_on_its_day_it_is_charged_as_the_citys_own_and_paid(agreed, runs, paying, simulator):
    second = agreed()
    runs(second.invoice.due_on - timedelta(days=3))
    assert runs(second.invoice.due_on - timedelta(days=1)) == 0
    assert runs(second.invoice.due_on) == 1
    paying()
    [charge] = charges(simulator, 2_500)
    assert charge["transaction_source"] == "recurring"
    assert again(second).state == "settled"
    assert Invoice.get_by_id(second.invoice_id).balance_cents == 0
    assert PaymentEvent.select().where(PaymentEvent.cause == "instalment").count() == 1
    assert subjects()[-1].startswith("Votre reçu")


def test_the_job_run_again_and_again_charges_once(agreed, runs, paying, simulator):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    assert [runs() for _ in range(3)] == [1, 0, 0]
    paying()
    assert [runs() for _ in range(3)] == [0, 0, 0]
    paying()
    assert len(charges(simulator, 2_500)) == 1
    assert again(second).tries == 1


def test_announced_late_it_is_charged_three_days_later(agreed, runs):
    second = agreed()
    runs(second.invoice.due_on + timedelta(days=1))
    assert again(second).next_on == second.invoice.due_on + timedelta(days=4)
    assert runs(second.invoice.due_on + timedelta(days=3)) == 0


def test_who_pays_it_herself_before_is_not_charged(agreed, runs, paying, simulator, account, charged):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    charged(second.invoice)
    assert again(second).state == "settled"
    assert runs() == 0
    paying()
    assert len(charges(simulator, 2_500)) == 1


def test_who_is_paying_it_just_now_is_let_pay(agreed, runs, paying, simulator, account):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    checkout.create(account, [second.invoice.number], 2_500, "fake-valid-nonce")
    assert runs() == 0
    assert (again(second).state, again(second).tries) == ("announced", 0)
    paying()
    assert (len(charges(simulator, 2_500)), again(second).state) == (1, "settled")


def test_her_own_press_while_it_is_charged_leads_to_the_payment_under_way(agreed, runs, account):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    runs()
    with pytest.raises(checkout.AlreadyUnderWay) as busy:
        checkout.create(account, [second.invoice.number], 2_500, "fake-valid-nonce")
    assert busy.value.payment.id == again(second).payment_id


def test_paid_at_the_counter_in_part_only_the_rest_is_charged(agreed, runs, paying, simulator):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    pay_elsewhere((second.invoice, 1_000))
    runs(), paying()
    assert len(charges(simulator, 1_500)) == 1


def test_declined_she_is_told_and_it_is_tried_twice_more_then_the_city_is_told(agreed, runs, paying, simulator):
    second = is_today(agreed(5_000, FUNDS), state=Instalment.ANNOUNCED)
    today = clock.today()
    declined = declines_again(runs, paying, second)
    assert (declined.state, declined.tries, declined.next_on) == ("announced", 1, today + timedelta(days=3))
    declined = declines_again(runs, paying, second)
    assert (declined.state, declined.tries, declined.next_on) == ("announced", 2, today + timedelta(days=4))
    assert not Alert.select().exists()
    assert declines_again(runs, paying, second).state == "given up"
    assert Alert.get().kind == "instalment unpaid"
    assert len([one for one in subjects() if one.startswith("Votre carte n’a pas payé")]) == 3
    assert "La Ville est avisée" in bodies()
    assert runs() == 0
    assert len(charges(simulator, FUNDS)) == 3
    assert not [row for row in charges(simulator, FUNDS) if row["status"] != "processor_declined"]


def test_paid_after_all_the_alert_is_settled(agreed, runs, paying, app):
    second = is_today(agreed(5_000, FUNDS), state=Instalment.ANNOUNCED, tries=2)
    declines_again(runs, paying, second)
    assert Alert.get().closed_at is None
    pay_elsewhere((second.invoice, FUNDS), listener=app.extensions["portal"].listeners)
    assert Alert.get().closed_at
    assert again(second).state == "settled"


@pytest.mark.parametrize("reason", [Refusal.EXPIRED, Refusal.CARD_GONE, Unsent.REMOVED])
def test_a_card_that_no_day_mends_is_not_tried_again(agreed, runs, app, reason):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    runs()
    refused(second, reason, app)
    assert again(second).state == "given up"
    assert Alert.get().kind == "instalment unpaid"


@pytest.mark.parametrize("reason", [Refusal.CITY, Refusal.UNREACHABLE, Unsent.STOPPED, Unsent.NOT_FOUND])
def test_what_no_card_is_to_blame_for_is_no_try_and_nobody_is_told(agreed, runs, app, reason):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    runs()
    refused(second, reason, app)
    found = again(second)
    assert (found.state, found.tries, found.next_on) == ("announced", 0, clock.today() + timedelta(days=3))
    assert subjects() == []


def test_withdrawn_while_it_is_charged_it_is_not_tried_again(agreed, runs, app):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    runs()
    card_consents.withdraw(second.consent)
    refused(second, Refusal.FUNDS, app)
    assert again(second).state == "stopped"
    assert not Alert.select().exists()


def refused(instalment: Instalment, reason: str, app) -> None:
    payment = again(instalment).payment
    payment.refusal = reason
    app.extensions["portal"].listeners.not_paid(payment)


def test_a_charge_whose_answer_was_lost_is_searched_for_and_never_sent_again(agreed, runs, paying, simulator):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    simulator.breaks("sale", "answer_lost")
    runs(), paying()
    assert again(second).state == "charging"
    assert runs() == 0
    paying()
    assert (again(second).state, len(charges(simulator, 2_500))) == ("settled", 1)


def expires(card: SavedCard) -> None:
    SavedCard.update(expires_on=clock.today() - timedelta(days=1)).where(SavedCard.id == card.id).execute()


def is_deleted(card: SavedCard) -> None:
    PaymentCard.delete().execute()
    SavedCard.delete().where(SavedCard.id == card.id).execute()


@pytest.mark.parametrize("becomes", [expires, saved_cards.ask_removal, is_deleted])
def test_a_card_that_is_no_more_is_told_of_and_not_charged(agreed, runs, becomes):
    second = is_today(agreed())
    becomes(SavedCard.get())
    runs()
    assert again(second).state == "stopped"
    assert subjects()[0].startswith("Versement à payer d’ici le")
    assert Payment.select().count() == 1


def test_a_card_that_expires_before_the_day_is_known_at_the_announcement(agreed, runs):
    second = agreed()
    SavedCard.update(expires_on=second.invoice.due_on - timedelta(days=1)).execute()
    runs(second.invoice.due_on - timedelta(days=3))
    assert again(second).state == "stopped"


def test_a_card_removed_after_the_announcement_is_told_of_too(agreed, runs):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    saved_cards.ask_removal(SavedCard.get())
    runs()
    assert again(second).state == "stopped"
    assert len(subjects()) == 1


def test_a_first_paid_at_the_counter_leaves_no_card_to_charge(home, account, runs, app):
    _consent, [first, *_later] = agree(account, home)
    pay_elsewhere((first, 5_000), listener=app.extensions["portal"].listeners)
    second = is_today(Instalment.get())
    runs()
    assert again(second).state == "stopped"
    assert "n’a jamais été gardée" in bodies()


def test_while_the_first_is_not_paid_nothing_is_announced(home, account, runs):
    agree(account, home)
    second = is_today(Instalment.get())
    assert runs() == 0
    assert (again(second).state, again(second).next_on) == ("planned", clock.today() + timedelta(days=1))
    assert subjects() == []


def test_who_cannot_be_written_to_is_not_charged(agreed, runs, account):
    second = is_today(agreed())
    Account.update(email_confirmed_at=None).execute()
    runs()
    assert again(second).state == "stopped"
    assert subjects() == []


def test_who_left_the_household_is_not_charged_for_it(agreed, runs, account):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    Membership.delete().execute()
    runs()
    assert again(second).state == "stopped"
    assert Payment.select().count() == 1


def test_an_invoice_cancelled_meanwhile_is_not_charged(agreed, runs):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    Invoice.update(status=Invoice.CANCELLED).where(Invoice.id == second.invoice_id).execute()
    runs()
    assert again(second).state == "stopped"


def test_without_consent_they_are_ordinary_invoices_and_with_it_no_reminder_says_pay(
    agreed, letters, city, home, account
):
    second = agreed()
    before = second.invoice.due_on - timedelta(days=5)
    assert reminders.write_due(letters, city, before) == 0
    card_consents.withdraw(CardConsent.get())
    assert reminders.write_due(letters, city, before) == 1
    assert "25,00 $" in bodies()


@pytest.mark.parametrize(
    ("confirmed", "days", "charged_on"),
    [
        (date(2027, 1, 31), 30, date(2027, 3, 2)),  # no 31 February
        (date(2027, 2, 12), 30, date(2027, 3, 14)),  # the clock goes forward that night
        (date(2026, 10, 2), 30, date(2026, 11, 1)),  # and back
        (date(2026, 11, 25), 30, date(2026, 12, 25)),  # a holiday: no matter
    ],
)
def test_days_are_montreals_whatever_the_clock_does(home, account, runs, confirmed, days, charged_on, db):
    late_in_the_evening = clock.stored(datetime(confirmed.year, confirmed.month, confirmed.day, 23, 30))
    with time_machine.travel(late_in_the_evening, tick=False):
        _consent, [first, second, _third] = agree(account, home)
    assert second.due_on == confirmed + timedelta(days=days) == charged_on
    pay_elsewhere((first, 5_000))
    CardConsent.update(card=make_saved_card(account, expires_on=date(2029, 1, 31))).execute()
    for day, state in ((charged_on - timedelta(days=3), "announced"), (charged_on, "charging")):
        for hour in (8, 19):
            with time_machine.travel(clock.stored(datetime(day.year, day.month, day.day, hour)), tick=False):
                runs()
        assert Instalment.select().order_by(Instalment.id).first().state == state


def test_queries_do_not_grow_with_what_is_not_due(agreed, runs, queries, home, account):
    agreed()
    with queries() as few:
        runs()
    for _ in range(4):
        agree(account, home)
    with queries() as many:
        runs()
    assert len(many) == len(few)


@pytest.mark.sqlite_only
def test_cut_while_the_charge_is_committed_nothing_is_kept_and_the_next_run_charges_once(
    agreed, runs, paying, simulator, db
):
    second = is_today(agreed(), state=Instalment.ANNOUNCED)
    db.execute_sql("CREATE TRIGGER cut BEFORE INSERT ON payment_card BEGIN SELECT RAISE(ABORT, 'cut'); END")
    with pytest.raises(IntegrityError):
        runs()
    assert (again(second).state, again(second).tries, again(second).payment_id) == ("announced", 0, None)
    assert Payment.select().count() == 1
    db.execute_sql("DROP TRIGGER cut")
    assert [runs(), runs()] == [1, 0]
    paying()
    assert len(charges(simulator, 2_500)) == 1
