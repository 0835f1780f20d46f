"""A year of the room: amounts by person, gifts apart, each with its receipts, and only what is hers."""

import pytest

from domain.common import clock
from domain.taxes import tax_overview
from domain.taxes.tax_ages import Unfit
from models import Person
from tests.domain.taxes.conftest import LAST_YEAR, THIS_YEAR, spring
from tests.factories import make_household, make_invoice, make_payment_under_way, make_person, take_back


@pytest.fixture
def room(member, city):
    """Return the member's room for a year, as it stands."""
    return lambda year=LAST_YEAR: tax_overview.of_year(member.account, year, city)


def shown(groups: list) -> list[tuple[str, list[tuple[str, int]]]]:
    return [(name, [(entry.kind, entry.cents) for entry in entries]) for name, entries in groups]


def test_amounts_stand_by_person_in_the_order_of_names_and_gifts_apart(member, pays, room):
    anna = make_person(member.household, first_name="Anna")
    pays("child_care", 7_000)
    pays("activity", 400)
    pays("activity", 500, person=anna)
    pays("activity", 2, person=None)
    gift = pays("donation", 2_500)
    found = room()
    assert shown(found.people) == [
        ("", [("activity", 2)]),
        ("Anna Trần", [("activity", 500)]),
        ("Léa Trần", [("activity", 400), ("child_care", 7_000)]),
    ]
    assert [(entry.cents, entry.gift) for entry in found.gifts] == [(2_500, gift)]


def test_an_amount_comes_with_its_own_receipts_those_it_had_before_too(member, pays, issuing, room):
    second = make_person(member.household, first_name="Tom", birth_date=member.child.birth_date)
    payment = pays("child_care", 7_000)
    pays("child_care", 900, person=second)
    pays("donation", 100)
    pays("donation", 200)
    issuing()
    take_back(payment, 2_000)
    issuing()
    found = room()
    by_name = {name: [one.receipt.amount_cents for one in entry.receipts] for name, (entry,) in found.people}
    assert by_name == {"Léa Trần": [7_000, 5_000], "Tom Trần": [900]}
    assert [[one.receipt.amount_cents for one in entry.receipts] for entry in found.gifts] == [[100], [200]]


def test_a_receipt_cancelled_for_good_is_shown_with_nothing_paid(pays, issuing, room):
    care, gift = pays("child_care", 7_000), pays("donation", 100)
    issuing()
    for payment in (care, gift):
        take_back(payment, payment.amount_cents)
    issuing()
    found = room()
    entries = [*found.gifts, *(entry for _, group in found.people for entry in group)]
    assert [(entry.kind, entry.cents, entry.gift, len(entry.receipts)) for entry in entries] == [
        ("donation", 0, None, 1),
        ("child_care", 0, None, 1),
    ]


def test_what_is_missing_is_said_of_each_amount(member, pays, room):
    Person.update(city="").where(Person.id == member.person.id).execute()
    member.account.person = Person.get_by_id(member.person.id)
    pays("child_care")
    pays("activity", person=None)
    pays("donation")
    found = room()
    missing = {entry.kind: entry.missing for _, group in found.people for entry in group}
    assert missing == {"child_care": ["address", "days"], "activity": ["address", "child"]}
    assert found.gifts[0].missing == ["address"]
    assert found.has_address is False


def test_nothing_is_hers_that_another_paid_or_that_is_of_another_year(member, pays, issuing, room):
    pays("child_care", payer=make_person(member.household))
    pays("donation", payer=make_person())
    pays("activity", year=LAST_YEAR - 1)
    issuing()
    found = room()
    assert (found.people, found.gifts, found.without_payer_cents) == ([], [], 0)


def test_beside_them_stands_what_the_household_paid_in_nobodys_name_or_is_paying(member, pays, room):
    pays("child_care", 6_600, payer=None)
    pays("child_care", 900, payer=None, household=make_household())
    under_way = make_payment_under_way(make_invoice(member.household))
    make_payment_under_way(make_invoice(make_household()))
    found = room()
    assert (found.without_payer_cents, found.under_way) == (6_600, [under_way])


def test_a_year_known_in_part_says_from_when(pays, room):
    pays("rental", resolved_at=spring(LAST_YEAR))
    found = room(LAST_YEAR)
    assert (found.is_partial, found.known_from) == (True, spring(LAST_YEAR))
    assert room(THIS_YEAR).is_partial is False
    assert clock.local(found.known_from).year == LAST_YEAR


def test_queries_do_not_grow_with_what_was_paid(member, pays, issuing, room, queries):
    for category in ("child_care", "activity", "donation"):
        pays(category)
    issuing()
    with queries() as few:
        room()
    for category in ("child_care", "activity", "donation") * 3:
        pays(category, person=make_person(member.household))
    issuing()
    with queries() as many:
        room()
    assert len(many) == len(few)


def test_an_amount_says_why_it_gets_no_receipt(member, pays, room):
    pays("activity")
    pays("activity", person=make_person(member.household, first_name="Zoé"))
    pays("child_care", person=make_person(member.household, first_name="Zoé"))
    pays("donation")
    found = room()
    told = {(name, entry.kind): entry.unfit and entry.unfit.key for name, group in found.people for entry in group}
    assert told == {
        ("Léa Trần", "activity"): None,
        ("Zoé Trần", "activity"): Unfit.AGE_FOR_ACTIVITIES,
        ("Zoé Trần", "child_care"): Unfit.AGE_FOR_CARE,
    }
    assert found.gifts[0].unfit is None
