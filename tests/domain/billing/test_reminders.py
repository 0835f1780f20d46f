"""Reminders: once each, to confirmed addresses that want them."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from adapters.mail_templates import Letters
from domain.billing import reminders
from domain.common import clock
from models import Account, Invoice, Message
from tests.factories import make_account, make_household, make_invoice, make_person, pay_elsewhere

TODAY = date(2026, 11, 23)


@pytest.fixture
def letters(city) -> Letters:
    return Letters(Path("templates/mail"), city, "https://dossier.example.org")


@pytest.fixture
def account(db) -> Account:
    person = make_person(make_household("D1"), expires_on=TODAY + timedelta(days=400))
    return make_account(person, email="g@example.com", email_confirmed_at=clock.now())


def owes(account: Account, days: int, **values) -> Invoice:
    return make_invoice(account.person.memberships.get().household, due_on=TODAY + timedelta(days=days), **values)


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (8, None), (7, "Une facture à payer bientôt"), (1, "Une facture à payer bientôt"), (0, None),
        (-1, "Une facture est en retard"), (-7, "Une facture est en retard"), (-8, None),
    ],
)  # fmt: skip
def test_an_invoice_is_recalled_in_the_week_before_and_after(account, letters, city, days, subject):
    invoice = owes(account, days)
    reminders.write_due(letters, city, TODAY)
    written = list(Message.select())
    assert [one.subject for one in written] == ([subject] if subject else [])
    assert all(invoice.number in one.body and one.recipient == "g@example.com" for one in written)


def test_each_is_written_once_and_several_in_one_message(account, letters, city):
    first, second = owes(account, 3), owes(account, 5)
    assert [reminders.write_due(letters, city, TODAY + timedelta(days=day)) for day in (0, 1, 2)] == [1, 0, 0]
    assert all(invoice.number in Message.get().body for invoice in (first, second))
    assert reminders.write_due(letters, city, TODAY + timedelta(days=4)) == 1, "the first is late by a day"


def test_what_is_paid_cancelled_or_being_paid_is_not_recalled(citizen, letters, city):
    Account.update(email="g@example.com", email_confirmed_at=clock.now()).where(
        Account.id == citizen.joins().id
    ).execute()
    Message.delete().execute()
    account = Account.get()
    pay_elsewhere((owes(account, 3), 10_000))
    owes(account, 3, status=Invoice.CANCELLED)
    citizen.pays(owes(account, 3))
    assert reminders.write_due(letters, city, TODAY) == 0


def test_only_confirmed_addresses_that_want_them(account, letters, city):
    owes(account, 3)
    reminders.want(account, False)
    assert reminders.write_due(letters, city, TODAY) == 0
    reminders.want(account, True)
    Account.update(email_confirmed_at=None).execute()
    assert reminders.write_due(letters, city, TODAY) == 0
    Account.update(email_confirmed_at=clock.now()).execute()
    assert reminders.write_due(letters, city, TODAY) == 1


def test_another_households_invoices_are_not_told(account, letters, city):
    make_invoice(make_household(), due_on=TODAY + timedelta(days=3))
    assert reminders.write_due(letters, city, TODAY) == 0


def test_ones_own_card_and_the_childrens_but_no_other_adults(account, letters, city):
    household = account.person.memberships.get().household
    soon = {"expires_on": TODAY + timedelta(days=20)}
    make_person(household, first_name="Marc", **soon)
    make_person(household, first_name="Léa", birth_date=date(2018, 1, 1), **soon)
    assert [reminders.write_due(letters, city, TODAY) for _ in range(2)] == [1, 0]
    body = Message.get().body
    assert "La carte de Léa expire le 13\u00a0décembre\u00a02026" in body
    assert "Marc" not in body


@pytest.mark.parametrize(("hour", "by_day"), [("07:59", False), ("08:00", True), ("19:59", True), ("20:00", False)])
def test_they_leave_by_day(hour, by_day):
    with time_machine.travel(f"2026-11-23 {hour} -0500", tick=False):
        assert reminders.is_daytime() is by_day
