"""A card that wrong dates closed: a link to the e-mail on file, which whoever tried them cannot read."""

import re

import pytest

from domain.access import identification
from domain.common import rate_limits
from models import Message, Person, WrongDate
from tests.attacks.test_guessing import MOST_DATES, guesses
from tests.factories import make_account, make_person
from tests.forgotten.test_username import asks

PATH = "/oubli/carte"


@pytest.fixture
def closed(citizen):
    citizen.person.email = "file@example.com"
    citizen.person.save()
    guesses(citizen, MOST_DATES)
    assert citizen.identifies().status_code == 422
    return citizen


def test_page_comes_whole_and_as_fragment(client):
    assert "n’ouvre plus" in client.get_page(PATH)


def test_who_is_refused_is_told_of_it(citizen):
    assert f'href="{PATH}"' in citizen.identifies("QMAGB99999999").text


def test_the_link_leads_past_step_1(closed):
    assert asks(closed, PATH, closed.person).location == "/oubli/envoye"
    message = Message.get()
    assert message.recipient == "file@example.com"
    path = re.search(r"https?://[^/]+(/compte/lien/\S+)", message.body)[1]
    assert closed.client.get(path).location == "/compte/identifiants"
    assert closed.chooses().location == "/mon-dossier"


def test_a_wrong_date_there_is_written_to_nobody_and_counts(closed):
    assert asks(closed, PATH, closed.person, birth_day="3").location == "/oubli/envoye"
    assert not Message.select().exists()


def test_who_has_an_account_is_deceased_or_shares_her_address_gets_none(closed):
    account = make_account(closed.person)
    asks(closed, PATH, closed.person)
    account.delete_instance()
    Person.update(status=Person.DECEASED).execute()
    asks(closed, PATH, closed.person)
    Person.update(status=Person.ACTIVE).execute()
    other = make_person(email="FILE@example.com")
    asks(closed, PATH, closed.person)
    assert not Message.select().exists()
    Person.update(email="elsewhere@example.com").where(Person.id == other.id).execute()
    asks(closed, PATH, closed.person)
    assert Message.select().count() == 1


def test_three_an_hour(closed):
    for _ in range(5):
        asks(closed, PATH, closed.person)
    assert Message.select().count() == 3
    assert rate_limits.is_closed(closed.person.card_number)
    assert WrongDate.select().exists()
    assert identification.VALID_FOR.total_seconds() == 60 * 60
