"""What is said of an activity that somebody is registered for: until when, and all its times."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from babel.dates import format_date
from flask_babel import gettext as _

from domain.activities.schedule import Course, Occurrence
from domain.common import clock, formats
from views.messages import catalogue


def when(course: Course) -> str:
    """Say a course's days and hours, such as « mardi et jeudi, de 10 h à 11 h, jusqu’au 17 décembre 2026 »."""
    activity, last = course.activity, clock.local(course.coming[-1].starts_at).date()
    if len(course.coming) == 1:
        return catalogue.hours(activity)
    if activity.starts_on > clock.today():
        return f"{catalogue.when(activity)}, {catalogue.dates(activity)}"
    return _("%(when)s, jusqu’au %(day)s", when=catalogue.when(activity), day=formats.day(last))


def times(coming: Sequence[Occurrence]) -> list[str]:
    """Say all the times to come, a line a month: « décembre 2026\u00a0: mardi 1er, jeudi 3 »."""
    days = [clock.local(one.starts_at).date() for one in coming]
    months = groupby(days, key=lambda day: format_date(day, "MMMM y", locale=formats.LOCALE))
    return [f"{month}\u00a0: {', '.join(map(_weekday, found))}" for month, found in months]


def _weekday(day: date) -> str:
    """Name a day of a month that was said: mardi 1er."""
    return f"{format_date(day, 'EEEE', locale=formats.LOCALE)}{formats.NO_BREAK}{'1er' if day.day == 1 else day.day}"
