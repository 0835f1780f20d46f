"""Places whose time is over are free again."""

from datetime import timedelta

from domain.cart import lapses
from domain.common import clock
from models import CartItem, Invoice, PlacesTaken
from tests.domain.cart.hold import held
from tests.domain.cart.test_confirm import THREE, confirms, priced
from tests.factories import make_group, make_household, make_payment_under_way, make_person

LATER = timedelta(minutes=16)


def test_what_is_over_is_free_and_what_is_not_stays(db):
    household, group = make_household(), make_group()
    held(household, make_person(household), group, clock.now() - LATER)
    held(household, make_person(household), group)
    [gone] = lapses.sweep(clock.now())
    assert len(gone.items) == 1
    assert PlacesTaken.get_by_id(group.id).taken == 1
    assert lapses.sweep(clock.now()) == []


def test_what_is_owed_for_them_is_cancelled_on_every_date(db):
    household = make_household()
    confirms(household, priced(household, 10_000, plan=THREE), priced(household, 3_000))
    [gone] = lapses.sweep(clock.now() + LATER)
    assert (len(gone.items), len(gone.invoices)) == (2, 3)
    assert set(Invoice.select(Invoice.status).scalars()) == {Invoice.CANCELLED}


def test_places_of_one_invoice_go_together_or_not_yet(db):
    household = make_household()
    confirms(household, first := priced(household, 5_800), priced(household, 4_400))
    over = clock.now() - LATER
    CartItem.update(held_until=over).where(CartItem.id == first.item.id).execute()
    assert lapses.sweep(clock.now()) == []
    assert Invoice.get().status == Invoice.OPEN


def test_nothing_goes_that_is_being_paid(db):
    household = make_household()
    [invoice] = confirms(household, priced(household, 5_800))
    make_payment_under_way(invoice)
    assert lapses.sweep(clock.now() + timedelta(days=1)) == []


def test_one_group_can_be_swept_alone(db):
    household, over = make_household(), clock.now() - LATER
    held(household, make_person(household), group := make_group(), over)
    held(household, make_person(household), make_group(), over)
    [gone] = lapses.sweep(clock.now(), [group.id])
    assert [item.activity_id for item in gone.items] == [group.id]


def test_a_place_whose_invoice_a_file_cancelled_is_let_go_like_another(db):
    household = make_household()
    place = priced(household, 5_800)
    confirms(household, place)
    Invoice.update(status=Invoice.CANCELLED).execute()
    [gone] = lapses.sweep(clock.now() + LATER)
    assert [item.id for item in gone.items] == [place.item.id]


def test_nothing_is_over_while_a_later_instalment_is_paid_or_being_paid(db):
    household = make_household()
    _first, later, _last = confirms(household, priced(household, 10_000, plan=THREE))
    make_payment_under_way(later)
    assert lapses.sweep(clock.now() + LATER) == []
    assert CartItem.get().state == CartItem.HELD
