"""`flask import places|activities|prices|registrations|reservations`: the formats of samples."""

from datetime import date, datetime, time

import pytest

from models import Activity, Place, PriceRule, Registration, Reservation
from tests.commands.rows import card, everything

ORDER = ("places", "activities", "prices", "registrations", "reservations")


def place(**values) -> dict:
    row = {"place": "arena", "name": "Aréna", "kind": "ice", "address": "", "city": "", "phone": "", "accessible": "1"}
    return row | {"hours": "lun-ven 08:00-22:00"} | values


def activity(**values) -> dict:
    row = {"activity": "yoga", "title": "Yoga", "season": "", "starts_on": "2026-11-02", "ends_on": "2026-12-14"}
    row |= {"weekdays": "ven lun", "starts_at": "09:00", "ends_at": "10:30", "place": "arena", "tax_code": "taxable"}
    return row | {"category": "activity", "provider": "ville", "bring": "Tapis"} | values


def price(**values) -> dict:
    row = {"price": "t2", "program": "yoga", "option": "", "label": "2e enfant", "who": "resident", "rank": "2"}
    row |= {"rank_over": "dates", "from": "2026-10-01", "until": "2026-10-31", "amount": "44.00", "tax_code": "exempt"}
    return row | {"household_cap": ""} | values


def registration(**values) -> dict:
    row = {"registration": "I1", "activity": "yoga", "card_number": "qmagb 0000-0001", "status": "confirmed"}
    return row | {"registered_on": "2026-10-01"} | values


def reservation(**values) -> dict:
    row = {"reservation": "L1", "place": "arena", "household": "D1", "starts": "2026-07-05T18:00"}
    return row | {"ends": "2026-07-05T22:00", "status": "confirmed", "purpose": "Fête"} | values


MAKERS = {"places": place, "activities": activity, "prices": price} | {
    "registrations": registration,
    "reservations": reservation,
}


@pytest.fixture
def all_in(brings):
    """A card, then one row of each file."""
    brings("cards", [card()])
    for kind in ORDER:
        assert brings(kind, [MAKERS[kind]()]).exit_code == 0


def test_each_file_makes_its_row(all_in):
    assert Place.get().accessible is True
    yoga = Activity.get()
    assert (yoga.weekdays, yoga.starts_at, yoga.starts_on) == ("lun ven", time(9), date(2026, 11, 2))
    assert Registration.get().person.card_number == "QMAGB00000001"
    assert Reservation.get().starts_at == datetime(2026, 7, 5, 22), "UTC"


@pytest.mark.parametrize("kind", ORDER)
def test_the_same_file_twice_changes_nothing(all_in, brings, kind):
    before = everything()
    assert "1 inchangé(s)" in brings(kind, [MAKERS[kind]()]).output
    assert everything() == before


@pytest.mark.parametrize(
    ("kind", "change", "look"),
    [
        ("places", {"name": "Centre"}, lambda: Place.get().name == "Centre"),
        ("activities", {"cancelled_on": "2026-11-13, 2026-11-06"}, lambda: "06 2026" in Activity.get().cancelled_on),
        ("prices", {"amount": "45"}, lambda: PriceRule.get().amount_cents == 4500),
        ("registrations", {"status": "cancelled"}, lambda: Registration.get().status == "cancelled"),
        ("reservations", {"ends": "2026-07-05T23:00"}, lambda: Reservation.get().ends_at.hour == 3),
    ],
)  # fmt: skip
def test_a_known_key_updates_its_row(all_in, brings, kind, change, look):
    assert "1 modifié(s)" in brings(kind, [MAKERS[kind](**change)]).output
    assert look()


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("places", {"kind": "lac"}, "ligne 2, kind"),
        ("places", {"place": ""}, "ligne 2, place"),
        ("activities", {"place": "nulle-part"}, "ligne 2, place : le lieu nulle-part est inconnu"),
        ("activities", {"weekdays": "lundi"}, "ligne 2, weekdays"),
        ("activities", {"weekdays": ""}, "ligne 2, weekdays"),
        ("activities", {"starts_at": "25:00"}, "ligne 2, starts_at"),
        ("activities", {"ends_at": "09:00"}, "ligne 2, ends_at"),
        ("activities", {"ends_on": "2026-11-01"}, "ligne 2, ends_on"),
        ("activities", {"cancelled_on": "demain"}, "ligne 2, cancelled_on"),
        ("registrations", {"activity": "yogi"}, "ligne 2, activity : l’activité yogi est inconnue"),
        ("registrations", {"card_number": "QMAGB00000009"}, "card_number : la carte QMAGB00000009 est inconnue"),
        ("registrations", {"status": "peut-être"}, "ligne 2, status"),
        ("reservations", {"household": "D9"}, "ligne 2, household : le foyer D9 est inconnu"),
        ("reservations", {"place": "x"}, "ligne 2, place"),
        ("reservations", {"starts": "hier"}, "ligne 2, starts"),
        ("reservations", {"starts": "2027-03-14T02:30", "ends": "2027-03-14T05:00"}, "n’existe pas"),
        ("reservations", {"ends": "2026-07-05T18:00"}, "ligne 2, ends"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_nothing_is_written(all_in, brings, kind, wrong, said):
    before = everything()
    key = next(iter(MAKERS[kind]()))
    result = brings(kind, [{**MAKERS[kind](), key: "neuf", **wrong}, MAKERS[kind]()])
    assert result.exit_code == 1
    assert said in result.output
    assert everything() == before


@pytest.mark.parametrize("kind", ORDER)
def test_a_key_that_stands_twice_is_refused(all_in, brings, kind):
    result = brings(kind, [MAKERS[kind](), MAKERS[kind]()])
    assert result.exit_code == 1
    assert "est déjà à la ligne 2" in result.output
