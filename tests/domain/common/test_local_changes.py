"""What was changed here, beside what the file said: one row a field, gone once the two agree."""

from datetime import date

import pytest

from domain.common import local_changes
from models import LocalChange, write


@pytest.fixture
def note(db):
    def note(before: str, now: str, field: str = "phone") -> None:
        with write():
            local_changes.note("cards", "QMAGB1", field, before, now, "lise")

    return note


def kept() -> list[tuple[str, str, str]]:
    return sorted(LocalChange.select(LocalChange.field, LocalChange.file_value, LocalChange.value).tuples())


def test_changed_twice_the_files_value_stays(note):
    note("1", "2")
    note("2", "3")
    assert kept() == [("phone", "1", "3")]


def test_changed_back_there_is_nothing_to_remember_and_other_fields_stay(note):
    note("a", "b", "email")
    note("1", "2")
    note("2", "1")
    assert kept() == [("email", "a", "b")]


def test_changed_to_what_the_file_says_now_there_is_nothing_to_remember(note):
    note("1", "2")
    LocalChange.update(other_value="3").execute()
    note("2", "3")
    assert kept() == []


def test_changed_again_it_is_to_be_keyed_again(note):
    note("1", "2")
    LocalChange.update(keyed_at="2026-11-23", keyed_by="lise").execute()
    note("2", "3")
    assert (LocalChange.get().keyed_at, LocalChange.get().keyed_by) == (None, "")


def test_they_are_found_by_key_and_field_of_their_kind_alone(note):
    note("1", "2")
    assert local_changes.of("cards", ["QMAGB1", "QMAGB2"])["QMAGB1"]["phone"].value == "2"
    assert local_changes.of("reservations", ["QMAGB1"]) == {}


def test_those_of_something_gone_go(note):
    note("1", "2")
    with write():
        local_changes.forget("cards", "QMAGB2")
        assert len(kept()) == 1
        local_changes.forget("cards", "QMAGB1")
    assert kept() == []


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "1"), (False, "0"), (7, "7"), ("é", "é"), (date(2026, 11, 23), "2026-11-23")]
)
def test_a_value_reads_as_a_column_says_it(value, text):
    assert local_changes.as_text(value) == text
