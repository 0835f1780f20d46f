"""A plan is made in short writes: a change whole or not at all, and a write ended once it took long enough."""

import time

import pytest

from domain.imports.carry_out import MOST_SECONDS, carry_out
from domain.imports.outcome import Outcome, Plan, Problem
from models import Household
from tests.databases import held


def makes(code: str, seconds: float = 0):
    """A change that makes a household, and takes its time."""

    def change(_outcome: Outcome) -> None:
        Household.create(code=code)
        time.sleep(seconds)

    return change


def fails(_outcome: Outcome) -> None:
    Household.create(code="never")
    raise ZeroDivisionError


def codes() -> list[str]:
    return [code for (code,) in Household.select(Household.code).order_by(Household.id).tuples()]


def test_changes_are_made_in_their_order_and_what_they_say_is_kept(db):
    problem = Problem(2, "card_number", "changée", "D3")
    plan = Plan(Outcome(updated=1), [makes("D2"), makes("D1"), lambda outcome: outcome.not_updated(problem)])
    assert carry_out(plan) == Outcome(updated=0, left_alone=[problem])
    assert codes() == ["D2", "D1"]


@pytest.mark.parametrize(("seconds", "kept"), [(2 * MOST_SECONDS, ["D1"]), (0, [])])
def test_a_write_that_took_long_enough_is_ended_before_the_next_change(db, seconds, kept):
    with pytest.raises(ZeroDivisionError):
        carry_out(Plan(changes=[makes("D1", seconds), fails]))
    assert codes() == kept


def test_a_plan_without_changes_waits_for_nobody(db, database_url):
    with held(database_url):
        assert carry_out(Plan(Outcome(unchanged=3))).unchanged == 3
