"""The files with a row a thing: what its columns name is named, and who has no card is left out."""

from domain.exports import things
from models import Membership
from tests.factories import make_household, make_person, make_registration, make_reservation


def test_a_registration_names_its_activity_and_its_card(db):
    one = make_registration(make_person(make_household()))
    [row] = things.registrations()
    named = (row["registration"], row["activity"], row["card_number"])
    assert named == (one.code, one.activity.code, one.person.card_number)


def test_a_reservation_names_its_place_and_its_household(db):
    one = make_reservation(make_household("D9"))
    [row] = things.reservations()
    assert (row["reservation"], row["place"], row["household"]) == (one.code, one.place.code, "D9")


def test_a_child_of_two_homes_has_a_row_in_each_in_order(db):
    child = make_person(make_household("D2"))
    Membership.create(person=child, household=make_household("D1"))
    assert [(row["card_number"], row["household"]) for row in things.cards()] == [
        (child.card_number, "D1"),
        (child.card_number, "D2"),
    ]


def test_who_is_of_no_household_any_more_is_in_no_file(db):
    gone = make_person(make_household())
    make_registration(gone)
    Membership.delete().where(Membership.person == gone).execute()
    assert [*things.cards(), *things.registrations()] == []
