"""Citizen cards: a person each; her rows are her households, those set apart by the city stay apart."""

from datetime import date

import pytest

from domain.access import sessions
from domain.imports import cards
from domain.imports.outcome import Outcome, Problem, Reason
from models import Household, Membership, Person, Separation, Session
from tests.factories import make_account, make_household, make_person
from tests.imports import bring_in

pytestmark = pytest.mark.usefixtures("db")


def row(number: str = "QMAGB00000001", household: str = "D1", **values) -> dict:
    defaults = {
        "card_number": number,
        "household": household,
        "last_name": "Trần",
        "first_name": "Zoé",
        "birth_date": date(1984, 2, 29),
        "expires_on": date(2030, 11, 23),
        "address": "12, rue Merry Nord",
        "city": "Magog",
        "postal_code": "J1X 2B6",
        "phone": "",
        "email": "",
        "resident": True,
        "status": Person.ACTIVE,
        "price_class": "",
        "school": "",
        "levels": "",
    }
    return defaults | values


def brings(*rows: dict) -> Outcome:
    """Bring rows in as `flask import` does, the first being line 2."""
    return bring_in(cards.plan, *rows)


def counted(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.created, outcome.updated, outcome.unchanged


def homes_of(number: str = "QMAGB00000001") -> set[str]:
    rows = Household.select(Household.code).join(Membership).join(Person).where(Person.card_number == number).tuples()
    return {code for (code,) in rows}


def test_cards_are_counted_as_persons_not_as_rows():
    rows = [row(), row(household="D2"), row("QMAGB00000002")]
    assert counted(brings(*rows)) == (2, 0, 0)
    assert counted(brings(*rows)) == (0, 0, 2)
    changed = [row() | {"phone": "819 843-0000"}, row(household="D2") | {"phone": "819 843-0000"}]
    assert counted(brings(*changed, row("QMAGB00000002"), row("QMAGB00000003"))) == (1, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"last_name": "Roy"},
        {"first_name": "Zoë"},
        {"birth_date": date(1984, 3, 1)},
        {"expires_on": date(2031, 1, 1)},
        {"address": "1, rue du Lac"},
        {"city": "Orford"},
        {"postal_code": "J1X 1A1"},
        {"phone": "819 843-0000"},
        {"email": "zoe@example.com"},
        {"resident": False},
        {"status": Person.LOST},
        {"price_class": "organisation"},
        {"school": "3"},
        {"levels": "nage-1 nage-2"},
    ],
)
def test_whatever_changed_on_a_card_is_written_and_no_other_card_is(change):
    brings(row(), row("QMAGB00000002"))
    brings(row(**change), row("QMAGB00000002"))
    person, other = Person.select().order_by(Person.card_number)
    assert {name: getattr(person, name) for name in change} == change
    assert {name: getattr(other, name) for name in change} == {name: row()[name] for name in change}


def test_a_cards_rows_are_its_households_as_a_set_and_a_card_not_in_the_file_keeps_its_own():
    absent = make_person(make_household("D9"), card_number="QMAGB00000009")
    brings(row(), row(household="D2"))
    assert homes_of() == {"D1", "D2"}
    brings(row(household="D2"), row(household="D3"))
    assert homes_of() == {"D2", "D3"}
    assert homes_of(absent.card_number) == {"D9"}


def test_one_card_with_two_names_is_refused_and_nothing_is_written():
    make_household("D1")
    outcome = brings(row(), row("QMAGB00000002"), row(household="D2", last_name="Roy"))
    assert outcome.rejected == [Problem(4, "card_number", Reason.CARD_DIFFERS, {"line": 2})]
    assert not Person.select().exists()
    assert Household.select().count() == 1


@pytest.mark.parametrize(("stays", "homes"), [(False, {"D-APART"}), (True, {"D-APART", "D1"})])
def test_who_was_set_apart_stays_apart_or_in_both(stays, homes):
    brings(row(), row("QMAGB00000002"))
    person = Person.get(Person.card_number == "QMAGB00000001")
    apart, home = make_household("D-APART"), Household.get(Household.code == "D1")
    Separation.create(person=person, household=home, apart=apart, stays=stays)
    for _ in range(2):
        brings(row(), row("QMAGB00000002"))
        assert homes_of() == homes
        assert homes_of("QMAGB00000002") == {"D1"}


def test_who_died_is_signed_out_and_nobody_else():
    brings(row(), row("QMAGB00000002"))
    one, other = (make_account(person) for person in Person.select().order_by(Person.card_number))
    for account in (one, other):
        sessions.start(account)
    brings(row(status=Person.LOST), row("QMAGB00000002"))
    assert Session.select().count() == 2
    brings(row(status=Person.DECEASED), row("QMAGB00000002"))
    assert [session.account for session in Session.select()] == [other]
