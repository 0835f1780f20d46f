"""The private address of a calendar: whoever has it reads a household's days, until it is taken back."""

from datetime import date
from itertools import pairwise

import vobject
from icalendar import Calendar

from domain.access import doors
from models import CalendarLink, Person, write
from tests.calendar_link.conftest import makes
from tests.commands.rows import table
from tests.factories import make_group, make_household, make_person, make_registration


def test_it_is_read_without_signing_in_by_two_libraries(stranger, address):
    answer = stranger.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    ours = {str(event["uid"]) for event in Calendar.from_ical(answer.data).walk("VEVENT")}
    theirs = {event.uid.value for event in vobject.readOne(answer.text).vevent_list}
    assert ours == theirs
    assert len(ours) == 5 + 1


def test_another_household_is_not_in_it(stranger, address):
    make_registration(make_person(make_household()), make_group(title="Judo"))
    assert "Judo" not in stranger.get(address).text


def test_it_closes_with_the_other_doors(stranger, citizen, address):
    with write():
        doors.close_of(citizen.person)
    assert stranger.get(address).status_code == 404


def test_of_who_died_it_opens_nothing(stranger, citizen, address):
    Person.update(status=Person.DECEASED).where(Person.id == citizen.person.id).execute()
    assert stranger.get(address).status_code == 404


def test_the_days_of_a_child_who_died_are_told_no_more(stranger, citizen, address):
    child = make_person(citizen.household, first_name="Zoé")
    make_registration(child, make_group(title="Judo"))
    assert "Zoé" in stranger.get(address).text
    Person.update(status=Person.DECEASED).where(Person.id == child.id).execute()
    assert "Zoé" not in stranger.get(address).text


def test_what_the_database_holds_is_no_address(stranger, address):
    nonce = CalendarLink.get().nonce
    for guess in (nonce, nonce * 2, nonce + "0" * 20, "é" * 40, "x" * 5_000, "a\0b"):
        assert stranger.get(f"/calendrier/{guess}.ics").status_code == 404


def brings(app, tmp_path, kind: str, *rows: dict) -> None:
    file = tmp_path / f"{kind}.csv"
    file.write_text(table(rows), encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["import", kind, str(file)])
    assert result.exit_code == 0, result.output


def events(stranger, path: str) -> dict[str, tuple[str, int, str]]:
    """Return by UID a calendar's status, SEQUENCE and beginning."""
    found = Calendar.from_ical(stranger.get(path).data).walk("VEVENT")
    return {str(one["uid"]): (str(one["status"]), int(one["sequence"]), str(one["dtstart"].dt)) for one in found}


def row_of(group) -> dict:
    """Return the row of a file that says of a group what it is."""
    same = ("title", "starts_on", "ends_on", "weekdays", "tax_code", "category")
    hours = {name: f"{getattr(group, name):%H:%M}" for name in ("starts_at", "ends_at")}
    return {"activity": group.code, "place": group.place.code, **{name: getattr(group, name) for name in same}, **hours}


def test_a_moved_hour_keeps_its_events_and_a_cancelled_day_is_told(app, stranger, citizen, tmp_path):
    group = make_group(code="nage-1", title="Natation")
    make_registration(citizen.person, group, code="I-1")
    citizen.joins()
    path = makes(citizen)
    before = events(stranger, path)
    [dropped, *_others] = sorted(before)
    day = date.fromisoformat(before[dropped][2][:10])
    moved = {"starts_at": "18:30", "ends_at": "19:30", "cancelled_on": day}
    brings(app, tmp_path, "activities", row_of(group) | moved)
    after = events(stranger, path)
    assert set(after) == set(before), "each day is the same event"
    assert all(after[uid][1] > before[uid][1] for uid in before)
    assert all(after[uid][2] != before[uid][2] for uid in before)
    assert {uid for uid, (status, _sequence, _starts) in after.items() if status == "CANCELLED"} == {dropped}


def test_a_day_that_never_was_is_not_told_as_cancelled(app, stranger, citizen, tmp_path):
    group = make_group(code="nage-1")
    cancelled = make_group(code="nage-2", cancelled_on=group.starts_on.isoformat())
    assert len(events(stranger, f"/inscription/{cancelled.code}.ics")) == 4


def test_a_season_cut_short_or_moved_tells_each_day_it_has_no_more(app, stranger, tmp_path):
    group = make_group(code="nage-1")
    path = f"/inscription/{group.code}.ics"
    before = events(stranger, path)
    brings(app, tmp_path, "activities", row_of(group) | {"ends_on": group.starts_on})
    after = events(stranger, path)
    assert set(after) == set(before)
    assert sorted(status for status, _sequence, _starts in after.values()) == ["CANCELLED"] * 4 + ["CONFIRMED"]
    brings(app, tmp_path, "activities", row_of(group))
    again = events(stranger, path)
    assert {status for status, _sequence, _starts in again.values()} == {"CONFIRMED"}
    assert all(again[uid][1] > after[uid][1] for uid in after)


def test_who_is_registered_no_more_is_told_and_told_again_when_she_is(app, stranger, citizen, tmp_path):
    group = make_group(code="nage-1")
    registration = make_registration(citizen.person, group, code="I-1")
    citizen.joins()
    path = makes(citizen)
    seen = [events(stranger, path)]
    for status in ("cancelled", "confirmed"):
        whose = {"activity": group.code, "card_number": citizen.person.card_number}
        dated = {"status": status, "registered_on": registration.registered_on}
        brings(app, tmp_path, "registrations", {"registration": registration.code, **whose, **dated})
        seen.append(events(stranger, path))
    states = [{status for status, *_rest in found.values()} for found in seen]
    assert states == [{"CONFIRMED"}, {"CANCELLED"}, {"CONFIRMED"}]
    for earlier, later in pairwise(seen):
        assert all(later[uid][1] > earlier[uid][1] for uid in earlier)
