"""Places kept for a household."""

from collections.abc import Mapping

from peewee import ModelSelect

from domain.common import calendar_changes, clock
from domain.common.pages import page_of
from models import CalendarChange, Place, Reservation, Value

TOLD = ("place", "starts_at", "ends_at", "status", "purpose")


def upcoming(household_ids: list[int]) -> list[Reservation]:
    """Return the households' reservations that are not over, the next one first; those cancelled are left out."""
    now = clock.now()
    return list(
        _of(household_ids)
        .where(Reservation.ends_at > now, Reservation.status != Reservation.CANCELLED)
        .order_by(Reservation.starts_at)
    )


def told(household_ids: list[int]) -> list[tuple[Reservation, int]]:
    """Return what calendars are told: each that is not over, with its SEQUENCE, also if cancelled since."""
    found = list(_of(household_ids).where(Reservation.ends_at > clock.now()).order_by(Reservation.starts_at))
    changes = calendar_changes.of(CalendarChange.RESERVATION, [one.code for one in found])
    known = [(one, changes[one.code].sequence) for one in found]
    return [(one, sequence) for one, sequence in known if sequence or one.status != Reservation.CANCELLED]


def note(before: Mapping[str, Value], after: Mapping[str, Value]) -> None:
    """Note, in the caller's transaction, what calendars are to be told of a reservation's row that changed."""
    if any(before[name] != after[name] for name in TOLD):
        calendar_changes.note(CalendarChange.RESERVATION, str(after["code"]))


def past(household_ids: list[int], page_number: int, rows: int) -> tuple[list[Reservation], int]:
    """Return a page of the reservations that are over or were cancelled, the latest first, and how many pages."""
    over = _of(household_ids).where(
        (Reservation.ends_at <= clock.now()) | (Reservation.status == Reservation.CANCELLED)
    )
    return page_of(over.order_by(Reservation.starts_at.desc()), page_number, rows)


def _of(household_ids: list[int]) -> "ModelSelect[Reservation]":
    return Reservation.select(Reservation, Place).join(Place).where(Reservation.household.in_(household_ids))
