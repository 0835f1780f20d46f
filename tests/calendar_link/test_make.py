"""An address is made, and made anew: there is one at a time."""

from typing import Any

from domain.access import separation
from models import AuditEvent, CalendarLink, Message, Person
from tests.attacks.conftest import rules
from tests.calendar_link.conftest import MAKE, OVERVIEW, STOP, makes
from tests.factories import make_person
from tests.walker import Citizen


def portal_of(citizen: Citizen) -> Any:
    return citizen.client.application.extensions["portal"]


def test_an_address_is_made_where_there_was_none(citizen):
    citizen.joins()
    assert "Créer mon adresse" in citizen.client.get_page(OVERVIEW)
    makes(citizen)
    html = citizen.client.get_page(OVERVIEW)
    assert "Créer mon adresse" not in html
    assert "Créer une nouvelle adresse" in html


def test_the_one_that_is_there_is_shown_no_more(citizen, address):
    """Whoever finds a browser left open reads none: a new one ends the one before, and is told."""
    token = address.removeprefix("/calendrier/")
    seen = [rule for rule in rules(citizen.client.application, "GET") if not rule.arguments]
    pages = [citizen.client.get(rule.rule).data for rule in seen]
    assert len(pages) > 40
    assert not [page for page in pages if token.encode() in page or b"webcal:" in page]


def test_no_address_begins_by_plain_http_where_the_site_does_not(citizen, address):
    """« webcal: » is http to some programs: the secret would leave in clear, before anything redirects it."""
    assert "webcal:" not in citizen.post(MAKE, OVERVIEW).text


def test_another_takes_the_place_of_the_first(stranger, citizen, address):
    anew = makes(citizen)
    assert stranger.get(address).status_code == 404
    assert stranger.get(anew).status_code == 200
    assert CalendarLink.select().count() == 1


def test_nobody_makes_one_without_signing_in_or_a_form(stranger, citizen):
    citizen.joins()
    citizen.client.post(MAKE)
    assert stranger.post(MAKE).location.startswith("/connexion")
    assert not CalendarLink.select().exists()


def letters() -> list[Message]:
    return [one for one in Message.select() if "calendrier" in one.subject]


def test_whoever_makes_one_at_a_browser_left_open_is_heard_of_by_its_holder(citizen):
    """It reads her days for years, and no session shows it: a former spouse needs a minute at her telephone."""
    Person.update(email="marie@example.org").where(Person.id == citizen.person.id).execute()
    citizen.joins()
    citizen.post(MAKE, OVERVIEW)
    [told] = letters()
    assert told.recipient == "marie@example.org"
    assert "/calendrier/" not in told.body, "the letter opens nothing"
    citizen.post(STOP, OVERVIEW)
    acts = [one.action for one in AuditEvent.select().where(AuditEvent.person == citizen.person)]
    assert acts[-2:] == ["calendar made", "calendar stopped"]


def test_made_again_and_again_it_writes_three_times_an_hour(citizen):
    Person.update(email="marie@example.org").where(Person.id == citizen.person.id).execute()
    citizen.joins()
    for _again in range(5):
        citizen.post(MAKE, OVERVIEW)
    assert len(letters()) == 3
    assert CalendarLink.select().count() == 1


def test_who_was_set_apart_from_her_does_not_hear_of_it(citizen):
    """The address of before is one that the other may read."""
    Person.update(email="famille@example.org").where(Person.id == citizen.person.id).execute()
    citizen.joins()
    make_person(citizen.household)
    separation.split([citizen.person], [], portal_of(citizen).letters, portal_of(citizen).city)
    citizen.comes_back()
    citizen.post(MAKE, OVERVIEW)
    assert CalendarLink.select().count() == 1
    assert not letters()
