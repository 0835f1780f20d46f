"""Calendar files: what they are told of activities and reservations."""

from collections.abc import Sequence

from flask import Response
from flask_babel import gettext as _

from domain.activities import told_days
from domain.common import clock
from domain.common.calendars import Entry
from domain.people import household
from domain.rentals import reservations
from models import Reservation
from views.web.portal import portal


def calendar_file(name: str, entries: Sequence[Entry], file_name: str) -> Response:
    """Answer with a calendar file."""
    title = f"{name} – {portal().city.name}"
    written = portal().calendar.ics(title, entries, clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(written, mimetype="text/calendar", headers=headers)


def of_activities(households: list[int]) -> list[Entry]:
    """Make the entries of a household's activities: whose each is stands first, as families read their calendar.

    Of a child of two homes each sees the activity and its days, and nothing of the registration.
    """
    shared = household.shared(households)
    return [_attended(day, shared) for day in told_days.of_household(households, shared)]


def _attended(day: told_days.AttendedDay, shared: set[int]) -> Entry:
    person = day.registration.person
    code = f"{day.activity.code}-{person.id}" if person.id in shared else day.registration.code
    return of_day(day, code, f"{person.first_name} – {day.activity.title}")


def of_day(day: told_days.Day, code: str, title: str) -> Entry:
    """Make the entry of one day of an activity: it stays the same one when its hour changes."""
    bring = day.activity.bring
    return Entry(
        key=f"{code}-{day.on:%Y%m%d}@{portal().settings.host}",
        title=title,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        where=day.activity.place.location,
        words=_("À apporter\u00a0: %(things)s", things=bring) if bring else "",
        cancelled=day.is_cancelled,
        sequence=day.sequence,
    )


def of_reservations(households: list[int]) -> list[Entry]:
    """Make the entries of a household's reservations."""
    return [_reserved(one, sequence) for one, sequence in reservations.told(households)]


def _reserved(reservation: Reservation, sequence: int) -> Entry:
    """Make a reservation's entry; one that is only asked for is tentative."""
    place = reservation.place
    return Entry(
        key=f"{reservation.code}@{portal().settings.host}",
        title=place.name,
        starts_at=reservation.starts_at,
        ends_at=reservation.ends_at,
        where=place.location,
        words=reservation.purpose,
        tentative=reservation.status == reservation.REQUESTED,
        cancelled=reservation.status == reservation.CANCELLED,
        sequence=sequence,
    )
