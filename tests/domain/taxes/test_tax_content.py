"""What each receipt should say: a gift's at once, a year's when it is over, and what is missing named."""

from datetime import date, datetime

import pytest

from domain.taxes import tax_content
from domain.taxes.tax_amounts import Care, Paid
from models import Person
from tests.domain.taxes.conftest import LAST_YEAR, THIS_YEAR
from tests.factories import make_activity, make_person, make_place, make_registration

LAST_DAY, NEXT_DAY = date(LAST_YEAR, 12, 31), date(THIS_YEAR, 1, 1)
A_DAY = Care(1, LAST_DAY, LAST_DAY, ("École",))


def contents(payer: Person, city, today: date = NEXT_DAY) -> list[tax_content.Content]:
    return list(tax_content.of_payer(payer, city, today))


@pytest.mark.parametrize(
    ("kind", "person_id", "care", "lacks"),
    [
        ("child_care", 7, A_DAY, []),
        ("child_care", 7, None, ["days"]),
        ("child_care", None, None, ["child", "days"]),
        ("activity", 7, None, []),
        ("activity", None, None, ["child"]),
        ("donation", None, None, []),
    ],
)
@pytest.mark.parametrize("address", ["12, rue Merry Nord", ""])
def test_what_is_missing_depends_on_what_the_receipt_is_of(kind, person_id, care, lacks, address):
    payer = Person(address=address, city="Magog", postal_code="J1X 2B6")
    found = tax_content.missing(Paid(1, kind, person_id, None, 100), payer, care)
    assert found == ([] if address else ["address"]) + lacks


@pytest.mark.parametrize("part", ["address", "city", "postal_code"])
def test_an_address_without_one_of_its_parts_is_none(db, part):
    assert make_person().has_address
    assert not make_person(**{part: ""}).has_address


def test_a_gift_has_its_receipt_at_once_and_a_year_when_it_is_over(member, pays, city):
    pays("donation", 2_500)
    pays("child_care", 7_000)
    pays("activity", 600)
    assert [one.kind for one in contents(member.person, city, LAST_DAY)] == ["donation"]
    assert sorted((one.kind, one.cents, one.year) for one in contents(member.person, city)) == [
        ("activity", 600, LAST_YEAR),
        ("child_care", 7_000, LAST_YEAR),
        ("donation", 2_500, LAST_YEAR),
    ]


def test_a_gift_bears_its_day_in_montreal_and_its_reference(member, pays, city):
    gift = pays("donation", resolved_at=datetime(LAST_YEAR, 7, 2, 3, 59))
    (content,) = contents(member.person, city)
    assert (content.subject, content.person_id, content.lacks) == (gift.reference, None, "")
    assert content.printed == {
        "payer": "Geneviève Trần",
        "address": ["12, rue Merry Nord", "Magog  J1X 2B6"],
        "issuer": [city.name, *city.address],
        "place": city.tax_receipts.place,
        "signatory": city.tax_receipts.signatory,
        "rules": LAST_YEAR,
        "received_on": f"{LAST_YEAR}-07-01",
        "reference": gift.reference,
    }


def test_without_an_address_there_is_no_gifts_receipt_but_a_years_that_says_so(member, pays, city):
    Person.update(address="").where(Person.id == member.person.id).execute()
    pays("donation")
    pays("activity")
    (content,) = contents(Person.get_by_id(member.person.id), city)
    assert (content.kind, content.lacks, content.printed["address"]) == ("activity", "address", [])


def test_child_care_says_for_whom_what_when_and_where(member, pays, city):
    camp = {"category": "child_care", "starts_on": date(LAST_YEAR, 7, 1), "ends_on": date(LAST_YEAR, 7, 7)}
    make_registration(member.child, make_activity(make_place(name="École"), weekdays="lun mar", **camp))
    pays("child_care", description="Camp de jour")
    pays("child_care", description="Relâche")
    (content,) = contents(member.person, city)
    printed = content.printed
    assert (content.subject, content.person_id, content.lacks) == (f"person {member.child.id}", member.child.id, "")
    assert (printed["person"], printed["born"]) == ("Léa Trần", f"{LAST_YEAR - 6}-05-04")
    assert printed["services"] == ["Camp de jour", "Relâche"]
    number, first, last, *places = printed["care"]
    assert (number, places) == (2, ["École"])
    assert f"{LAST_YEAR}-07-01" <= first < last <= f"{LAST_YEAR}-07-07"
    assert printed["partial"] is True


def test_days_of_care_are_not_printed_on_a_receipt_for_activities(member, pays, city):
    camp = {"category": "child_care", "starts_on": date(LAST_YEAR, 7, 1), "ends_on": date(LAST_YEAR, 7, 7)}
    make_registration(member.child, make_activity(**camp))
    pays("child_care")
    pays("activity")
    assert {one.kind: bool(one.printed["care"]) for one in contents(member.person, city)} == {
        "activity": False,
        "child_care": True,
    }


def test_what_was_paid_for_nobody_in_particular_has_a_receipt_that_lacks_the_child(member, pays, city):
    pays("child_care", person=None)
    (content,) = contents(member.person, city)
    assert (content.subject, content.lacks) == (tax_content.subject_of(None), "child days")
    assert (content.printed["person"], content.printed["born"]) == ("", "")


def test_what_another_paid_is_not_hers(member, pays, city):
    pays("child_care", payer=make_person(member.household))
    pays("donation", payer=None)
    pays("rental")
    assert contents(member.person, city) == []
