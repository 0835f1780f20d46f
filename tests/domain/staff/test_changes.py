"""Changements à reporter: listed until keyed or decided, each decision noted, and the import's alert settled."""

from dataclasses import replace
from datetime import date

import pytest

from city import Imports, Master
from domain.common import alerts, local_changes
from domain.staff import changes
from models import Alert, AuditEvent, LocalChange, StaffAccount, write
from tests.factories import make_person, make_staff, make_visit

TODAY = date(2026, 11, 27)


@pytest.fixture
def clerk(db) -> StaffAccount:
    return make_staff()


@pytest.fixture
def change(clerk) -> LocalChange:
    """A telephone changed here that the file of the night gainsays."""
    key = make_person().card_number
    with write():
        local_changes.note("cards", key, "phone", "1", "2", "lise")
        LocalChange.update(other_value="3").execute()
        alerts.list_once(alerts.Kind.IMPORT_CARDS, key, reason="changed here and in the file", key=key, columns="phone")
    return LocalChange.get()


def test_it_is_listed_with_whose_card_it_is(change, city):
    [listed] = changes.to_key(city, TODAY)
    assert listed.change == change
    assert listed.person.name == "Geneviève Trần"


def test_reading_the_list_is_a_look_at_the_files_it_shows_once_a_visit(change, clerk, city):
    visit = make_visit(clerk)
    for _ in range(2):
        [listed] = changes.read(visit, city, TODAY)
    event = AuditEvent.get()
    assert (event.action, event.person_id, AuditEvent.select().count()) == ("change read", listed.person.id, 1)


def test_keyed_it_leaves_the_list_and_that_is_noted_once(change, clerk, city):
    LocalChange.update(other_value=None).execute()
    for _ in range(2):
        changes.tick(clerk, change.id)
    assert changes.to_key(city, TODAY) == []
    assert LocalChange.get().keyed_by == clerk.username
    assert AuditEvent.select().where(AuditEvent.action == "change keyed").count() == 1


def test_keyed_and_gainsaid_it_is_listed_again(change, clerk, city):
    changes.tick(clerk, change.id)
    assert len(changes.to_key(city, TODAY)) == 1


def test_ours_stays_and_is_to_be_keyed_again(change, clerk):
    changes.tick(clerk, change.id)
    changes.keep_ours(clerk, change.id, "3")
    kept = LocalChange.get()
    assert (kept.file_value, kept.value, kept.other_value, kept.keyed_at) == ("3", "2", None, None)
    assert Alert.get().closed_at


def test_given_up_it_is_forgotten(change, clerk):
    changes.take_the_files(clerk, change.id, "3")
    assert not LocalChange.select().exists()
    assert Alert.get().closed_at


def test_the_alert_stays_while_another_field_of_the_same_card_is_disputed(change, clerk):
    with write():
        local_changes.note("cards", change.key, "email", "a", "b")
        LocalChange.update(other_value="c").where(LocalChange.field == "email").execute()
    changes.keep_ours(clerk, change.id, "3")
    assert Alert.get().closed_at is None


@pytest.mark.parametrize("decide", [changes.keep_ours, changes.take_the_files])
def test_what_was_decided_or_changed_since_is_not_decided_blindly(change, clerk, decide):
    with pytest.raises(changes.OtherSince):
        decide(clerk, change.id, "4")
    decide(clerk, change.id, "3")
    with pytest.raises(changes.OtherSince):
        decide(clerk, change.id, "3")


def test_nothing_is_to_be_keyed_once_the_portal_is_master(change, city):
    ours = replace(city, imports=Imports(cards=Master(Master.PORTAL, "2026-11-27")))
    assert changes.to_key(ours, TODAY) == []
    assert len(changes.to_key(ours, date(2026, 11, 26))) == 1
