"""The trail: who did what to whose file, in the transaction it tells of, and never changed."""

import pytest
from peewee import PeeweeException

from domain.common import audit
from domain.common.audit import Act
from models import AuditEvent, database, write
from tests.factories import make_account, make_person, make_staff

pytestmark = pytest.mark.usefixtures("db")


def told() -> tuple:
    event = AuditEvent.get()
    return event.actor_kind, event.actor, event.action, event.person_id, event.subject


def test_a_resident_acts_on_her_own_file_unless_told_otherwise():
    account = make_account()
    audit.by_resident(account, Act.PASSWORD_CHANGED)
    assert told() == ("resident", str(account.id), "password changed", account.person_id, "")


@pytest.mark.parametrize("as_given", [lambda person: person, lambda person: person.id])
def test_a_resident_may_act_on_another_file(as_given):
    account, child = make_account(), make_person()
    audit.by_resident(account, Act.CORRECTION_ASKED, as_given(child), "12")
    assert told() == ("resident", str(account.id), "correction asked", child.id, "12")


def test_a_staff_member_is_named_by_her_code():
    person = make_person()
    audit.by_staff(make_staff("luce"), Act.FILE_OPENED, person, "F1")
    assert told() == ("staff", "luce", "file opened", person.id, "F1")


def test_a_command_is_nobody_and_may_concern_no_file():
    audit.by_system(Act.HOUSEHOLD_SPLIT)
    assert told() == ("system", "", "household split", None, "")


def test_it_holds_no_name_card_nor_user_code_of_a_resident():
    person = make_person(email="file@example.com")
    audit.by_resident(make_account(person, "genevieve"), Act.PASSWORD_CHANGED)
    kept = " ".join(map(str, AuditEvent.select().tuples().get()))
    for personal in (person.first_name, person.last_name, person.card_number, person.email, "genevieve"):
        assert personal not in kept


def test_the_whole_trail_comes_by_pages_the_latest_first():
    for number in range(audit.PAGE_ROWS + 1):
        audit.by_system(Act.HOUSEHOLD_SPLIT, subject=f"{number}")
    events, pages = audit.page(1)
    assert [event.subject for event in events] == [f"{number}" for number in range(audit.PAGE_ROWS, 0, -1)]
    assert ([event.subject for event in audit.page(2)[0]], pages) == (["0"], 2)


def test_a_file_has_what_concerns_it_alone_the_latest_first():
    hers, other = make_person(), make_person()
    for person, subject in ((hers, "a"), (other, "b"), (hers, "c"), (None, "d"), (hers, "e")):
        audit.by_system(Act.HOUSEHOLD_SPLIT, person, subject)
    assert [event.subject for event in audit.of(hers)] == ["e", "c", "a"]
    assert [event.subject for event in audit.of(hers, limit=2)] == ["e", "c"]


@pytest.mark.parametrize(
    "note",
    [
        lambda: audit.by_system("made up"),
        lambda: audit.by_staff(make_staff("luce"), "made up"),
        lambda: audit.by_resident(make_account(), "made up"),
    ],
)
def test_what_is_not_declared_is_not_noted(note):
    with pytest.raises(ValueError, match="made up"):
        note()
    assert not AuditEvent.select().exists()


@pytest.mark.parametrize("change", [lambda: AuditEvent.update(action="x"), AuditEvent.delete])
def test_what_is_written_is_neither_changed_nor_deleted(change):
    audit.by_system(Act.HOUSEHOLD_SPLIT)
    with pytest.raises(PeeweeException, match="append-only"), write():
        change().execute()
    assert told()[2] == "household split"


def test_what_is_undone_leaves_no_trace():
    with database.atomic() as transaction:
        audit.by_system(Act.HOUSEHOLD_SPLIT)
        transaction.rollback()
    assert not AuditEvent.select().exists()
