"""What the city corrects of a file: all or nothing, on what was read, and remembered beside what the file said."""

import pytest

from domain.people.corrections import ChangedSince, Correction, correct
from models import LocalChange, Person, write
from tests.factories import make_person


@pytest.fixture
def person(db) -> Person:
    return make_person(phone="819 555-0101", address="1, rue Haute")


def test_it_is_written_and_what_the_file_said_is_remembered(person):
    with write():
        correct(person, {"phone": Correction("819 555-0101", "819 555-0142")}, "lise")
    assert Person.get_by_id(person.id).phone == "819 555-0142"
    kept = LocalChange.get()
    assert (kept.kind, kept.key, kept.field, kept.made_by) == ("cards", person.card_number, "phone", "lise")
    assert (kept.file_value, kept.value, kept.other_value) == ("819 555-0101", "819 555-0142", None)


def test_nothing_is_written_when_one_of_them_is_no_more_what_was_read(person):
    wanted = {"phone": Correction("819 555-0101", "1"), "address": Correction("2, rue Basse", "3, rue Neuve")}
    with pytest.raises(ChangedSince), write():
        correct(person, wanted, "lise")
    assert Person.get_by_id(person.id).phone == "819 555-0101"
    assert not LocalChange.select().exists()


def test_no_correction_is_no_change(person):
    with write():
        correct(person, {}, "lise")
    assert not LocalChange.select().exists()
