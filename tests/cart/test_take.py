"""One press at the hour."""

import re
from datetime import timedelta

from domain.common import clock
from models import Activity, CartItem
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_person
from tests.registering.family import child_of


def wish(citizen, **values):
    group = make_group(opens_residents=clock.now() + timedelta(hours=1), **values)
    return CartItem.create(household=citizen.household, person=child_of(citizen), activity=group, state=CartItem.WISH)


def test_before_the_hour_the_wishes_are_kept_and_it_is_said(citizen):
    wish(citizen)
    citizen.joins()
    answer = citizen.post("/panier/prendre", "/panier")
    assert answer.status_code == 422
    assert "pas encore ouverte" in answer.text
    assert CartItem.get().state == CartItem.WISH


def test_at_the_hour_one_press_takes_all_and_says_what_could_not_be_had(citizen):
    wish(citizen), wish(citizen, capacity=0)
    citizen.joins()
    Activity.update(opens_residents=clock.now() - timedelta(hours=1)).execute()
    assert "Prendre mes places" in citizen.client.get_page("/panier")
    answer = citizen.post("/panier/prendre", "/panier")
    assert answer.status_code == 303
    states = list(CartItem.select(CartItem.state).order_by(CartItem.id).scalars())
    assert states == [CartItem.HELD, CartItem.LAPSED]
    assert re.search(r"n’a pas pu avoir de place.*\(complet\)", citizen.client.get_page("/panier"))


def test_full_groups_cost_a_press_no_query_each_for_in_a_rush_nearly_all_are(citizen, queries):
    citizen.joins()
    counts = []
    for wishes in (1, 6):
        for _ in range(wishes):
            wish(citizen, capacity=0)
        Activity.update(opens_residents=clock.now() - timedelta(hours=1)).execute()
        token = re.search(r'name="csrf_token" value="([^"]+)"', citizen.client.get("/panier").text)[1]
        with queries() as made:
            citizen.client.post("/panier/prendre", data={"csrf_token": token})
        counts.append(len(made))
    assert counts[0] == counts[1]
    assert CartItem.select().where(CartItem.state == CartItem.LAPSED).count() == 7


def test_a_place_whose_hold_is_over_is_had_by_who_presses(citizen):
    other = make_household()
    group = wish(citizen, capacity=1).activity
    held(other, make_person(other), group, clock.now() - timedelta(hours=1))
    citizen.joins()
    Activity.update(opens_residents=clock.now() - timedelta(hours=1)).execute()
    citizen.post("/panier/prendre", "/panier")
    states = set(CartItem.select(CartItem.household, CartItem.state).tuples())
    assert states == {(other.id, CartItem.LAPSED), (citizen.household.id, CartItem.HELD)}
