"""What calendars were told grows, and forgets no day."""

from datetime import date

import pytest

from domain.common import calendar_changes
from domain.common.calendar_changes import Told
from models import CalendarChange

pytestmark = pytest.mark.usefixtures("db")
FIRST, SECOND = date(2026, 12, 7), date(2026, 12, 14)


def test_each_change_counts_and_each_day_stays():
    assert calendar_changes.of("activity", ["a"]) == {"a": Told()}
    calendar_changes.note("activity", "a", [SECOND])
    calendar_changes.note("activity", "a", [FIRST, SECOND])
    calendar_changes.note("activity", "b")
    calendar_changes.note("reservation", "a")
    assert calendar_changes.of("activity", ["a", "b", "c"]) == {
        "a": Told(2, frozenset({FIRST, SECOND})),
        "b": Told(1),
        "c": Told(),
    }
    assert CalendarChange.get(CalendarChange.code == "a").days == "2026-12-07 2026-12-14"
