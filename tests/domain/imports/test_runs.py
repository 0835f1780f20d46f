"""Imports under way are known until they end; what they leave alone stands before a person once."""

import pytest

from domain.common import alerts
from domain.imports import runs
from domain.imports.outcome import Outcome, Plan, Problem, Reason
from models import Alert, ImportRun, write
from tests.databases import held

PAID, BEING_PAID = Reason.INVOICE_PAID, Reason.INVOICE_BEING_PAID


def leaves(*problems: tuple[str, Reason], keys: str = "F1 F2 F3") -> Plan:
    """A plan that leaves things alone, each a key and why, of a file that speaks of these keys."""
    left_alone = [Problem(2, "invoice_number", why, {"invoice": key}, key) for key, why in problems]
    return Plan(Outcome(left_alone=left_alone), keys=set(keys.split()))


def listed() -> dict[str, str]:
    return {alert.subject: alert.values["reason"] for alert in alerts.open_alerts()}


def test_a_run_is_cut_until_it_is_finished_the_oldest_first(db):
    first, second = (runs.begin("cards", name, f"/kept/{name}") for name in ("a.csv", "b.csv"))
    assert runs.cut() == [first, second]
    runs.finish(first)
    assert runs.cut() == [second]
    assert ImportRun.get_by_id(first.id).finished_at is not None
    assert alerts.open_alerts() == []


def test_one_whose_file_is_gone_is_given_up_and_a_person_told_which(db):
    runs.give_up(runs.begin("cards", "nuit.csv", "/kept/1"))
    assert runs.cut() == []
    assert [(alert.kind, alert.values) for alert in alerts.open_alerts()] == [("import cut", {"file": "nuit.csv"})]


def test_what_is_left_alone_is_listed_once_however_many_nights_bring_it(db, database_url):
    night = leaves(("F1", PAID), ("F2", BEING_PAID))
    runs.put_before_a_person("invoices", night)
    assert listed() == {"F1": PAID, "F2": BEING_PAID}
    assert {alert.kind for alert in Alert.select()} == {"import invoices"}
    with held(database_url):
        runs.put_before_a_person("invoices", night)
    assert Alert.select().count() == 2


def test_settled_by_a_person_it_stays_so_until_there_is_something_else_to_say(db):
    runs.put_before_a_person("invoices", leaves(("F1", PAID)))
    with write():
        alerts.close(Alert.get().id)
    runs.put_before_a_person("invoices", leaves(("F1", PAID)))
    assert listed() == {}
    runs.put_before_a_person("invoices", leaves(("F1", BEING_PAID)))
    assert listed() == {"F1": BEING_PAID}


def test_what_a_later_file_takes_is_settled_by_itself_and_nothing_else(db):
    runs.put_before_a_person("invoices", leaves(("F1", PAID), ("F2", PAID), ("F3", PAID)))
    runs.put_before_a_person("payments", leaves(("F1", BEING_PAID)))
    runs.put_before_a_person("invoices", leaves(("F2", PAID), keys="F1 F2"))
    assert [(alert.kind, alert.subject) for alert in alerts.open_alerts()] == [
        ("import invoices", "F2"),
        ("import invoices", "F3"),
        ("import payments", "F1"),
    ]


@pytest.mark.parametrize(
    ("rows", "last", "short"),
    [(0, 0, False), (5, 0, False), (90, 100, True), (91, 100, False), (1, 2, True), (0, 1, True), (100, 90, False)],
)
def test_a_file_shorter_by_a_tenth_than_the_last_is_short(rows, last, short):
    assert runs.is_short(rows, last) is short


def test_the_length_of_the_last_accepted_file_is_kept_by_kind_an_empty_one_left_out(db, database_url):
    assert runs.last_length("cards") == 0
    for rows in (100, 80, 0):
        runs.keep_length("cards", rows)
    assert (runs.last_length("cards"), runs.last_length("invoices")) == (80, 0)
    with held(database_url):
        runs.keep_length("cards", 80)


def test_a_cut_import_of_another_portals_file_is_read_again_as_such(db):
    ours = runs.begin("cards", "a.csv", "kept-a", from_portal=True)
    assert runs.is_from_portal(ours)
    assert not runs.is_from_portal(runs.begin("cards", "b.csv", "kept-b"))
