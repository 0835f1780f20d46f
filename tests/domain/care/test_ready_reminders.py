"""What is missing is recalled once before the opening, once before the first day, to those who can do something."""

from datetime import date, timedelta

import pytest

from domain.billing import reminders
from domain.care import ready_reminders
from domain.common import clock
from models import Account, EmergencyContact, Membership, Message
from tests.factories import (
    make_account,
    make_group,
    make_health_form,
    make_household,
    make_person,
    make_registration,
)

NOW, TODAY = clock.now(), clock.today()


@pytest.fixture
def account(app) -> Account:
    return with_mail(make_person(make_household()))


def with_mail(person) -> Account:
    email = f"p{person.id}@example.com"
    return make_account(person, email=email, email_key=email, email_confirmed_at=NOW)


@pytest.fixture
def child(account):
    home = account.person.memberships.get().household
    return make_person(home, first_name="Zoé", birth_date=date(TODAY.year - 8, 1, 1))


@pytest.fixture
def remind(letters, city):
    """Return what writes the reminders of a day, that many days from now."""
    return lambda days=0: ready_reminders.write_due(letters, city, NOW + timedelta(days=days))


def opens_in(days: int, **values):
    first = TODAY + timedelta(days=days + 60)
    times = {"opens_residents": NOW + timedelta(days=days), "starts_on": first, "ends_on": first + timedelta(days=4)}
    return make_group(**(times | {"age_min": 4, "age_max": 11} | values))


def test_three_weeks_before_the_opening_what_is_missing_is_written_once(account, child, remind):
    opens_in(25)
    assert [remind(days) for days in (0, 3, 5, 10, 24)] == [0, 0, 1, 0, 0]
    message = Message.get()
    assert message.recipient == account.email
    assert "La fiche santé de Zoé est à remplir" in message.body
    assert "/mon-dossier/pret" in message.body


def test_registered_it_is_written_once_more_before_the_first_day(account, child, remind):
    first = TODAY + timedelta(days=20)
    make_registration(child, make_group(starts_on=first, ends_on=first + timedelta(days=4)))
    assert [remind(days) for days in (0, 5, 6, 7, 19)] == [0, 0, 1, 0, 0]


def test_who_is_ready_is_left_in_peace(account, child, remind):
    opens_in(10)
    make_health_form(child)
    home = child.memberships.get().household
    EmergencyContact.create(person=child, household=home, name="Mamie", phone="819 843-1111")
    assert remind() == 0


def test_a_letter_says_nothing_of_what_a_form_says(account, child, remind):
    opens_in(10)
    make_health_form(child, good_until=TODAY)
    assert remind() == 1
    body = Message.get().body
    assert "à confirmer" in body
    assert not [word for word in ("Arachides", "EpiPen", "Ginette", "sac") if word in body]


def test_each_home_is_told_of_its_own(account, child, remind):
    opens_in(10)
    father = with_mail(make_person(make_household()))
    Membership.create(person=child, household=father.person.memberships.get().household)
    make_health_form(child, account.person.memberships.get().household)
    assert remind() == 2
    bodies = {one.recipient: one.body for one in Message.select()}
    assert "à remplir" in bodies[father.email]
    assert "fiche" not in bodies[account.email]


def test_nobody_is_told_who_has_no_child_of_that_age_stopped_reminders_or_has_no_address(account, child, remind):
    opens_in(10, age_min=12, age_max=15)
    assert remind() == 0
    opens_in(10)
    reminders.want(account, False)
    assert remind() == 0
    reminders.want(account, True)
    Account.update(email_confirmed_at=None).execute()
    assert remind() == 0


def test_queries_do_not_grow_with_children(account, child, remind, queries):
    opens_in(10)
    reminders.want(account, False)  # each letter is written apart
    with queries() as few:
        remind()
    for _ in range(10):
        make_person(child.memberships.get().household, birth_date=child.birth_date)
    with queries() as many:
        remind()
    assert len(many) == len(few)
