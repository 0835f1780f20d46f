"""What a household has keeps its rank, and fills caps."""

from domain.activities import enrolled
from models import CartItem, Registration
from tests.domain.cart.hold import held
from tests.domain.cart.test_confirm import confirms, priced
from tests.factories import make_group, make_household, make_person, make_registration


def places(household, group):
    return {one.person.id for one in enrolled.of_household(household.id, [group]).places}


def test_confirmed_and_invoiced_places_of_the_season_count(db):
    household, group = make_household(), make_group()
    confirmed = make_registration(make_person(household), group)
    place = priced(household, 5_800)
    confirms(household, place)
    held(household, make_person(household), group)  # on no invoice yet
    make_registration(make_person(household), make_group(season="Hiver"))
    make_registration(make_person(household), make_group(), status=Registration.CANCELLED)
    assert places(household, group) == {confirmed.person_id, place.item.person_id}


def test_what_the_other_home_took_for_a_child_is_the_other_homes(db):
    household, other, group = make_household(), make_household(), make_group()
    child = make_person(household)
    make_registration(child, group, household=other)
    assert places(household, group) == set()


def test_what_was_invoiced_is_added_up_by_programme_options_apart(db):
    household = make_household()
    place = priced(household, 5_800, 3_500)
    confirms(household, place)
    CartItem.update(state=CartItem.CONFIRMED).execute()
    spent = enrolled.of_household(household.id, [place.item.activity]).paid_cents
    assert {(purse.program, purse.option): cents for purse, cents in spent.items()}["club-ete", ""] == 5_800
