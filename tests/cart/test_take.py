"""One press at the hour."""

from datetime import timedelta

from domain.common import clock
from models import Activity, CartItem
from tests.factories import make_group
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
    assert "n’a pas pu avoir de place" in citizen.client.get_page("/panier")
