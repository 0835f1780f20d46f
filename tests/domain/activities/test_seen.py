"""What a page showed of a cart: the same places, another one, the same on another day."""

from datetime import timedelta

import pytest

from domain.activities import seen
from domain.common import clock
from models import CartItem
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_person


def test_the_same_places_in_any_order_are_the_same(db):
    home = make_household()
    one, other = (held(home, make_person(home), make_group()) for _ in range(2))
    seen.refuse_another(seen.mark_of([one, other]), [other, one])


def test_another_place_is_another_cart_and_another_day_is_not(db):
    home, group = make_household(), make_group()
    one, other = (held(home, make_person(home), group) for _ in range(2))
    with pytest.raises(seen.CartChanged):
        seen.refuse_another(seen.mark_of([one]), [other])
    shown = seen.mark_of([one])
    group.starts_on = clock.today() + timedelta(days=99)
    group.save()
    with pytest.raises(seen.DatesChanged):
        seen.refuse_another(shown, [CartItem.get_by_id(one.id)])
