"""Files with a row a thing: a key makes or changes its row, names must be known, and it is all of a file or nothing."""

from datetime import date, datetime, time

import pytest

from city import load_city
from commands.import_kinds import registering_columns
from domain.imports import sheets
from domain.imports.outcome import Outcome, Problem, Reason
from models import Activity, Place, PriceRule, Registration, Reservation
from tests.factories import make_activity, make_household, make_person, make_place
from tests.imports import bring_in
from tests.server import ROOT

pytestmark = pytest.mark.usefixtures("db")
NOT_SOLD = {
    column.field or column.name: column.default for column in registering_columns(load_city(ROOT / "city.toml"))
}


@pytest.fixture
def known():
    """What the rows name: a place, a household, a card and an activity, and one more of each."""
    for mark in ("1", "2"):
        place = make_place(code=f"lieu{mark}")
        make_person(make_household(f"D{mark}"), card_number=f"QMAGB0000000{mark}")
        make_activity(place, code=f"yoga{mark}")


def place(**values) -> dict:
    row = {"place": "arena", "name": "Aréna", "kind": "ice", "address": "", "city": "Magog", "phone": ""}
    return row | {"accessible": True, "hours": "lun-ven 08:00-22:00"} | values


def activity(**values) -> dict:
    row = {"activity": "tennis", "title": "Tennis", "season": "", "weekdays": "lun ven", "place": "lieu1"}
    row |= {"starts_on": date(2026, 11, 2), "ends_on": date(2026, 12, 14), "starts_at": time(9), "ends_at": time(10)}
    row |= {"tax_code": "taxable", "category": "activity", "provider": "ville", "bring": "", "cancelled_on": ""}
    return row | NOT_SOLD | values


def price(**values) -> dict:
    row = {"price": "t1", "program": "yoga1", "option": "", "label": "", "who": "", "rank": None, "rank_over": "season"}
    row |= {"first_day": None, "last_day": None, "amount_cents": 5800, "tax_code": "", "household_cap_cents": None}
    return row | {"fee": None, "refund": None} | values


def registration(**values) -> dict:
    row = {"registration": "I1", "activity": "yoga1", "card_number": "QMAGB00000001", "status": "confirmed"}
    return row | {"registered_on": date(2026, 10, 1), "option": "", "invoice_number": "", "rank": None} | values


def reservation(**values) -> dict:
    row = {"reservation": "L1", "place": "lieu1", "household": "D1", "status": "confirmed", "purpose": "Fête"}
    row |= {"starts_at": datetime(2026, 7, 5, 22), "ends_at": datetime(2026, 7, 6, 2)}
    return row | values


KINDS = {
    "places": (sheets.places, place, Place),
    "activities": (sheets.activities, activity, Activity),
    "prices": (sheets.prices, price, PriceRule),
    "registrations": (sheets.registrations, registration, Registration),
    "reservations": (sheets.reservations, reservation, Reservation),
}


def brings(kind: str, *rows: dict) -> Outcome:
    """Bring rows in as `flask import` does, the first being line 2."""
    return bring_in(KINDS[kind][0].plan, *rows)


def stored(kind: str) -> list[dict]:
    table = KINDS[kind][2]
    return list(table.select().order_by(table.id).dicts())


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_makes_its_row_once_and_the_same_file_changes_nothing(known, kind):
    make = KINDS[kind][1]
    before = stored(kind)
    assert brings(kind, make()) == Outcome(created=1)
    after = stored(kind)
    assert after[:-1] == before
    assert brings(kind, make()) == Outcome(unchanged=1)
    assert stored(kind) == after


def test_names_become_what_they_name(known):
    brings("activities", activity(place="lieu2"))
    brings("registrations", registration(activity="tennis", card_number="QMAGB00000002"))
    brings("reservations", reservation(place="lieu2", household="D2"))
    made, kept = Registration.get(), Reservation.get()
    assert (made.activity.code, made.activity.place.code, made.person.card_number) == (
        "tennis",
        "lieu2",
        "QMAGB00000002",
    )
    assert (kept.place.code, kept.household.code) == ("lieu2", "D2")


@pytest.mark.parametrize(
    ("kind", "change", "found"),
    [
        ("places", {"name": "Centre"}, {"name": "Centre"}),
        ("activities", {"place": "lieu2", "title": "Yoga"}, {"place": 2, "title": "Yoga"}),
        ("prices", {"amount_cents": 4400, "rank": 2}, {"amount_cents": 4400, "rank": 2}),
        ("registrations", {"status": "cancelled"}, {"status": "cancelled"}),
        ("registrations", {"card_number": "QMAGB00000002"}, {"person": 2}),
        ("reservations", {"household": "D2"}, {"household": 2}),
    ],
)
def test_a_known_key_changes_its_row_and_no_other(known, kind, change, found):
    _sheet, make, table = KINDS[kind]
    key = next(iter(make()))
    elsewhere = {"registrations": {"activity": "yoga2"}, "prices": {"program": "yoga2"}}
    other = make(**{key: "autre"} | elsewhere.get(kind, {}))
    brings(kind, make(), other)
    before = {row["code"]: row for row in stored(kind)}
    assert brings(kind, make(**change), other) == Outcome(updated=1, unchanged=1)
    after = {row["code"]: row for row in stored(kind)}
    code = make()[key]
    assert {name: after[code][name] for name in found} == found
    assert {name for name in after[code] if after[code][name] != before[code][name]} == set(found)
    assert {one: row for one, row in after.items() if one != code} == {
        one: row for one, row in before.items() if one != code
    }


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("activities", {"place": "x"}, ("place", Reason.UNKNOWN_PLACE)),
        ("registrations", {"activity": "x"}, ("activity", Reason.UNKNOWN_ACTIVITY)),
        ("registrations", {"card_number": "x"}, ("card_number", Reason.UNKNOWN_CARD)),
        ("reservations", {"place": "x"}, ("place", Reason.UNKNOWN_PLACE)),
        ("reservations", {"household": "x"}, ("household", Reason.UNKNOWN_HOUSEHOLD)),
        ("activities", {"ends_on": date(2026, 11, 1)}, ("ends_on", Reason.LAST_DAY_FIRST)),
        ("activities", {"ends_at": time(9)}, ("ends_at", Reason.ENDS_BEFORE_HOUR)),
        ("reservations", {"ends_at": datetime(2026, 7, 5, 22)}, ("ends", Reason.ENDS_BEFORE)),
    ],
)
def test_one_wrong_row_has_the_whole_file_refused(known, kind, wrong, said):
    make = KINDS[kind][1]
    key = next(iter(make()))
    before = stored(kind)
    outcome = brings(kind, make(), make(**{key: "autre"} | wrong))
    assert [(problem.line, problem.column, problem.reason) for problem in outcome.rejected] == [(3, *said)]
    assert stored(kind) == before


def test_an_activity_may_last_one_day(known):
    assert brings("activities", activity(ends_on=date(2026, 11, 2))).created == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_stands_twice_is_refused_though_both_say_the_same(known, kind):
    make = KINDS[kind][1]
    [problem] = brings(kind, make(), make()).rejected
    key = next(iter(make()))
    assert problem == Problem(3, key, Reason.THING_TWICE, {"key": make()[key], "line": 2})
    assert not any(row["code"] == make()[key] for row in stored(kind))


def lives() -> dict[str, str]:
    return dict(Registration.select(Registration.code, Registration.status).tuples())


def test_someone_is_registered_once_for_an_activity_and_a_second_row_is_left_alone_and_listed(known):
    outcome = brings("registrations", registration(), registration(registration="I2"))
    assert (outcome.created, outcome.unchanged) == (1, 0)
    [problem] = outcome.left_alone
    assert (problem.line, problem.key, problem.reason) == (3, "I2", Reason.REGISTERED_ALREADY)
    assert problem.values == {"key": "I2", "holder": "I1"}
    again = brings("registrations", registration(), registration(registration="I2", status="waiting"))
    assert (again.created, again.updated, again.unchanged, len(again.left_alone)) == (0, 0, 1, 1)
    assert lives() == {"I1": "confirmed"}


def test_one_that_is_cancelled_makes_room_in_the_same_file_whatever_the_order(known):
    brings("registrations", registration(), registration(registration="I0", status="cancelled"))
    outcome = brings("registrations", registration(registration="I2"), registration(status="cancelled"))
    assert (outcome.created, outcome.updated, outcome.left_alone) == (1, 1, [])
    assert lives() == {"I0": "cancelled", "I1": "cancelled", "I2": "confirmed"}
    back = brings("registrations", registration(), registration(registration="I2"))
    assert (back.updated, back.unchanged, [one.key for one in back.left_alone]) == (0, 1, ["I1"])
    turned = registration(registration="I2", status="cancelled"), registration(registration="I0")
    assert brings("registrations", *turned).updated == 2
    assert lives() == {"I0": "confirmed", "I1": "cancelled", "I2": "cancelled"}
