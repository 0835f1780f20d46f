"""Alerts: said once, settled by a person, said again when the thing comes back."""

from datetime import datetime, timedelta

import pytest
import time_machine

from domain.common import alerts, clock
from models import Alert, database

pytestmark = pytest.mark.usefixtures("db")
NOON = datetime(2026, 11, 23, 12)


def said() -> list[tuple[str, str, str]]:
    return [(alert.kind, alert.subject, alert.words) for alert in alerts.open_alerts()]


def test_the_same_thing_is_said_once_with_its_last_words():
    alerts.raise_alert("refund", "P1", "première fois")
    alerts.raise_alert("refund", "P1", "encore")
    assert said() == [("refund", "P1", "encore")]


@pytest.mark.parametrize(("kind", "subject"), [("refund", "P2"), ("dispute", "P1")])
def test_another_kind_or_another_subject_is_another_alert(kind, subject):
    alerts.raise_alert("refund", "P1", "a")
    alerts.raise_alert(kind, subject, "b")
    assert len(said()) == 2


def test_the_oldest_comes_first():
    for subject, age in (("second", 1), ("first", 2), ("third", 0)):
        with time_machine.travel(NOON - timedelta(days=age), tick=False):
            alerts.raise_alert("refund", subject, "")
    assert [subject for _, subject, _ in said()] == ["first", "second", "third"]


def test_what_is_settled_is_left_out_and_its_moment_kept():
    for subject in ("P1", "P2"):
        alerts.raise_alert("refund", subject, "")
    with time_machine.travel(NOON, tick=False):
        assert alerts.close(Alert.get(Alert.subject == "P1").id)
        assert Alert.get(Alert.subject == "P1").closed_at == clock.now()
    assert [subject for _, subject, _ in said()] == ["P2"]


def test_an_alert_is_settled_once_and_the_first_moment_stays():
    alerts.raise_alert("refund", "P1", "")
    alert = Alert.get()
    with time_machine.travel(NOON, tick=False) as stopped:
        assert alerts.close(alert.id)
        stopped.shift(timedelta(hours=1))
        assert not alerts.close(alert.id)
    assert Alert.get().closed_at == NOON


def test_one_that_does_not_exist_is_not_settled():
    assert not alerts.close(12)


def test_a_settled_thing_that_comes_back_is_open_again():
    alerts.raise_alert("refund", "P1", "avant")
    alerts.close(Alert.get().id)
    alerts.raise_alert("refund", "P1", "de nouveau")
    assert said() == [("refund", "P1", "de nouveau")]


def test_what_is_undone_was_never_said():
    with database.atomic() as transaction:
        alerts.raise_alert("refund", "P1", "")
        transaction.rollback()
    assert said() == []
