"""The night the clocks change: an hour that comes twice or never, holds kept by the minute, days that are days."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from adapters import csv_files
from domain.activities import letters_of_places, windows
from domain.cart import lapses
from domain.common import clock
from models import Account, CartItem, Invoice, Message
from tests.domain.cart.hold import held
from tests.factories import make_group, make_price
from tests.registering.family import child_of, tags

MINUTE = timedelta(minutes=1)
HALF_PAST_ONE = datetime(2026, 11, 1, 5, 30)  # the first: it comes again an hour later
SPRING = datetime(2027, 3, 14, 7)  # 2 h, which is 3 h


@pytest.fixture
def night():
    """The clock, to be moved: UTC."""
    with time_machine.travel(datetime(2026, 11, 1, 5, tzinfo=UTC), tick=False) as traveller:
        yield lambda moment: traveller.move_to(moment.replace(tzinfo=UTC))


def words(html: str) -> str:
    return html.replace("\u00a0", " ")


def opens(text: str) -> datetime:
    """Return when what a file says opens."""
    return csv_files.moment(text)


def test_an_opening_at_an_hour_that_comes_twice_is_at_the_first_and_open_through_the_second(citizen, night):
    group = make_group(opens_residents=opens("2026-11-01T01:30"))
    assert group.opens_residents == HALF_PAST_ONE
    lea = child_of(citizen)
    night(HALF_PAST_ONE - MINUTE)
    citizen.joins()
    citizen.post(f"/inscription/{group.code}", person=lea.id)
    assert CartItem.get().state == CartItem.WISH
    assert "ouvre le 1er novembre 2026 à 1 h 30 (heure avancée)" in words(citizen.client.get_page("/panier"))
    night(HALF_PAST_ONE)
    assert citizen.post("/panier/prendre", "/panier").status_code == 303
    assert CartItem.get().state == CartItem.HELD
    for again in (timedelta(minutes=31), timedelta(hours=1), timedelta(hours=2)):
        assert windows.state(group, 5, HALF_PAST_ONE + again) == "open"


def test_an_opening_at_an_hour_that_is_not_is_refused_in_a_file():
    with pytest.raises(ValueError, match="."):
        opens("2027-03-14T02:30")
    assert opens("2027-03-14T03:00") == SPRING


@pytest.mark.parametrize(
    ("taken", "until"),
    [
        (datetime(2026, 11, 1, 5, 35), "1 h 50 (heure avancée)"),
        (datetime(2026, 11, 1, 5, 50), "1 h 05 (heure normale)"),  # a quarter of an hour on, and 45 minutes back
        (datetime(2026, 11, 1, 6, 50), "2 h 05"),
        (datetime(2027, 3, 14, 6, 50), "3 h 05"),
    ],
)
def test_a_hold_across_the_change_lasts_its_minutes_and_says_until_when(citizen, night, taken, until):
    night(taken)
    item = held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    html = words(citizen.client.get_page("/panier"))
    assert f"Votre place est réservée jusqu’à {until}." in html
    [row] = tags(html, "data-item", str(item.id))
    assert row["data-held-until"] == f"{taken + 15 * MINUTE:%Y-%m-%dT%H:%M:%S}Z"
    assert not lapses.sweep(taken + 14 * MINUTE)
    assert [one.items for one in lapses.sweep(taken + 15 * MINUTE)] == [[item]]


@pytest.mark.parametrize(("closes", "last"), [("2026-11-01T01:30", HALF_PAST_ONE), ("2027-03-14T03:00", SPRING)])
def test_registering_ends_at_the_hour_that_the_city_said(db, closes, last):
    group = make_group(closes=opens(closes), starts_on=date(2027, 7, 5))
    assert [windows.is_closed(group, last + after) for after in (-MINUTE, 0 * MINUTE, 61 * MINUTE)] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("moment", "cents"),
    [
        (datetime(2026, 11, 1, 3, 59), 4_000),  # 31 October, 23:59
        (datetime(2026, 11, 1, 4), 5_000),
        (datetime(2026, 11, 2, 4, 30), 5_000),  # still 1 November: it has 25 hours
        (datetime(2026, 11, 2, 5), 6_000),
    ],
)
def test_an_early_price_is_that_of_the_day_of_the_hold(citizen, night, moment, cents):
    day = date(2026, 11, 1)
    make_price(amount_cents=4_000, last_day=day - timedelta(days=1))
    make_price(amount_cents=5_000, first_day=day, last_day=day)
    make_price(amount_cents=6_000, first_day=day + timedelta(days=1))
    night(moment)
    held(citizen.household, child_of(citizen), make_group(price_cents=None))
    citizen.joins()
    [main] = tags(citizen.client.get_page("/panier"), "data-total-cents")
    assert main["data-total-cents"] == str(cents)


@pytest.mark.parametrize(
    ("confirmed", "days"),
    [
        (datetime(2026, 10, 3, 3, 30), ["2026-10-02", "2026-11-01", "2026-12-01"]),  # 23:30
        (datetime(2027, 2, 13, 4, 30), ["2027-02-12", "2027-03-14", "2027-04-13"]),
        (datetime(2026, 11, 2, 4, 30), ["2026-11-01", "2026-12-01", "2026-12-31"]),
    ],
)
def test_instalments_are_days_on_whichever_side_of_the_change(citizen, night, confirmed, days):
    night(confirmed)
    held(citizen.household, child_of(citizen), make_group(price_cents=9_999, instalments="trois"))
    citizen.joins()
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=9_999)
    assert [one.due_on.isoformat() for one in Invoice.select().order_by(Invoice.due_on)] == days


def test_whoever_lost_a_place_is_told_once_though_the_clock_shows_the_hour_again(app, citizen, night):
    taken = datetime(2026, 11, 1, 5, 40)
    night(taken)
    citizen.joins(email="g@example.com")
    Account.update(email_confirmed_at=clock.now()).execute()
    held(citizen.household, child_of(citizen), make_group())
    CartItem.update(account_id=Account.get().id).execute()
    told = []
    for minutes in range(0, 120, 5):
        night(taken + minutes * MINUTE)
        told += [minutes] * letters_of_places.let_go(app.extensions["portal"].letters, clock.now())
    assert told == [15]
    assert Message.select().where(Message.subject.contains("place")).count() == 1
