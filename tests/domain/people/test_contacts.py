"""Whom to call: several, in order, each home its own list; every change is in the trail, which names nobody."""

from datetime import date

import pytest

from domain.people import contacts
from models import Account, AuditEvent, EmergencyContact, Membership, Person
from tests.factories import make_account, make_household, make_person

CHILD = {"birth_date": date(2018, 5, 1)}


@pytest.fixture
def account(app) -> Account:
    return make_account()


@pytest.fixture
def home(account) -> int:
    return Membership.get(Membership.person == account.person).household_id


@pytest.fixture
def child(home) -> Person:
    return make_person(home, **CHILD)


def called(account: Account, person: Person) -> list[str]:
    found = contacts.of_several([person], account.household_ids())
    return [one.name for one in found.get(person.id, [])]


def enter(account: Account, person: Person, *names: str) -> None:
    for number, name in enumerate(names):
        contacts.add(account, person, name, f"819 843-133{number}", "")


def entered(account: Account, person: Person, name: str) -> EmergencyContact:
    found = contacts.of_several([person], account.household_ids())[person.id]
    return next(one for one in found if one.name == name)


def test_they_are_called_in_the_order_in_which_they_were_entered(account, child):
    enter(account, child, "Ginette", "Réjean", "Ahmed", "Ève", "Émile")
    assert called(account, child) == ["Ginette", "Réjean", "Ahmed", "Ève", "Émile"]
    events = [(event.action, event.subject) for event in AuditEvent.select()]
    assert events == [("emergency contact", str(child.id))] * 5


def test_the_same_one_twice_is_one_and_a_list_has_an_end(account, child):
    for relation in ("voisine", "marraine"):
        contacts.add(account, child, "Ginette", "819 843-1330", relation)
    assert EmergencyContact.get().relation == "marraine"
    for number in range(contacts.MOST - 1):
        contacts.add(account, child, f"Contact {number}", "819 843-1330", "")
    with pytest.raises(contacts.TooMany):
        contacts.add(account, child, "Un de trop", "819 843-1330", "")
    contacts.add(account, child, "Ginette", "819 843-1330", "voisine")
    assert EmergencyContact.select().count() == contacts.MOST


def test_one_is_put_first_corrected_and_removed(account, child):
    enter(account, child, "Ginette", "Réjean", "Ahmed")
    contacts.put_first(account, entered(account, child, "Ahmed"))
    assert called(account, child) == ["Ahmed", "Ginette", "Réjean"]
    contacts.put_first(account, entered(account, child, "Réjean"))
    assert called(account, child) == ["Réjean", "Ahmed", "Ginette"]
    contacts.change(account, entered(account, child, "Ahmed"), "Amed", "819 843-9999", "oncle")
    assert called(account, child) == ["Réjean", "Amed", "Ginette"]
    contacts.remove(account, entered(account, child, "Réjean"))
    enter(account, child, "Zoé")
    assert called(account, child) == ["Amed", "Ginette", "Zoé"]


def test_one_made_the_same_as_another_is_said_and_stays(account, child):
    enter(account, child, "Ginette", "Réjean")
    with pytest.raises(contacts.AlreadyThere):
        contacts.change(account, entered(account, child, "Réjean"), "Ginette", "819 843-1330", "")
    assert called(account, child) == ["Ginette", "Réjean"]


def test_a_child_of_two_homes_has_a_list_in_each_and_neither_reads_nor_changes_the_others(account, child):
    second = make_household()
    Membership.create(household=second, person=child)
    other = make_account(make_person(second))
    enter(account, child, "Ginette", "Ahmed")
    assert called(other, child) == []
    enter(other, child, "Ginette")
    theirs = entered(account, child, "Ginette")
    assert contacts.find(other, child, theirs.id) is None
    contacts.remove(other, theirs)
    contacts.put_first(other, theirs)
    assert called(account, child) == ["Ginette", "Ahmed"]
    assert called(other, child) == [], "hers of that name went"


def test_of_someone_of_several_of_an_accounts_households_all_call_the_same(account, child):
    second = make_household()
    for person in (account.person, child):
        Membership.create(household=second, person=person)
    enter(account, child, "Ginette", "Réjean")
    assert EmergencyContact.select().count() == 4
    assert called(account, child) == ["Ginette", "Réjean"]
    contacts.put_first(account, entered(account, child, "Réjean"))
    contacts.change(account, entered(account, child, "Ginette"), "Gigi", "819 843-1330", "")
    for household in account.household_ids():
        rows = contacts.in_order(EmergencyContact.select().where(EmergencyContact.household == household))
        assert [row.name for row in rows] == ["Réjean", "Gigi"]
    contacts.remove(account, entered(account, child, "Gigi"))
    assert EmergencyContact.select().count() == 2
