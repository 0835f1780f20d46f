"""A row moves once from a state to one that its transitions allow, whoever is first."""

from datetime import timedelta

import pytest

from domain.common import clock, lifecycle
from domain.payments import lifecycle as payments
from domain.payments import refunds, saved_cards, unmatched_charges
from models import Payment, Refund, SavedCard, UnmatchedCharge

TRANSITIONS = {"created": {"done"}, "done": set()}
LONGEST = timedelta(minutes=1)
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def row(db) -> SavedCard:
    return SavedCard.create(reference="one", state="created")


def again(row: SavedCard) -> SavedCard:
    return SavedCard.get_by_id(row.id)


def test_a_move_writes_its_values_here_and_in_the_row(row):
    assert lifecycle.move(row, TRANSITIONS, "done", brand="Visa")
    assert (row.state, row.brand) == (again(row).state, again(row).brand) == ("done", "Visa")


def test_who_comes_second_changes_nothing_and_hears_it(row):
    late = again(row)
    lifecycle.move(row, TRANSITIONS, "done", brand="Visa")
    assert not lifecycle.move(late, TRANSITIONS, "done", brand="Amex")
    assert (late.state, late.brand, again(row).brand) == ("created", "", "Visa")


def test_another_row_stays_as_it_is(row):
    other = SavedCard.create(reference="other", state="created")
    lifecycle.move(row, TRANSITIONS, "done")
    assert again(other).state == "created"


def test_a_move_the_table_does_not_know_is_refused_before_anything_is_written(row):
    with pytest.raises(lifecycle.NoSuchMove):
        lifecycle.move(row, TRANSITIONS, "created", brand="Visa")
    assert again(row).brand == ""


@pytest.mark.parametrize(
    ("away", "due"),
    [
        (-LONGEST, True),
        (timedelta(0), True),
        (A_MOMENT, False),
        (2 * LONGEST, False),
        (2 * LONGEST + A_MOMENT, True),  # planned before the clock was set back
    ],
)
def test_a_row_is_due_at_its_moment_and_when_the_clock_was_set_back(row, away, due):
    now = clock.now()
    SavedCard.update(due_at=now + away).execute()
    assert SavedCard.select().where(lifecycle.is_due(SavedCard.due_at, now, LONGEST)).exists() is due


@pytest.mark.parametrize(
    ("table", "life"),
    [(Payment, payments), (Refund, refunds), (SavedCard, saved_cards), (UnmatchedCharge, unmatched_charges)],
)
def test_every_state_of_a_life_stands_in_its_table(table, life):
    states = set(life.TRANSITIONS)
    assert table._meta.fields["state"].default in states
    assert set().union(*life.TRANSITIONS.values()) <= states
