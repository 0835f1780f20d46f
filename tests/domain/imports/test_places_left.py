"""Registrations of a file: no more than there are places, none for whom a cart holds one; capacities likewise."""

from datetime import date

import pytest

from domain.common import local_changes
from domain.imports import sheets
from domain.imports.carry_out import carry_out
from domain.imports.outcome import Outcome, Reason, Row
from domain.imports.two_sources import Ours, ours
from models import Activity, CartItem, Household, Person, PlacesTaken, Registration
from tests.domain.imports.test_sheets import activity, registration
from tests.factories import make_activity, make_household, make_person, make_place, make_registration
from tests.imports import FILE_IS_MASTER, bring_in

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def town(db):
    """Five people and two groups: one of two places, one of one."""
    home = make_household("D1")
    for n in range(1, 6):
        make_person(home, card_number=card(n))
    place = make_place(code="lieu1")
    make_activity(place, code="camp", capacity=2)
    make_activity(place, code="nage", capacity=1)


def card(n: int) -> str:
    return f"QMAGB0000000{n}"


def row(n: int, **values) -> dict:
    """Someone's row: I1 is the first person's, in the camp."""
    return registration(**({"registration": f"I{n}", "activity": "camp", "card_number": card(n)} | values))


def brings(*rows: dict, of: Ours = FILE_IS_MASTER) -> Outcome:
    return bring_in(sheets.registrations.plan, *rows, ours=of)


def listed(outcome: Outcome) -> list[tuple[int, str, Reason]]:
    return [(one.line, one.key, one.reason) for one in outcome.left_alone]


def taken(code: str = "camp") -> int:
    return PlacesTaken.get(PlacesTaken.activity == Activity.get(Activity.code == code)).taken


def confirmed() -> set[str]:
    rows = Registration.select(Registration.code).where(Registration.status == "confirmed").tuples()
    return {code for (code,) in rows}


def in_cart(n: int, state: str = CartItem.HELD) -> CartItem:
    """Someone's place in the camp, in a cart."""
    person = Person.get(Person.card_number == card(n))
    group = Activity.get(Activity.code == "camp")
    return CartItem.create(household=Household.get(), person=person, activity=group, state=state)


def test_rows_beyond_the_capacity_are_left_alone_and_listed_in_the_files_order():
    rows = [row(3), row(1), row(2), row(4)]
    done = brings(*rows)
    assert (done.created, done.rejected) == (2, [])
    assert listed(done) == [(4, "I2", Reason.ACTIVITY_FULL), (5, "I4", Reason.ACTIVITY_FULL)]
    assert done.left_alone[0].values == {"key": "I2", "activity": "camp"}
    assert (confirmed(), taken()) == ({"I3", "I1"}, 2)
    again = brings(*rows)
    assert (again.created, again.unchanged, listed(again)) == (0, 2, listed(done))


def test_none_is_none_and_no_capacity_is_no_limit():
    Activity.update(capacity=0).where(Activity.code == "nage").execute()
    Activity.update(capacity=None).where(Activity.code == "camp").execute()
    done = brings(*[row(n) for n in range(1, 6)], row(1, registration="J1", activity="nage"))
    assert (done.created, listed(done)) == (5, [(7, "J1", Reason.ACTIVITY_FULL)])


def test_who_waits_or_was_cancelled_takes_no_place():
    brings(row(1), row(2))
    done = brings(row(1), row(2), row(3, status="waiting", rank=1), row(4, status="cancelled"))
    assert (done.created, done.left_alone, taken()) == (2, [], 2)
    assert Registration.get(Registration.code == "I3").rank == 1


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("frees", [{"status": "cancelled"}, {"status": "waiting"}])
def test_a_row_that_frees_a_place_makes_room_for_another_of_the_same_file(order, frees):
    brings(row(1), row(2))
    done = brings(*[row(3), row(1, **frees), row(2)][::order])
    assert (done.created, done.updated, done.left_alone) == (1, 1, [])
    assert taken() == 2


def test_who_moves_to_another_group_makes_room_for_the_rows_after_hers():
    brings(row(1), row(2))
    done = brings(row(3), row(1, activity="nage"), row(2), row(4))
    assert (done.created, done.updated, listed(done)) == (1, 1, [(2, "I3", Reason.ACTIVITY_FULL)])
    assert (confirmed(), taken(), taken("nage")) == ({"I1", "I2", "I4"}, 2, 1)


def test_one_free_place_goes_to_the_first_row_whether_new_or_known():
    brings(row(1), row(3, status="waiting"))
    done = brings(row(2), row(3))
    assert (done.created, listed(done)) == (1, [(3, "I3", Reason.ACTIVITY_FULL)])
    assert Registration.get(Registration.code == "I3").status == "waiting"


def test_a_place_that_the_file_may_not_free_stays_taken():
    brings(row(1), row(2))
    local_changes.note("registrations", "I1", "status", "waiting", "confirmed", "lise")
    done = brings(row(1, status="cancelled"), row(3), of=ours("registrations", ["I1", "I3"], None))
    assert [one.reason for one in done.left_alone] == [Reason.CHANGED_HERE_TOO, Reason.ACTIVITY_FULL]
    assert (confirmed(), taken()) == ({"I1", "I2"}, 2)


def test_a_move_into_a_full_group_leaves_her_where_she_is():
    brings(row(1), row(2, activity="nage"))
    done = brings(row(1, activity="nage"), row(2, activity="nage"))
    assert listed(done) == [(2, "I1", Reason.ACTIVITY_FULL)]
    assert (taken("camp"), taken("nage")) == (1, 1)


@pytest.mark.parametrize("state", CartItem.TAKING)
@pytest.mark.parametrize("status", ["confirmed", "waiting"])
def test_who_holds_the_same_group_in_a_cart_is_left_alone_and_listed(state, status):
    in_cart(1, state)
    done = brings(row(1, status=status), row(2))
    assert (done.created, listed(done)) == (1, [(2, "I1", Reason.HELD_IN_CART)])
    assert taken() == 2


def test_a_cancelled_one_is_put_back_unless_a_cart_holds_the_place():
    brings(row(1, status="cancelled"), row(2, status="cancelled"))
    in_cart(1)
    done = brings(row(1), row(2))
    assert (done.updated, listed(done)) == (1, [(2, "I1", Reason.HELD_IN_CART)])


@pytest.mark.parametrize("state", [CartItem.WISH, CartItem.LAPSED, CartItem.REMOVED, CartItem.CONFIRMED])
def test_a_cart_that_holds_nothing_is_no_matter(state):
    in_cart(1, state)
    assert brings(row(1)).created == 1
    assert brings(row(1, registered_on=date(2026, 10, 2))).updated == 1


def test_one_cancelled_for_whom_a_cart_holds_a_place_is_written():
    in_cart(1)
    assert brings(row(1, status="cancelled")).created == 1


def test_what_was_registered_here_stays_when_a_file_does_not_name_it_and_takes_its_place():
    make_registration(Person.get(Person.card_number == card(1)), Activity.get(Activity.code == "camp"), code="P-000001")
    done = brings(row(2), row(3), row(1, registration="I1"))
    assert confirmed() == {"P-000001", "I2"}
    assert listed(done) == [(3, "I3", Reason.ACTIVITY_FULL), (4, "I1", Reason.REGISTERED_ALREADY)]


def test_one_registered_here_and_named_otherwise_follows_what_was_changed_here():
    make_registration(Person.get(Person.card_number == card(1)), Activity.get(Activity.code == "camp"), code="P-000001")
    named = row(1, registration="P-000001", status="cancelled")
    local_changes.note("registrations", "P-000001", "status", "waiting", "confirmed", "lise")
    assert listed(brings(named, of=ours("registrations", ["P-000001"], None))) == [
        (2, "P-000001", Reason.CHANGED_HERE_TOO)
    ]
    assert brings(named).updated == 1
    assert taken() == 0


def planned(*rows: dict):
    return sheets.registrations.plan([Row(line, one) for line, one in enumerate(rows, 2)], FILE_IS_MASTER)


def test_the_last_place_taken_between_plan_and_writing_is_listed_and_the_rest_is_written():
    plan = planned(row(1), row(2), row(3, activity="nage"))
    in_cart(5)
    done = carry_out(plan)
    assert (done.created, listed(done)) == (2, [(3, "I2", Reason.ACTIVITY_FULL)])
    assert (confirmed(), taken(), taken("nage")) == ({"I1", "I3"}, 2, 1)


def test_the_last_place_taken_between_plan_and_writing_of_a_change_is_listed():
    brings(row(1, status="waiting"), row(2), row(3, status="waiting"))
    later = {"registered_on": date(2026, 10, 9)}
    plan = planned(row(1), row(2, **later), row(3, status="waiting", **later))
    in_cart(5)
    done = carry_out(plan)
    assert (done.updated, listed(done)) == (2, [(2, "I1", Reason.ACTIVITY_FULL)])
    assert (confirmed(), taken()) == ({"I2"}, 2)


def test_who_takes_a_place_for_herself_between_plan_and_writing_is_listed():
    plan = planned(row(1), row(2))
    in_cart(1)
    done = carry_out(plan)
    assert (done.created, listed(done)) == (1, [(2, "I1", Reason.HELD_IN_CART)])


def test_who_takes_a_place_for_herself_between_plan_and_writing_of_a_change_is_listed():
    brings(row(1, status="waiting"))
    plan = planned(row(1))
    in_cart(1)
    done = carry_out(plan)
    assert (done.updated, listed(done)) == (0, [(2, "I1", Reason.HELD_IN_CART)])


def test_who_is_registered_here_between_plan_and_writing_is_listed():
    plan = planned(row(1), row(2))
    make_registration(Person.get(Person.card_number == card(1)), Activity.get(Activity.code == "camp"), code="P-000001")
    done = carry_out(plan)
    assert (done.created, listed(done)) == (1, [(2, "I1", Reason.REGISTERED_ALREADY)])
    assert done.left_alone[0].values == {"key": "I1", "holder": "P-000001"}


def groups(*rows: dict) -> Outcome:
    return bring_in(sheets.activities.plan, *rows)


def group(**values) -> dict:
    return activity(**({"activity": "camp", "price_cents": 5800} | values))


def test_a_capacity_below_what_is_taken_is_left_alone_and_listed_and_the_rest_of_its_row_is_written():
    brings(row(1), row(2))
    groups(group(capacity=2))
    done = groups(group(capacity=1, title="Camp de jour"), group(activity="yoga", capacity=3))
    assert (done.created, done.updated, done.unchanged) == (1, 1, 0)
    [problem] = done.left_alone
    assert (problem.line, problem.column, problem.key) == (2, "capacity", "camp")
    assert (problem.reason, problem.values) == (Reason.CAPACITY_BELOW, {"key": "camp", "capacity": 1, "taken": 2})
    camp = Activity.get(Activity.code == "camp")
    assert (camp.capacity, camp.title) == (2, "Camp de jour")
    again = groups(group(capacity=1, title="Camp de jour"))
    assert (again.updated, again.unchanged, len(again.left_alone)) == (0, 0, 1)


@pytest.mark.parametrize("capacity", [2, 3, None])
def test_a_capacity_of_what_is_taken_or_more_is_written(capacity):
    brings(row(1), row(2))
    assert groups(group(capacity=capacity)).left_alone == []
    assert Activity.get(Activity.code == "camp").capacity == capacity
    assert PlacesTaken.get(PlacesTaken.taken == 2).capacity == capacity


def test_a_place_taken_between_plan_and_writing_keeps_the_capacity_alone():
    plan = sheets.activities.plan([Row(2, group(capacity=0, title="Camp"))], FILE_IS_MASTER)
    in_cart(1)
    done = carry_out(plan)
    assert [(one.column, one.reason) for one in done.left_alone] == [("capacity", Reason.CAPACITY_BELOW)]
    camp = Activity.get(Activity.code == "camp")
    assert (done.updated, camp.capacity, camp.title) == (1, 2, "Camp")


def test_one_whose_capacity_alone_was_to_change_is_not_updated_then():
    groups(group(capacity=2))
    plan = sheets.activities.plan([Row(2, group(capacity=0))], FILE_IS_MASTER)
    in_cart(1)
    done = carry_out(plan)
    assert (done.updated, [one.reason for one in done.left_alone]) == (0, [Reason.CAPACITY_BELOW])
