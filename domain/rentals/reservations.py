"""Places kept for a household."""

from peewee import ModelSelect

from domain.common import clock
from domain.common.pages import page_of
from models import Place, Reservation


def upcoming(household_ids: list[int]) -> list[Reservation]:
    """Return the households' reservations that are not over, the next one first; those cancelled are left out."""
    now = clock.now()
    return list(
        _of(household_ids)
        .where(Reservation.ends_at > now, Reservation.status != Reservation.CANCELLED)
        .order_by(Reservation.starts_at)
    )


def past(household_ids: list[int], page_number: int, rows: int) -> tuple[list[Reservation], int]:
    """Return a page of the reservations that are over or were cancelled, the latest first, and how many pages."""
    over = _of(household_ids).where(
        (Reservation.ends_at <= clock.now()) | (Reservation.status == Reservation.CANCELLED)
    )
    return page_of(over.order_by(Reservation.starts_at.desc()), page_number, rows)


def _of(household_ids: list[int]) -> "ModelSelect[Reservation]":
    return Reservation.select(Reservation, Place).join(Place).where(Reservation.household.in_(household_ids))
