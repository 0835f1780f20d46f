"""The last places, in two processes: none is given twice. Without its guard each test sees it happen.

SQLite has one writer at a time, whatever its process: what can only cross on PostgreSQL is tried there.
"""

from datetime import timedelta

import pytest

import models
from domain.cart import holds
from domain.common import clock
from domain.imports import sheets
from models import (
    Activity,
    CartItem,
    Membership,
    PlacesTaken,
    Registration,
)
from tests.databases import ON_POSTGRES
from tests.domain.imports.test_sheets import activity as row_of_activity
from tests.factories import (
    make_group,
    make_household,
    make_person,
    make_staff,
)
from tests.faults.acts import (
    all_of,
    brings,
    by_staff,
    chooses,
    homes,
    live,
    row_of,
    taken,
    takes,
)
from tests.faults.in_two import drop_triggers, meets, on_postgres
from tests.imports import bring_in
from views.web.portal import Portal

ROUNDS = 8
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("is_counted", [True, False])
def test_the_last_places_of_a_group(two, app, environment, is_counted):
    """Parents press, wishes are taken, staff answer the telephone and a file comes in, all at once."""
    make_staff()
    group = make_group(capacity=11)
    if not is_counted:
        drop_triggers(CartItem), drop_triggers(Registration)
    pressing, wishing, calling, filed = homes(10), homes(10), homes(6), homes(8)
    for household, person in wishing:
        CartItem.create(household=household, person=person, activity=group, state=CartItem.WISH)
    rows = [row_of(person, group, f"I{n}") for n, (_home, person) in enumerate(filed)]
    presses = [(chooses, *one, group.id) for one in pressing] + [(by_staff, *one, group.id) for one in calling]
    answers = two.at_once(
        environment,
        (all_of, presses + [(takes, household) for household, _person in wishing[:5]]),
        (
            all_of,
            [(brings, *rows[:4])] + [(takes, household) for household, _person in wishing[5:]] + [(brings, *rows[4:])],
        ),
    )
    assert {type(one) for one in sum(answers, [])} <= {int, str}
    if is_counted:
        assert {one for one in sum(answers, []) if isinstance(one, str)} <= {"NoPlaceLeft"}
        assert (live(group), taken(group)) == (11, 11)
    else:
        assert live(group) > 11


def directly(_portal: Portal, household: int, person: int, activity: int) -> None:
    """Hold a place as `choosing` does once it has looked."""
    now = clock.now()
    meets()
    with models.write():
        values = {"household": household, "person": person, "activity": activity}
        holds.create_held(values, now + MINUTE, now + MINUTE, now)


@pytest.mark.parametrize("homes_of", ["one", "two"])
def test_two_parents_press_for_the_same_child(two, app, environment, homes_of):
    for _round in range(ROUNDS):
        group, home = make_group(), make_household()
        child = make_person(home)
        other = home if homes_of == "one" else make_household()
        if other is not home:
            Membership.create(household=other, person=child)
        answers = two.at_once(environment, *((chooses, one.id, child.id, group.id) for one in (home, other)))
        assert (live(group), taken(group)) == (1, 1)
        assert sorted(map(str, answers)) in (["1", "1"], ["1", "Refused"], ["1", "NoPlaceLeft"])


@pytest.mark.parametrize("is_kept", [True, False])
def test_without_a_look_the_index_alone_still_holds(two, app, environment, is_kept):
    if not is_kept:
        models.database.execute_sql("DROP INDEX one_hold")
    group = make_group()
    [(home, child)] = homes(1)
    two.at_once(environment, *[(directly, home, child, group.id)] * 2)
    assert live(group) == (1 if is_kept else 2)


def lowers(_portal: Portal, code: str, capacity: int) -> int:
    one = Activity.get(Activity.code == code)
    told = {"activity": code, "capacity": capacity, "place": one.place.code, "price_cents": one.price_cents}
    told |= {name: getattr(one, name) for name in ("title", "season", "program", "starts_on", "ends_on", "weekdays")}
    return bring_in(sheets.activities.plan, row_of_activity(**told)).updated


@pytest.mark.parametrize("is_counted", [True, False])
def test_a_capacity_lowered_while_places_are_taken(two, app, environment, is_counted):
    if not is_counted:
        drop_triggers(CartItem)
    over = 0
    for _round in range(ROUNDS):
        group = make_group(capacity=6)
        presses = [(chooses, *one, group.id) for one in homes(5)]
        two.at_once(environment, (all_of, presses), (lowers, group.code, 2))
        counted = PlacesTaken.get_by_id(group.id)
        over += live(group) > counted.capacity
        assert Activity.get_by_id(group.id).capacity == counted.capacity
    assert bool(over) is not is_counted


@pytest.mark.parametrize("wins", ["hold", "file"])
def test_a_file_registers_a_child_for_whom_a_place_is_being_held(two, app, environment, wins):
    """Each looks before it has the counter's row: once it has it, it looks again."""
    group = make_group()
    [(home, child)] = homes(1)
    acts = [(chooses, home, child, group.id), (brings, row_of(child, group, "I1"))]
    if ON_POSTGRES:
        two.one_then_the_other(environment, acts if wins == "hold" else acts[::-1], models.PlacesTaken)
    else:
        two.at_once(environment, *acts)
    assert (live(group), taken(group)) == (1, 1)


def holds_unlooked(_portal: Portal, household: int, person: int, activity: int) -> None:
    """Hold a place as if nobody could be registered meanwhile."""
    now = clock.now()
    with models.write():
        CartItem.create(
            household=household,
            person=person,
            activity=activity,
            state=CartItem.HELD,
            held_until=now + MINUTE,
            held_at_most=now + MINUTE,
        )


@on_postgres
def test_without_the_second_look_a_child_has_two_places(two, app, environment):
    group = make_group()
    [(home, child)] = homes(1)
    acts = [(brings, row_of(child, group, "I1")), (holds_unlooked, home, child, group.id)]
    two.one_then_the_other(environment, acts, models.PlacesTaken)
    assert live(group) == 2


@on_postgres
def test_who_takes_several_groups_waits_for_nobody_who_waits_for_her(two, app, environment):
    """In the order of each cart, two that want the same groups ended in a deadlock."""
    for _round in range(ROUNDS):
        first, second = make_group(), make_group(starts_on=clock.today() + timedelta(days=60))
        one, other = homes(2)
        answers = two.at_once(environment, (chooses, *one, first.id, second.id), (chooses, *other, second.id, first.id))
        assert answers == [2, 2]


def holds_in_order(portal: Portal, household: int, person: int, first: int, second: int) -> None:
    """Hold two places in the cart's own order."""
    with models.write():
        holds_unlooked(portal, household, person, first)
        meets()
        holds_unlooked(portal, household, person, second)


@on_postgres
def test_in_two_orders_the_database_ends_one_of_them(two, app, environment):
    first, second = make_group(), make_group()
    one, other = homes(2)
    acts = (holds_in_order, *one, first.id, second.id), (holds_in_order, *other, second.id, first.id)
    assert "OperationalError" in two.at_once(environment, *acts)
