"""An account that nobody enters for years: its holder is told, has time, and it is closed once somebody approved it."""

from datetime import timedelta

import pytest

from domain.access import sessions
from domain.common import clock
from domain.privacy import retention, unused_accounts
from domain.staff import accounts
from models import Account, AccountUse, Destruction, Household, Invoice, Message, Payment, Person, StaffAccount
from tests.factories import make_account, make_invoice, make_person

DAY = timedelta(days=1)


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


@pytest.fixture
def unused(app, city) -> Account:
    account = make_account(make_person(email="g@example.com"))
    AccountUse.create(account=account, used_at=clock.now() - city.retention.accounts.length - DAY)
    return account


def told_long_ago(city) -> None:
    AccountUse.update(told_at=clock.now() - city.retention.unused_account_notice.length - DAY).execute()


def past(city) -> list[Account]:
    return list(unused_accounts.past(clock.now() - city.retention.accounts.length, city))


def test_its_holder_is_told_once_and_until_when(unused, letters, city):
    assert unused_accounts.tell_due(letters, city) == 1
    assert unused_accounts.tell_due(letters, city) == 0
    told = Message.get()
    assert told.recipient == "g@example.com"
    assert "sera fermé" in told.subject
    assert past(city) == [], "she has time"


def test_told_and_not_back_it_is_past_its_time(unused, city):
    assert past(city) == []
    told_long_ago(city)
    assert past(city) == [unused]


def test_one_visit_keeps_it_and_it_would_be_told_anew(unused, city, letters):
    told_long_ago(city)
    sessions.end(sessions.start(unused)[1])
    assert past(city) == []
    assert AccountUse.get().told_at is None


def test_who_cannot_be_written_to_is_not_told_nor_closed(unused, letters, city):
    Person.update(email="").execute()
    assert unused_accounts.tell_due(letters, city) == 0
    assert past(city) == []


def test_someone_who_died_is_not_written_to_and_her_account_may_go(unused, letters, city):
    Person.update(status=Person.DECEASED).execute()
    assert unused_accounts.tell_due(letters, city) == 0
    assert past(city) == [unused]


def test_a_payment_under_way_or_a_browser_signed_in_keeps_it(unused, city):
    told_long_ago(city)
    payment = Payment.create(reference="P1", amount_cents=1, account=unused, state=Payment.UNKNOWN)
    assert past(city) == []
    payment.delete_instance()
    sessions.start(unused)
    AccountUse.update(used_at=clock.now() - city.retention.accounts.length - DAY).execute()
    told_long_ago(city)
    assert past(city) == []


def test_approved_it_is_closed_and_what_was_billed_stays_the_citys(unused, letters, city):
    home = Household.get_by_id(unused.household_ids()[0])
    invoice = make_invoice(home)
    told_long_ago(city)
    accounts.add("greffe", "admin")
    retention.propose(city)
    assert Account.select().exists()
    shown = [retention.as_shown(row) for row in retention.proposed()]
    retention.approve(StaffAccount.get(), shown)
    retention.carry_out(letters, city)
    assert not Account.select().exists()
    assert not AccountUse.select().exists()
    assert Invoice.get() == invoice
    assert Person.get() == unused.person
    assert Destruction.get().destroyed == 1
    assert "fermé" in Message.select().order_by(Message.id.desc()).get().subject
