"""The order of preference."""

from models import CartItem
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_person
from tests.registering.family import child_of, tags


def test_the_cart_stands_as_asked(citizen):
    items = [held(citizen.household, child_of(citizen), make_group()) for _ in range(3)]
    citizen.joins()
    wanted = [str(items[n].id) for n in (2, 0, 1)]
    assert citizen.post("/panier/ordre", "/panier", item=wanted).status_code == 303
    assert [row["data-item"] for row in tags(citizen.client.get_page("/panier"), "data-item")] == wanted


def test_anothers_thing_is_not_found(citizen):
    other = make_household()
    item = held(other, make_person(other), make_group())
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    assert citizen.post("/panier/ordre", "/panier", item=item.id).status_code == 404
    assert CartItem.get_by_id(item.id).position == 0
