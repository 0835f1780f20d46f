"""Calendar files: the house and who writes them agree."""

import inspect

from adapters import calendar
from domain.common.calendars import CalendarFiles


def test_who_writes_calendar_files_takes_and_gives_what_the_house_asks():
    asked = list(inspect.signature(CalendarFiles.ics).parameters.values())[1:]
    assert list(inspect.signature(calendar.ics).parameters.values()) == asked
