"""Limits: so many times in so much time, by key, and forgotten afterwards. Attacks on them: tests/attacks."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from domain.common import alerts, rate_limits
from domain.common.pseudonyms import pseudonym
from models import Alert, Attempt, WrongDate
from settings import LIMITS

pytestmark = pytest.mark.usefixtures("db")

NOON = datetime(2026, 11, 23, 12)
SECOND = timedelta(seconds=1)
CARD, BORN, HERE = "QMAGB00000001", date(1984, 2, 29), "203.0.113.77"
COUNTED = sorted(set(LIMITS) - {rate_limits.CARD})
MOST_DATES = LIMITS[rate_limits.CARD].most


@pytest.fixture
def stopped():
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


def fill(kind: str, key: str = "", but: int = 0) -> None:
    """Use up a limit, but for so many."""
    rows = [{"kind": kind, "key": rate_limits.kept(key)}] * (LIMITS[kind].most - but)
    Attempt.insert_many(rows).execute()


def try_dates(times: int, card_number: str = CARD) -> None:
    for days in range(1, times + 1):
        rate_limits.note_failure(card_number, BORN + timedelta(days=days), HERE)


@pytest.mark.parametrize("kind", COUNTED)
def test_a_limit_is_reached_by_its_last_time_and_free_once_its_minutes_are_over(stopped, kind):
    fill(kind, "k", but=1)
    assert not rate_limits.is_reached(kind, "k")
    rate_limits.note(kind, "k")
    assert rate_limits.is_reached(kind, "k")
    assert not rate_limits.is_reached(kind, "another")
    stopped.shift(timedelta(minutes=LIMITS[kind].minutes) - SECOND)
    assert rate_limits.is_reached(kind, "k")
    stopped.shift(SECOND)
    assert not rate_limits.is_reached(kind, "k")


def test_every_limit_has_its_name_here():
    named = [value for name, value in vars(rate_limits).items() if name.isupper() and isinstance(value, str | tuple)]
    words = {word for value in named for word in ([value] if isinstance(value, str) else value)}
    assert words == {name for name in LIMITS if not name.startswith("cards refused")}  # domain/payments/card_tries


def test_a_card_is_closed_by_its_last_wrong_date_for_thirty_days(stopped):
    try_dates(MOST_DATES - 1)
    assert not rate_limits.is_closed(CARD)
    try_dates(MOST_DATES)
    assert rate_limits.is_closed(CARD)
    assert not rate_limits.is_closed("QMAGB00000002")
    stopped.shift(timedelta(days=30) - SECOND)
    assert rate_limits.is_closed(CARD)
    stopped.shift(SECOND)
    assert not rate_limits.is_closed(CARD)


def test_cards_that_close_one_after_another_are_said_to_a_person(stopped):
    for n in range(LIMITS[rate_limits.CARDS_CLOSED].most):
        assert not alerts.open_alerts()
        try_dates(MOST_DATES + 2, f"QMAGB{n:08}")
    assert [alert.kind for alert in alerts.open_alerts()] == [alerts.Kind.CARDS_CLOSED]


def test_trying_a_closed_card_adds_nothing_to_its_dates():
    try_dates(MOST_DATES + 3)
    assert WrongDate.select().count() == MOST_DATES


def test_the_counter_forgets_the_dates_of_one_card_alone():
    try_dates(MOST_DATES)
    try_dates(2, "QMAGB00000002")
    assert rate_limits.clear(CARD) == MOST_DATES
    assert not rate_limits.is_closed(CARD)
    assert WrongDate.select().count() == 2


def test_what_is_no_card_number_has_no_dates_but_counts():
    rate_limits.note_failure("", BORN, HERE)
    assert not WrongDate.select().exists()
    assert Attempt.select().count() == 3


@pytest.mark.parametrize(
    ("kind", "key"), [(rate_limits.ADDRESS, HERE), (rate_limits.NETWORK, "203.0.113.0/24"), ("", "")]
)
def test_an_address_is_crowded_by_itself_or_by_its_network(kind, key):
    if kind:
        fill(kind, key)
    assert rate_limits.is_crowded(rate_limits.IDENTIFICATIONS, HERE) is bool(kind)


@pytest.mark.parametrize("kinds", [v for n, v in vars(rate_limits).items() if n.isupper() and isinstance(v, tuple)])
@pytest.mark.parametrize(
    ("tried", "spared"),
    [
        ([f"2001:db8:1:2::{n:x}" for n in range(1, 400)], "2001:db8:1:3::1"),  # one subscriber's
        ([f"2001:db8:1:{n:x}::1" for n in range(400)], "2001:db8:2::1"),  # one rented /48
        ([f"203.0.113.{n}" for n in range(256)], "203.0.114.1"),
    ],
)
def test_every_limit_stops_who_changes_address_within_a_network(kinds, tried, spared):
    for address in tried:
        if rate_limits.is_crowded(kinds, address):
            break
        rate_limits.note_from(kinds, address)
    else:
        pytest.fail("never stopped")
    assert not rate_limits.is_crowded(kinds, spared)


def test_the_sites_budget_used_up_is_said_once_an_hour(stopped):
    fill(rate_limits.SITE, but=2)
    rate_limits.note_failure(CARD, BORN, HERE)
    assert not rate_limits.is_under_attack()
    assert not alerts.open_alerts()
    for _ in range(2):
        rate_limits.note_failure(CARD, BORN, HERE)
    assert rate_limits.is_under_attack()
    assert [alert.subject for alert in alerts.open_alerts()] == ["2026-11-23 12"]
    stopped.shift(timedelta(minutes=59))
    rate_limits.note_failure(CARD, BORN, HERE)
    assert Alert.select().count() == 1
    stopped.shift(timedelta(minutes=1))
    fill(rate_limits.SITE)
    rate_limits.note_failure(CARD, BORN, HERE)
    assert Alert.select().count() == 2


def test_a_wrong_invoice_counts_for_itself_and_as_an_identification():
    rate_limits.note_wrong_invoice("F00001", HERE)
    kept = {(row.kind, row.key) for row in Attempt.select()}
    assert kept == {
        (rate_limits.INVOICE, pseudonym("F00001")),
        (rate_limits.ADDRESS, rate_limits.kept(HERE)),
        (rate_limits.NETWORK, rate_limits.kept("203.0.113.0/24")),
        (rate_limits.SITE, ""),
    }


@pytest.mark.parametrize(
    ("kind", "login", "address"),
    [(rate_limits.ACCOUNT, "luce", "another"), (rate_limits.SIGN_INS[0], "another", HERE)],
)
def test_a_proof_is_wanted_of_an_account_or_an_address_that_failed_too_often(kind, login, address):
    for _ in range(LIMITS[kind].most):
        assert not rate_limits.wants_proof(login, address)
        rate_limits.note_failed_sign_in("luce" if login == "luce" else "many", HERE if address == HERE else "many")
    assert rate_limits.wants_proof(login, address)
    assert not rate_limits.wants_proof("personne", "elsewhere")


def test_neither_card_nor_date_nor_login_is_kept_as_it_is():
    try_dates(1)
    rate_limits.note_failed_sign_in("luce", HERE)
    kept = str([*WrongDate.select().tuples(), *Attempt.select().tuples()])
    for plain in (CARD, "1984-03-01", "luce"):
        assert plain not in kept


def test_what_no_limit_counts_any_more_is_deleted(stopped):
    try_dates(1)
    stopped.shift(rate_limits.KEPT)
    rate_limits.forget_expired()
    assert (Attempt.select().count(), WrongDate.select().count()) == (3, 1)
    stopped.shift(SECOND)
    rate_limits.forget_expired()
    assert (Attempt.select().count(), WrongDate.select().count()) == (0, 0)


def test_nothing_is_deleted_that_a_limit_still_counts():
    assert max(limit.minutes for limit in LIMITS.values()) * 60 <= rate_limits.KEPT.total_seconds()
