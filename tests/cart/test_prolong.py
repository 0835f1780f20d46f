"""More time."""

from datetime import timedelta

from domain.common import clock
from models import CartItem
from tests.domain.cart.hold import held
from tests.factories import make_group
from tests.registering.family import child_of


def test_it_is_given_and_a_script_hears_until_when(citizen):
    item = held(citizen.household, child_of(citizen), make_group(), clock.now() - timedelta(minutes=10))
    citizen.joins()
    assert citizen.post("/panier/prolonger", "/panier").status_code == 303
    later = CartItem.get().held_until
    assert later > item.held_until + timedelta(minutes=9)
    answer = citizen.post("/panier/prolonger", "/panier", headers={"Accept": "application/json"})
    assert answer.json["held_until"] >= f"{later.isoformat()}"


def test_at_its_end_it_is_offered_no_more(citizen):
    item = held(citizen.household, child_of(citizen), make_group())
    CartItem.update(held_until=item.held_at_most).execute()
    citizen.joins()
    assert "Prolonger" not in citizen.client.get_page("/panier")
