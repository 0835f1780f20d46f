"""Moving in: before anybody comes in, and with numbers of its own."""

import pytest

from domain.common import numbering
from domain.imports import moving
from models import Household, write
from tests.factories import make_account, make_household, make_invoice, make_payment_under_way


def test_numbers_bear_a_series_from_then_on_begun_once(db):
    moving.begin()
    with write():
        first = numbering.own_code("household")
    moving.begin()
    with write():
        second = numbering.own_code("household")
    assert first.rpartition("-")[0] == second.rpartition("-")[0] != "P"


def test_not_where_somebody_comes_in(db):
    make_account()
    with pytest.raises(moving.NotNew):
        moving.begin()


def test_not_where_somebody_pays(db):
    make_payment_under_way(make_invoice(make_household()))
    with pytest.raises(moving.NotNew):
        moving.begin()


def test_households_without_a_card_are_made(db):
    moving.make_homes({"D2", "D1"})
    assert list(Household.select(Household.code).order_by(Household.id).scalars()) == ["D1", "D2"]
