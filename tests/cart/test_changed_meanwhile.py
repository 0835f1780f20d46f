"""What a file changes while places are held: a price is said anew, the place is kept, and paid as it was invoiced."""

import re
from datetime import date, time, timedelta
from typing import Any

import pytest

from domain.common import clock
from domain.imports import sheets
from models import Activity, CartItem, Invoice, Person, PlacesTaken, PriceRule, Registration
from tests.domain.cart.hold import held
from tests.domain.imports import test_sheets
from tests.factories import make_group, make_place
from tests.imports import bring_in
from tests.registering.family import child_of, tags

SEEN = 5_800


@pytest.fixture
def holding(citizen):
    """Someone who looks at her cart, in which a place is held."""
    citizen.joins()
    citizen.group = make_group(make_place(code="lieu1"), code="camp", capacity=2)
    citizen.item = held(citizen.household, child_of(citizen), citizen.group)
    assert shown(citizen) == SEEN
    return citizen


def shown(citizen) -> int:
    return int(tags(citizen.client.get_page("/panier"), "data-total-cents")[0]["data-total-cents"])


def imports(**values: Any) -> None:
    """Bring in the group's row as it is, but for what changes."""
    now = Activity.get(Activity.code == "camp")
    kept = (
        "title",
        "season",
        "program",
        "starts_on",
        "ends_on",
        "weekdays",
        "starts_at",
        "ends_at",
        "tax_code",
        "category",
        "capacity",
    )
    row = {"activity": "camp"} | {name: getattr(now, name) for name in (*kept, "price_cents", "ledger_account")}
    outcome = bring_in(sheets.activities.plan, test_sheets.activity(**(row | values)))
    assert not outcome.rejected
    assert outcome.updated or outcome.left_alone


def confirms(citizen, cents: int = SEEN, **seen: str):
    return citizen.post("/panier/confirmer", "/panier", total_seen_cents=cents, **seen)


def when(citizen) -> str:
    return re.search(r'name="when_seen" value="([^"]+)"', citizen.client.get_page("/panier"))[1]


def is_still_held(citizen) -> bool:
    return CartItem.get_by_id(citizen.item.id).state == CartItem.HELD


def test_a_price_changed_by_a_file_is_said_and_is_the_one_that_is_owed(holding):
    imports(price_cents=6_100)
    answer = confirms(holding)
    assert answer.status_code == 422
    assert "le total est maintenant de 61,00" in answer.text.replace("\u00a0", " ")
    assert is_still_held(holding)
    assert not Invoice.select().exists()
    assert confirms(holding, shown(holding)).status_code == 303
    assert Invoice.get().total_cents == 6_100


def test_a_price_that_a_file_takes_away_is_said_and_the_place_is_kept(holding):
    imports(price_cents=None)
    answer = confirms(holding)
    assert answer.status_code == 422
    assert "n’est plus connu" in answer.text or "le total est maintenant" in answer.text
    assert is_still_held(holding)
    assert confirms(holding, 0).status_code == 422
    assert not Registration.select().exists()


def test_a_price_of_the_prices_file_counts_too(holding):
    PriceRule.create(code="p1", program="camp", amount_cents=4_000)
    assert confirms(holding).status_code == 422
    assert confirms(holding, 4_000).status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"age_min": 15},
        {"born_from": date(2000, 1, 1), "born_until": date(2001, 1, 1)},
        {"capacity": 1},
        {"capacity": 0},
        {"closes": clock.now() - timedelta(hours=1)},
        {"opens_residents": clock.now() + timedelta(days=1)},
        {"needs_level": "nage-5"},
    ],
    ids=lambda values: " ".join(values),
)
def test_a_rule_a_date_or_a_capacity_changed_by_a_file_takes_no_place_that_is_held(holding, changes, paying, simulator):
    seen = when(holding)
    imports(**changes)
    assert is_still_held(holding)
    assert confirms(holding, when_seen=seen).status_code == 303
    holding.pays(Invoice.get())
    paying()
    assert Registration.get().status == Registration.CONFIRMED
    counter = PlacesTaken.get_by_id(holding.group.id)
    assert counter.taken == 1 <= counter.capacity


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": time(13), "ends_at": time(15)},
        {"starts_on": clock.today() + timedelta(days=60), "ends_on": clock.today() + timedelta(days=64)},
        {"weekdays": "sam dim"},
        {"place": "lieu2"},
    ],
    ids=lambda values: " ".join(values),
)
def test_other_days_hours_or_another_place_are_said_before_anything_is_owed(holding, changes):
    make_place(code="lieu2")
    seen = when(holding)
    imports(**changes)
    answer = confirms(holding, when_seen=seen)
    assert answer.status_code == 422
    assert "La Ville a changé les dates, l’heure ou le lieu" in answer.text
    assert (is_still_held(holding), Invoice.select().count()) == (True, 0)
    assert confirms(holding, when_seen=when(holding)).status_code == 303


def test_what_is_invoiced_is_owed_at_its_price_whatever_a_file_says_after(holding, paying, simulator):
    confirms(holding)
    imports(price_cents=9_900, title="Camp de jour")
    assert "58,00" in holding.client.get_page("/panier")
    holding.pays(Invoice.get())
    paying()
    assert (Invoice.get().paid_cents, Registration.get().status) == (SEEN, Registration.CONFIRMED)


@pytest.mark.parametrize(("days", "taken"), [(0, True), (1, False), (-1, False)])
def test_who_is_born_on_the_very_day_is_let_in(citizen, days, taken):
    day = clock.today() - timedelta(days=3_000)
    child = child_of(citizen)
    Person.update(birth_date=day + timedelta(days=days)).where(Person.id == child.id).execute()
    group = make_group(born_from=day, born_until=day)
    citizen.joins()
    answer = citizen.post(f"/inscription/{group.code}", person=child.id)
    assert (answer.status_code == 303) == taken
    assert CartItem.select().exists() == taken


def test_a_newborn_is_registered_on_the_day_of_her_birth(citizen):
    child = child_of(citizen)
    Person.update(birth_date=clock.today()).where(Person.id == child.id).execute()
    citizen.joins()
    group = make_group(age_min=0, age_max=0)
    assert citizen.post(f"/inscription/{group.code}", person=child.id).status_code == 303
    assert "Votre place est réservée" in citizen.client.get_page("/panier")


@pytest.mark.parametrize(("left", "taken"), [(0, True), (-1, False)])
def test_a_citizens_card_is_good_on_its_last_day(citizen, left, taken):
    child = child_of(citizen, expires_on=clock.today() + timedelta(days=left))
    citizen.joins()
    answer = citizen.post(f"/inscription/{make_group().code}", person=child.id)
    assert (answer.status_code == 303) == taken


@pytest.mark.parametrize("change", ["taken out", "added", "over"])
def test_a_cart_that_another_tab_or_parent_changed_is_said_to_be_so_and_not_of_the_citys_doing(holding, change):
    home, other = holding.household, make_group()
    item = held(home, child_of(holding), other)
    total, seen = shown(holding), when(holding)
    if change == "added":
        held(home, child_of(holding), make_group(price_cents=0))
    else:
        state = CartItem.REMOVED if change == "taken out" else CartItem.LAPSED
        CartItem.update(state=state).where(CartItem.id == item.id).execute()
    answer = confirms(holding, total, when_seen=seen)
    assert answer.status_code == 422
    assert "Votre panier a changé depuis que vous l’avez ouvert ici" in answer.text
    assert "La Ville a changé" not in answer.text
    assert not Invoice.select().exists()
    assert confirms(holding, shown(holding), when_seen=when(holding)).status_code == 303
