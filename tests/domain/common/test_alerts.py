"""Alerts: said once, settled by a person, said again when the thing comes back."""

from datetime import datetime, timedelta

import pytest
import time_machine

from domain.common import alerts, clock
from domain.common.alerts import Kind
from domain.common.facts import Fact
from models import Alert, database

pytestmark = pytest.mark.usefixtures("db")
NOON = datetime(2026, 11, 23, 12)


def said() -> list[tuple[str, str, dict | None]]:
    return [(alert.kind, alert.subject, alert.values) for alert in alerts.open_alerts()]


def test_the_same_thing_is_said_once_with_its_last_words():
    alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="première fois")
    alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="encore")
    assert said() == [(Kind.IMPORT_CUT, "P1", {"file": "encore"})]


@pytest.mark.parametrize(("kind", "subject"), [(Kind.IMPORT_CUT, "P2"), (Kind.GUESSING, "P1")])
def test_another_kind_or_another_subject_is_another_alert(kind, subject):
    alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="a")
    alerts.raise_alert(kind, subject, file="b")
    assert len(said()) == 2


def test_the_oldest_comes_first():
    for subject, age in (("second", 1), ("first", 2), ("third", 0)):
        with time_machine.travel(NOON - timedelta(days=age), tick=False):
            alerts.raise_alert(Kind.IMPORT_CUT, subject, file="")
    assert [subject for _, subject, _ in said()] == ["first", "second", "third"]


def test_what_is_settled_is_left_out_and_its_moment_kept():
    for subject in ("P1", "P2"):
        alerts.raise_alert(Kind.IMPORT_CUT, subject, file="")
    with time_machine.travel(NOON, tick=False):
        assert alerts.close(Alert.get(Alert.subject == "P1").id)
        assert Alert.get(Alert.subject == "P1").closed_at == clock.now()
    assert [subject for _, subject, _ in said()] == ["P2"]


def test_an_alert_is_settled_once_and_the_first_moment_stays():
    alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="")
    alert = Alert.get()
    with time_machine.travel(NOON, tick=False) as stopped:
        assert alerts.close(alert.id)
        stopped.shift(timedelta(hours=1))
        assert not alerts.close(alert.id)
    assert Alert.get().closed_at == NOON


def test_one_that_does_not_exist_is_not_settled():
    assert not alerts.close(12)


def test_a_settled_thing_that_comes_back_is_open_again():
    alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="avant")
    alerts.close(Alert.get().id)
    alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="de nouveau")
    assert said() == [(Kind.IMPORT_CUT, "P1", {"file": "de nouveau"})]


def test_what_is_undone_was_never_said():
    with database.atomic() as transaction:
        alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="")
        transaction.rollback()
    assert said() == []


@pytest.mark.parametrize("say", [alerts.raise_alert, alerts.list_once, alerts.settle])
def test_a_kind_that_is_not_declared_is_nobodys(say):
    with pytest.raises(ValueError, match="made up"):
        say("made up", "P1")
    assert said() == []


def test_what_is_said_is_told_to_the_caller_too():
    assert alerts.raise_alert(Kind.IMPORT_CUT, "P1", file="a") == Fact(Kind.IMPORT_CUT, {"file": "a"})


def as_a_sentence(**values) -> None:
    """Have an alert be there that keeps its words, as all did once."""
    Alert.create(kind=Kind.IMPORT_INVOICES, subject="F1", details="F1 est déjà payée", **values)


def test_one_that_keeps_its_words_has_no_values():
    as_a_sentence()
    assert said() == [(Kind.IMPORT_INVOICES, "F1", None)]


@pytest.mark.parametrize("closed_at", [None, NOON])
def test_one_that_keeps_its_words_and_was_closed_stays_closed_when_a_night_says_it_by_values(closed_at):
    as_a_sentence(closed_at=closed_at)
    alerts.list_once(Kind.IMPORT_INVOICES, "F1", reason="invoice paid", invoice="F1")
    assert (Alert.get().values["reason"], Alert.get().closed_at) == ("invoice paid", closed_at)
    alerts.list_once(Kind.IMPORT_INVOICES, "F1", reason="invoice being paid", invoice="F1")
    assert Alert.get().closed_at is None, "there is something else to say"
