"""What people, staff, files and the worker do of places, each in a process of its own; and what must then be true."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import models
from domain.activities import choosing, confirming, letters_of_places
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.cart import keeping
from domain.common import clock
from domain.imports import sheets
from domain.payments import checkout
from domain.staff import on_behalf
from models import (
    Account,
    Activity,
    CartItem,
    Invoice,
    Person,
    PlacesTaken,
    Registration,
    StaffAccount,
)
from tests.domain.imports.test_sheets import registration as row_of_registration
from tests.factories import (
    make_household,
    make_person,
)
from tests.imports import bring_in
from views.web.portal import Portal


def acting(portal: Portal, household: int, **values) -> Acting:
    return Acting(household, portal.city, portal.durations, **values)


def chooses(portal: Portal, household: int, person: int, *activities: int) -> int:
    choices = [Choice(Person.get_by_id(person), Activity.get_by_id(one)) for one in activities]
    return len(choosing.choose(acting(portal, household), choices).kept)


def takes(portal: Portal, household: int) -> int:
    return len(choosing.take_wishes(acting(portal, household)).kept)


def by_staff(portal: Portal, household: int, person: int, activity: int) -> int:
    choice = Choice(Person.get_by_id(person), Activity.get_by_id(activity))
    return len(on_behalf.register(StaffAccount.get(), acting(portal, household), choice, portal.listeners))


def brings(_portal: Portal, *rows: dict) -> int:
    return bring_in(sheets.registrations.plan, *rows).created


def all_of(portal: Portal, acts: list[tuple]) -> list[object]:
    """Do many at once, on as many threads as a server has."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(partial(alone, portal), acts))


def alone(portal: Portal, act: tuple) -> object:
    try:
        return act[0](portal, *act[1:])
    except Exception as problem:
        return type(problem).__name__
    finally:
        models.database.close()


def live(group: Activity) -> int:
    """Return how many rows take a place."""
    held_ones = CartItem.select().where(CartItem.activity == group, CartItem.state.in_(CartItem.TAKING)).count()
    confirmed = Registration.activity == group, Registration.status == Registration.CONFIRMED
    return held_ones + Registration.select().where(*confirmed).count()


def taken(group: Activity) -> int:
    return PlacesTaken.get_by_id(group.id).taken


def homes(count: int) -> list[tuple[int, int]]:
    """Return households and a child of each, by their ids."""
    return [(home.id, make_person(home).id) for home in (make_household() for _ in range(count))]


def row_of(person: int, group: Activity, code: str) -> dict:
    card = Person.get_by_id(person).card_number
    return row_of_registration(registration=code, activity=group.code, card_number=card, registered_on=clock.today())


def confirms(portal: Portal, household: int, seen_cents: int) -> int:
    return len(confirming.confirm_cart(acting(portal, household), seen_cents, portal.listeners))


def removes(_portal: Portal, household: int, item: int) -> None:
    keeping.remove(household, item)


def lets_go(portal: Portal, now: datetime) -> int:
    return letters_of_places.let_go(portal.letters, now)


def pays(_portal: Portal, account: int, number: str) -> str:
    return checkout.create(Account.get_by_id(account), [number], 11_600, "fake-valid-nonce").state


def prolongs(portal: Portal, household: int, now: datetime) -> None:
    keeping.prolong(household, portal.durations, now)


def owed_without_a_place() -> int:
    """Count the places that an open invoice names and nobody holds."""
    of_open = CartItem.select().join(Invoice).where(Invoice.status == Invoice.OPEN)
    return of_open.where(CartItem.state.not_in((CartItem.HELD, CartItem.CONFIRMED))).count()


def held_on_a_dead_invoice() -> int:
    dead = CartItem.select().join(Invoice).where(Invoice.status == Invoice.CANCELLED)
    return dead.where(CartItem.state == CartItem.HELD).count()
