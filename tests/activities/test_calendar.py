"""The calendar file, read back by another library."""

from datetime import UTC, date, datetime, time, timedelta

import vobject

from domain.common import clock
from models import Registration
from tests.factories import make_activity, make_household, make_person, make_place, make_registration

PATH = "/mon-dossier/activites.ics"


def events(client) -> list:
    answer = client.get(PATH)
    assert answer.mimetype == "text/calendar"
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75, "lines are folded"
    found = vobject.readOne(answer.text).contents.get("vevent", [])
    return sorted(found, key=lambda event: event.dtstart.value)


def there(event) -> datetime:
    """Return when an event begins in Montreal."""
    return event.dtstart.value.astimezone(clock.MONTREAL)


def test_each_occurrence_to_come_is_an_event(citizen):
    place = make_place(name="Aréna; salle 2, côté « lac »", address="100, rue Sherbrooke")
    activity = make_activity(place, title="Yoga, débutants", bring="Tapis;\neau")
    make_registration(citizen.person, activity)
    make_registration(citizen.person, make_activity(), status=Registration.WAITING)
    make_registration(make_person(make_household()), make_activity())
    citizen.joins()
    found = events(citizen.client)
    assert len(found) == 4
    assert found[0].summary.value == f"{citizen.person.first_name} – Yoga, débutants"
    assert found[0].location.value == "Aréna; salle 2, côté « lac », 100, rue Sherbrooke, Magog"
    assert "Tapis;\neau" in found[0].description.value
    assert there(found[0]).time() == time(9)
    assert len({event.uid.value for event in found}) == 4


def test_hours_stay_through_the_change_of_clocks_and_cancelled_days_are_left_out(citizen):
    """The first Sunday of November has an hour twice, the second of March an hour less."""
    sunday = next_november_sunday()
    activity = make_activity(
        starts_on=sunday - timedelta(days=7), ends_on=sunday + timedelta(days=14), weekdays="dim",
        starts_at=time(1, 30), ends_at=time(13), cancelled_on=(sunday + timedelta(days=7)).isoformat(),
    )  # fmt: skip
    make_registration(citizen.person, activity)
    citizen.joins()
    found = events(citizen.client)
    days = [there(event).date() for event in found]
    assert days == [sunday - timedelta(days=7), sunday, sunday + timedelta(days=14)]
    assert [there(event).time() for event in found] == [time(1, 30)] * 3
    assert [event.dtend.value - event.dtstart.value for event in found] == [
        timedelta(hours=11.5),
        timedelta(hours=12.5),
        timedelta(hours=11.5),
    ]
    assert found[1].dtstart.value == datetime.combine(sunday, time(5, 30), UTC), "the first of the two"


def next_november_sunday() -> date:
    year = clock.today().year + 1
    return next(date(year, 11, day) for day in range(1, 8) if date(year, 11, day).weekday() == 6)
