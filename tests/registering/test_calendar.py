"""One activity's calendar."""

from icalendar import Calendar

from tests.factories import make_group


def test_it_has_each_day(client):
    group = make_group()
    answer = client.get(f"/inscription/{group.code}.ics")
    assert answer.mimetype == "text/calendar"
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 5
    assert client.get("/inscription/inconnue.ics").status_code == 404
