"""What was typed when a session ended: kept for its owner, forgotten after half a day."""

import json
from datetime import timedelta

import pytest

from domain.access import unsent_forms
from models import UnsentForm

pytestmark = pytest.mark.usefixtures("stopped", "db")
FIELDS = {"email": ["neuf@example.com"], "facture": ["F1", "F2"]}


def test_it_is_given_back_as_it_was():
    assert unsent_forms.read("resident 1", "/a") == {}
    unsent_forms.keep("resident 1", "/a", FIELDS)
    assert unsent_forms.read("resident 1", "/a") == FIELDS


@pytest.mark.parametrize(("owner", "path"), [("resident 2", "/a"), ("staff 1", "/a"), ("resident 1", "/b")])
def test_nobody_else_gets_it_nor_another_page(owner, path):
    unsent_forms.keep("resident 1", "/a", FIELDS)
    assert unsent_forms.read(owner, path) == {}
    assert unsent_forms.read("resident 1", "/a") == FIELDS


def test_of_one_page_the_last_form_counts_and_of_two_both():
    for path, words in (("/a", "first"), ("/b", "other"), ("/a", "last")):
        unsent_forms.keep("resident 1", path, {"words": [words]})
    assert unsent_forms.read("resident 1", "/a") == {"words": ["last"]}
    assert unsent_forms.read("resident 1", "/b") == {"words": ["other"]}


def test_100_addresses_without_end_fill_no_disk(stopped):
    unsent_forms.keep("resident 2", "/a", FIELDS)
    for number in range(3 * unsent_forms.MOST_FORMS):
        stopped.shift(timedelta(seconds=1))
        unsent_forms.keep("resident 1", f"/famille/{number}", FIELDS)
    kept = UnsentForm.select(UnsentForm.path).where(UnsentForm.owner == "resident 1")
    latest = range(2 * unsent_forms.MOST_FORMS, 3 * unsent_forms.MOST_FORMS)
    assert set(kept.scalars()) == {f"/famille/{number}" for number in latest}
    assert unsent_forms.read("resident 2", "/a") == FIELDS, "another's stays"


@pytest.mark.parametrize(("more", "kept"), [(0, True), (1, False)])
def test_a_form_that_is_too_long_is_not_kept(more, kept):
    room = unsent_forms.MOST_CHARACTERS - len(json.dumps({"words": [""]}))
    unsent_forms.keep("resident 1", "/a", {"words": ["x" * (room + more)]})
    assert UnsentForm.select().exists() is kept


def test_what_nobody_came_back_for_is_forgotten_twelve_hours_after_it_was_last_kept(stopped):
    unsent_forms.keep("resident 1", "/a", FIELDS)
    stopped.shift(timedelta(hours=1))
    unsent_forms.keep("resident 1", "/a", FIELDS)
    stopped.shift(timedelta(hours=12))
    unsent_forms.forget_expired()
    assert UnsentForm.select().exists()
    stopped.shift(timedelta(seconds=1))
    unsent_forms.forget_expired()
    assert not UnsentForm.select().exists()


def test_what_was_sent_is_forgotten_and_nothing_else():
    unsent_forms.keep("resident 1", "/a", FIELDS)
    unsent_forms.keep("resident 1", "/b", FIELDS)
    unsent_forms.forget("resident 1", "/a")
    assert [row.path for row in UnsentForm.select()] == ["/b"]
