"""Presses that nobody makes on purpose: too many boxes, odd values, twice, Back, things changed meanwhile."""

from datetime import timedelta

import pytest

from domain.common import clock
from models import Activity, CartItem, Invoice, Membership, Person, Registration
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household
from tests.registering.family import child_of

PROGRAMME = "/inscription/programme/club-ete"
ODD = ("", "0", "-1", "9" * 40, "1e3", "é", "\0", "' OR 1=1 --", "x" * 5_000, "1:2:3:4", ":", "none")


def weeks(count: int) -> list[Activity]:
    first = clock.today() + timedelta(days=30)
    days = [first + timedelta(days=7 * n) for n in range(count)]
    return [make_group(starts_on=day, ends_on=day + timedelta(days=4)) for day in days]


@pytest.mark.parametrize("count", [150, 500])
def test_more_boxes_than_a_family_ticks_lose_nothing(citizen, count):
    """Three children, eight weeks and an option are 48: a form takes ten times as many."""
    child, groups = child_of(citizen), weeks(2)
    citizen.joins()
    boxes = [f"{child.id}:{group.code}" for group in groups] * (count // 2)
    assert citizen.post(PROGRAMME, PROGRAMME, choice=boxes).status_code == 303
    assert CartItem.select().count() == 2


@pytest.mark.parametrize("value", ODD)
def test_odd_values_are_nobodys(citizen, value):
    group = weeks(1)[0]
    child_of(citizen)
    citizen.joins()
    page = f"/inscription/{group.code}"
    presses = [
        (page, page, {"person": value, "option": value, "fallback": value, "together": value}),
        (PROGRAMME, PROGRAMME, {"choice": value}),
        ("/panier/retirer", "/panier", {"item": value}),
        ("/panier/ordre", "/panier", {"item": value}),
        ("/panier/famille", "/panier", {"household": value}),
        ("/panier/confirmer", "/panier", {"total_seen_cents": value}),
    ]
    for path, shown_on, words in presses:
        assert citizen.post(path, shown_on, **words).status_code in (303, 404, 422), path
    assert not CartItem.select().exists()
    assert not Invoice.select().exists()


def test_a_card_that_expires_meanwhile_still_pays_what_is_held(citizen):
    child = child_of(citizen)
    held(citizen.household, child, make_group())
    citizen.joins()
    Person.update(expires_on=clock.today() - timedelta(days=1)).where(Person.id == child.id).execute()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
    assert answer.status_code == 303


@pytest.mark.parametrize("change", [{"capacity": 1}, {"closes": clock.now() - timedelta(hours=1)}, {"age_max": 3}])
def test_a_group_that_a_file_changes_meanwhile_keeps_what_is_held(citizen, change):
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    Activity.update(**change).execute()
    assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800).status_code == 303
    assert CartItem.get().state == CartItem.HELD


def test_what_a_child_who_left_meanwhile_holds_is_neither_read_nor_freed_by_who_stays(citizen):
    item = held(citizen.household, child := child_of(citizen), make_group())
    citizen.joins()
    Membership.update(household=make_household()).where(Membership.person == child).execute()
    assert "data-item=" not in citizen.client.get_page("/panier")
    assert citizen.post("/panier/retirer", "/panier", item=item.id).status_code == 404
    assert CartItem.get().state == CartItem.HELD


def test_each_press_twice_is_once(citizen):
    child, group = child_of(citizen), make_group(price_cents=0)
    citizen.joins()
    page = f"/inscription/{group.code}"
    for _ in range(2):
        citizen.post(page, page, person=child.id)
    for _ in range(2):
        citizen.post("/panier/confirmer", "/panier", total_seen_cents=0)
    assert (CartItem.select().count(), Invoice.select().count(), Registration.select().count()) == (1, 1, 1)
