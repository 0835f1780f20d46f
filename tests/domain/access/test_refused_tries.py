"""What was refused: a row for an hour, whatever the number, and nothing of what was typed."""

from datetime import timedelta

import pytest

from domain.access import refused_tries
from domain.access.refused_tries import Way
from domain.common import rate_limits
from models import RefusedTry
from settings import LIMITS
from tests.factories import make_account, make_staff

pytestmark = pytest.mark.usefixtures("stopped", "db")
AN_HOUR = timedelta(hours=1)


def rows() -> list[tuple[str, int | None, int | None, int]]:
    return [(one.kind, one.account_id, one.staff_id, one.count) for one in RefusedTry.select().order_by(RefusedTry.id)]


def test_a_thousand_tries_at_an_account_are_a_row_an_hour(stopped, db):
    account = make_account()
    for _ in range(1_000):
        refused_tries.note(Way.PASSWORD, account)
    stopped.shift(AN_HOUR)
    refused_tries.note(Way.PASSWORD, account)
    assert rows() == [("password", account.id, None, 1_000), ("password", account.id, None, 1)]


def test_each_account_each_staff_member_and_nobody_have_their_own(db):
    account, other, staff = make_account(), make_account(), make_staff()
    for _ in range(2):
        for whose in ({"account": account}, {"account": other}, {"staff": staff}, {}):
            refused_tries.note(Way.PASSWORD, **whose)
    refused_tries.note(Way.SECOND_FACTOR, staff=staff)
    assert rows() == [
        ("password", account.id, None, 2),
        ("password", other.id, None, 2),
        ("password", None, staff.id, 2),
        ("password", None, None, 2),
        ("second factor", None, staff.id, 1),
    ]


def test_codes_past_their_limit_are_refused_and_that_is_counted(db):
    here, elsewhere = "192.0.2.1", "198.51.100.1"
    for _ in range(LIMITS[rate_limits.WRONG_CODES[0]].most):
        assert refused_tries.takes_codes(here)
        refused_tries.wrong_code(here)
    assert not refused_tries.takes_codes(here)
    assert refused_tries.takes_codes(elsewhere)
    assert rows() == [("one-time code", None, None, 10), ("closed for a while", None, None, 1)]


def test_present_passwords_past_their_limit_are_refused_and_that_is_counted(db):
    account, other = make_account(), make_account()
    for _ in range(LIMITS[rate_limits.PRESENT].most):
        assert refused_tries.takes_present_password(account)
        refused_tries.wrong_present_password(account)
    assert not refused_tries.takes_present_password(account)
    assert refused_tries.takes_present_password(other)
    assert rows() == [("present password", account.id, None, 5), ("closed for a while", account.id, None, 1)]


def test_the_latest_are_shown_first(stopped, db):
    for way in (Way.CARD, Way.PROOF, Way.PASSWORD):
        refused_tries.note(way)
        stopped.shift(AN_HOUR)
    assert [row.kind for row in refused_tries.latest(2)] == ["password", "proof of work"]
