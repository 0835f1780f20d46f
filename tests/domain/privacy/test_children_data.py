"""What a parent takes along of her children: all that she may see, and of a child of two homes what is her home's."""

import json
from datetime import date

import pytest

from domain.common import clock
from domain.people import household
from domain.privacy import children_data
from domain.privacy.plain_rows import plain
from domain.staff import counter
from models import Account, AuthorisedPerson, EmergencyContact, Membership, Person, Registration, UnverifiedAccount
from tests.factories import (
    make_accompaniment,
    make_account,
    make_activity,
    make_health_form,
    make_household,
    make_person,
    make_registration,
    make_visit,
)

TODAY = clock.today()
SEVEN = date(TODAY.year - 7, 1, 1)
LIVES = {"address": "77, chemin du Refuge", "phone": "819 555-0177", "email": "z@example.com", "postal_code": "J9Z 7R7"}


@pytest.fixture
def mother(db) -> Account:
    return make_account(make_person(make_household()))


@pytest.fixture
def child(mother) -> Person:
    """Her child, of whom every kind of thing is held."""
    home = mother.person.memberships.get().household
    child = make_person(home, first_name="Zoé", birth_date=SEVEN, **LIVES)
    EmergencyContact.create(person=child, household=home, name="Mamie", phone="819 843-1111", relation="aïeule")
    make_registration(child, code="I-live")
    make_registration(child, make_activity(title="Judo"), code="I-waits", status=Registration.WAITING)
    make_registration(child, make_activity(title="Cirque"), code="I-gone", status=Registration.CANCELLED)
    counter.open_file(make_visit(), child.card_number)
    return child


def held(account: Account, city) -> dict:
    return {name: plain(section) for name, section in children_data.sections(account, city, TODAY).items()}


def other_home(child: Person) -> Account:
    father = make_account(make_person(make_household(), first_name="Marc"))
    Membership.create(person=child, household=father.person.memberships.get().household)
    return father


def test_all_that_ma_famille_shows_is_in_it(mother, child, city):
    [shown] = held(mother, city)["children"]
    lives = {**LIVES, "city": "Magog"}
    assert shown == {
        "first_name": "Zoé",
        "last_name": "Trần",
        "age": clock.today().year - SEVEN.year,
        "card_ends": child.card_number[-4:],
        "expires_on": child.expires_on.isoformat(),
        "status": "active",
        **lives,
    }
    [contact] = held(mother, city)["children_emergency_contacts"]
    assert contact == {"child": "Zoé Trần", "name": "Mamie", "phone": "819 843-1111", "relation": "aïeule"}
    [look] = held(mother, city)["children_file_events"]
    assert (look["child"], look["action"], look["actor_kind"]) == ("Zoé Trần", "file opened", "staff")


def test_her_registrations_are_in_it_but_for_those_cancelled(mother, child, city):
    live, waits = held(mother, city)["children_registrations"]
    assert (live["child"], live["activity"], live["status"], live["code"]) == (
        "Zoé Trần",
        "Yoga du matin",
        "confirmed",
        "I-live",
    )
    assert (waits["activity"], waits["status"]) == ("Judo", "waiting")
    assert live["starts_on"] == (Registration.get().activity.starts_on).isoformat()


def test_of_a_child_of_two_homes_each_takes_along_what_security_md_says_that_each_home_sees(mother, child, city):
    father = other_home(child)
    EmergencyContact.create(
        person=child, household=father.person.memberships.get().household, name="Papi", phone="819 843-2222"
    )
    for home, said in (
        (child.memberships.get().household, "Mamie"),
        (father.person.memberships.get().household, "Papi"),
    ):
        make_health_form(child, home, allergies=f"{said} dit : noix")
        make_accompaniment(child, home, words=f"{said} demande quelqu’un", asked_by=child)
    AuthorisedPerson.update(name="Tante Rose").execute()
    for account, own, others in ((mother, "Mamie", "Papi"), (father, "Papi", "Mamie")):
        text = json.dumps(held(account, city), ensure_ascii=False)
        assert [words for words in (own, f"{own} dit", f"{own} demande") if words not in text] == []
        assert text.count("Tante Rose") == 1
        both = ("Zoé", "Yoga du matin", "Judo", "waiting", child.card_number[-4:], "file opened")
        assert [words for words in both if words not in text] == []
        neither = (
            *LIVES.values(),
            child.card_number,
            SEVEN.isoformat(),
            "I-live",
            "I-waits",
            "Cirque",
            "registered_on",
        )
        assert [words for words in (*neither, others) if words in text] == []


def test_a_home_she_was_set_apart_from_takes_nothing_along(mother, child, city):
    father = other_home(child)
    theirs = father.person.memberships.get().household
    Membership.delete().where(Membership.person == child, Membership.household == theirs).execute()
    assert set(map(len, held(father, city).values())) == {0}


def test_an_account_to_verify_takes_no_contact_details_along(mother, child, city):
    UnverifiedAccount.create(account=mother)
    assert not household.reads_contacts(mother)
    make_health_form(child, allergies="Noix")
    make_accompaniment(child, words="Quelqu’un")
    text = json.dumps(held(mother, city), ensure_ascii=False)
    assert [words for words in (*LIVES.values(), "Noix", "Ginette", "Quelqu’un") if words in text] == []
    assert "Zoé" in text


def test_another_adult_and_a_strangers_child_are_not_in_it(mother, child, city):
    make_person(mother.person.memberships.get().household, first_name="Marc")
    make_person(make_household(), first_name="Inconnue", birth_date=SEVEN)
    assert [one["first_name"] for one in held(mother, city)["children"]] == ["Zoé"]
