"""The database counts the places taken itself, whatever changes a row, and refuses one too many."""

import pytest
from peewee import IntegrityError

from models import Activity, CartItem, PlacesTaken, Registration
from tests.factories import make_activity, make_household, make_person, make_registration

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def groups():
    """A group of two places and one of one."""
    return make_activity(capacity=2), make_activity(capacity=1)


def holds(activity: Activity, state: str = CartItem.HELD) -> CartItem:
    household = make_household()
    return CartItem.create(household=household, person=make_person(household), activity=activity, state=state)


def registers(activity: Activity, status: str = Registration.CONFIRMED) -> Registration:
    return make_registration(make_person(make_household()), activity, status=status)


def taken() -> list[int]:
    return [one.taken for one in PlacesTaken.select().order_by(PlacesTaken.activity)]


TAKES = [(registers, "status", Registration.CONFIRMED)] + [(holds, "state", state) for state in CartItem.TAKING]
FREES = [(registers, "status", state) for state in (Registration.WAITING, Registration.CANCELLED)] + [
    (holds, "state", state) for state in (CartItem.WISH, CartItem.LAPSED, CartItem.CONFIRMED, CartItem.REMOVED)
]


def change(row: CartItem | Registration, **values: object) -> None:
    type(row).update(**values).where(type(row).id == row.id).execute()


@pytest.mark.parametrize(("makes", "column", "state"), TAKES)
def test_what_takes_a_place_is_counted_once_and_no_more_when_it_goes(groups, makes, column, state):
    row = makes(groups[0], state)
    assert taken() == [1, 0]
    change(row, **{column: state})
    assert taken() == [1, 0]
    row.delete_instance()
    assert taken() == [0, 0]


@pytest.mark.parametrize(
    ("makes", "column", "state", "freed"), [(*take, free[2]) for take in TAKES for free in FREES if free[0] is take[0]]
)
def test_a_change_of_state_takes_a_place_or_frees_it(groups, makes, column, state, freed):
    row = makes(groups[0], freed)
    assert taken() == [0, 0]
    change(row, **{column: state})
    assert taken() == [1, 0]
    change(row, **{column: freed})
    assert taken() == [0, 0]


@pytest.mark.parametrize(("makes", "column", "state"), TAKES)
def test_another_group_is_another_place(groups, makes, column, state):
    row = makes(groups[0], state)
    change(row, activity=groups[1])
    assert taken() == [0, 1]


@pytest.mark.parametrize(("makes", "column", "state"), TAKES)
def test_one_too_many_is_refused_however_it_comes(groups, makes, column, state):
    registers(groups[1])
    waits = makes(groups[1], FREES[0][2] if makes is registers else CartItem.WISH)
    with pytest.raises(IntegrityError):
        makes(groups[1], state)
    with pytest.raises(IntegrityError):
        change(waits, **{column: state})
    with pytest.raises(IntegrityError):
        change(makes(groups[0], state), activity=groups[1])
    assert taken() == [1, 1]


def test_a_capacity_below_what_is_taken_is_refused_and_none_is_no_limit(groups):
    registers(groups[0]), holds(groups[0])
    with pytest.raises(IntegrityError):
        Activity.update(capacity=1).where(Activity.id == groups[0].id).execute()
    Activity.update(capacity=None).where(Activity.id == groups[0].id).execute()
    registers(groups[0])
    assert taken() == [3, 0]
