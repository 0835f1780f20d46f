"""Ma famille."""

from datetime import timedelta

import pytest

from domain.common import clock
from models import Membership
from tests.factories import make_household, make_person

PATH = "/mon-dossier/famille"


def test_it_tells_names_ages_and_the_end_of_each_card(home):
    citizen, spouse, child = home
    html = citizen.client.get_page(PATH)
    for person in (citizen.person, spouse, child):
        assert person.name in html
        assert f"···{person.card_number[-4:]}" in html
        assert person.card_number not in html
    assert "9\u00a0ans" in html or "9 ans" in html


def test_another_adults_details_are_her_own_business(home):
    citizen, spouse, child = home
    html = citizen.client.get_page(PATH)
    assert "819\u00a0555-0123" in html, "a child's"
    assert "819\u00a0555-0199" not in html
    assert spouse.email not in html


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "Carte expirée depuis"), (0, "La carte expire le"), (60, "La carte expire le"), (61, "valide")],
)
def test_an_expiry_is_told_from_sixty_days_before(home, city, days, said):
    citizen, _spouse, child = home
    type(child).update(expires_on=clock.today() + timedelta(days=days)).where(type(child).id == child.id).execute()
    html = citizen.client.get_page(PATH)
    section = html.partition(f"<h2>{child.name}")[2].partition('class="panel"')[0]
    assert said in section
    assert (city.card.request_form in section) is (days < 61)


def test_the_deceased_and_other_households_are_left_out(home):
    citizen, _spouse, _child = home
    make_person(citizen.household, first_name="Défunte", status="deceased")
    make_person(make_household(), first_name="Étrangère")
    html = citizen.client.get_page(PATH)
    assert "Défunte" not in html
    assert "Étrangère" not in html


def test_the_number_of_queries_does_not_grow(home, queries):
    citizen, _spouse, _child = home
    with queries() as few:
        citizen.client.get(PATH)
    for _ in range(10):
        make_person(citizen.household)
    with queries() as many:
        citizen.client.get(PATH)
    assert len(many) == len(few)


def test_a_child_of_two_homes_does_not_tell_where_the_other_one_is(home):
    citizen, _spouse, child = home
    Membership.create(household=make_household(), person=child)
    html = citizen.client.get_page(PATH)
    assert child.name in html
    assert "819\u00a0555-0123" not in html
    assert f"/mon-dossier/famille/{child.id}/urgence" in html
