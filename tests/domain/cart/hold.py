"""Holds for tests."""

from datetime import datetime, timedelta

from domain.cart import holds
from domain.cart.holds import Durations
from domain.common import clock
from models import Activity, CartItem, Household, Person

DURATIONS = Durations(timedelta(minutes=15), timedelta(minutes=165), timedelta(days=3))


def held(household: Household, person: Person, activity: Activity, now: datetime | None = None) -> CartItem:
    """Hold a place as from a moment."""
    now = now or clock.now()
    values = {"household": household.id, "person": person.id, "activity": activity.id}
    return holds.create_held(values, now + DURATIONS.hold_for, now + DURATIONS.at_most, now)
