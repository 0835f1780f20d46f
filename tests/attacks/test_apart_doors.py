"""Attacks 95 to 98: someone set apart, whichever of the two left, whose account is entered through what was shared."""

from datetime import date

import pytest

from domain.access import email_confirmation, email_undo, help_asked, password_reset
from domain.access.credentials import fold
from domain.common import clock
from models import Account, Message, PasswordReset, Person, PreviousEmail
from tests.factories import make_person
from tests.walker import Citizen

SHARED, HERS = "nous@example.com", "elle@example.com"


@pytest.fixture
def portal(app):
    return app.extensions["portal"]


@pytest.fixture
def couple(citizen, app):
    """A couple with an account each; she confirmed the mailbox that both read."""
    citizen.joins(email="")
    other = Citizen(app.test_client(), citizen.household)
    other.person = make_person(citizen.household, first_name="Marc", birth_date=date(1980, 2, 3))
    other.joins(username="marc")
    confirms(citizen, SHARED)
    return citizen, other


def confirms(citizen, email: str) -> None:
    values = {"email": email, "email_key": fold(email), "email_confirmed_at": clock.now()}
    Account.update(**values).where(Account.person == citizen.person).execute()


def changes(citizen, email: str, portal) -> None:
    token = email_confirmation.ask_confirmation(Account.get(Account.person == citizen.person), email)
    email_confirmation.confirm(token, portal.letters, portal.city)


def split(app, *cards_of) -> None:
    words = ["household", "split", *[one.person.card_number for one in cards_of]]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0


def asks_for_a_password(citizen, portal) -> int:
    """Ask by her card, as he can, and return how many links were made."""
    person = citizen.person
    help_asked.ask_by_card(password_reset.PASSWORD, person.card_number, person.birth_date, "192.0.2.1")
    help_asked.answer_due(portal.letters, portal.city)
    return PasswordReset.select().count()


def leaves(which: str, couple) -> Citizen:
    """Return who of the couple the city sets apart: she, or he while she stays."""
    return couple[which == "he"]


def test_95_who_stays_opens_her_account_with_a_code_too(citizen, app):
    other = Citizen(app.test_client(), citizen.household)
    split(app, other)
    assert citizen.identifies().status_code == 303
    assert citizen.chooses().status_code == 422
    assert not Account.select().exists()
    said = app.test_cli_runner().invoke(args=["recovery-code", citizen.person.card_number]).output
    assert citizen.chooses(code=said.split()[0]).status_code == 303


@pytest.mark.parametrize("leaving", ["she", "he"])
@pytest.mark.parametrize("confirmed", [True, False])
def test_96_no_new_password_goes_to_the_mailbox_of_before(couple, app, portal, leaving, confirmed):
    citizen, _other = couple
    if not confirmed:
        Person.update(email=SHARED).where(Person.id == citizen.person.id).execute()
        Account.update(email="", email_key="", email_confirmed_at=None).where(
            Account.person == citizen.person
        ).execute()
    assert asks_for_a_password(citizen, portal) == 1, "until then it does"
    split(app, leaves(leaving, couple))
    assert asks_for_a_password(citizen, portal) == 0
    confirms(citizen, SHARED)
    assert asks_for_a_password(citizen, portal) == 1, "she said since that it is hers"


@pytest.mark.parametrize("leaving", ["she", "he"])
def test_97_a_link_to_put_an_address_back_opens_nothing_once_set_apart(couple, app, portal, leaving):
    citizen, _other = couple
    changes(citizen, HERS, portal)
    words = next(one.body for one in Message.select() if one.recipient == SHARED and "/retablir-courriel/" in one.body)
    token = words.partition("/retablir-courriel/")[2].split()[0]
    assert email_undo.waiting(token).email == SHARED, "until then it does"
    split(app, leaves(leaving, couple))
    visitor = Citizen(app.test_client(), citizen.household)
    assert visitor.post(f"/retablir-courriel/{token}").status_code == 404
    assert Account.get(Account.person == citizen.person).email == HERS
    assert not PreviousEmail.select().exists()


def test_98_a_mailbox_that_anothers_account_confirmed_is_nobodys_way_in(couple, portal):
    citizen, other = couple
    Account.update(email="", email_key="", email_confirmed_at=None).execute()
    Person.update(email=SHARED).where(Person.id == citizen.person.id).execute()
    confirms(other, SHARED.upper())
    assert asks_for_a_password(citizen, portal) == 0
    confirms(other, "lui@example.com")
    assert asks_for_a_password(citizen, portal) == 1
