"""What an import did."""

from domain.imports import outcome
from models import Household
from tests.factories import make_household


def test_nothing_done_is_nothing_counted_and_outcomes_do_not_share_their_lists():
    one, other = outcome.Outcome(), outcome.Outcome()
    one.rejected.append(outcome.Problem(1, "a", outcome.Reason.CELL))
    one.left_alone.append(outcome.Problem(1, "a", outcome.Reason.CELL))
    assert other == outcome.Outcome(created=0, updated=0, unchanged=0, rejected=[], left_alone=[])


def test_rows_are_found_by_one_of_their_fields(db):
    one, other = make_household("D1"), make_household("D2")
    assert outcome.by_key(Household.select(), "code") == {"D1": one, "D2": other}
