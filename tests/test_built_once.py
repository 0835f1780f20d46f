"""A query built once answers as the same one written anew, whatever it is filled with."""

from datetime import date, timedelta

import pytest
from peewee import fn

from models import Invoice, InvoiceLine, Person, built_once
from tests.factories import make_household, make_invoice, make_person

DUE = date(2026, 11, 20)


WEEK = timedelta(days=7)


@built_once
def between(household: int, first: date, last: date):
    return (
        Invoice.select().where(Invoice.household == household, Invoice.due_on.between(first, last)).order_by(Invoice.id)
    )


@built_once
def of_households(households: list[int]):
    return Invoice.select().where(Invoice.household.in_(households)).order_by(Invoice.id)


@built_once
def lines_of(invoices: list[int]):
    total = InvoiceLine.net_cents + InvoiceLine.tps_cents + InvoiceLine.tvq_cents
    rows = InvoiceLine.select(InvoiceLine.invoice, fn.SUM(total)).where(InvoiceLine.invoice.in_(invoices))
    return rows.group_by(InvoiceLine.invoice).order_by(InvoiceLine.invoice).tuples()


@built_once
def called(last_name: str):
    return Person.select(Person.first_name).where(Person.last_name == last_name).tuples()


@pytest.fixture
def invoices(db) -> list[Invoice]:
    return [make_invoice(make_household(), 100 * cents, due_on=DUE + timedelta(days=cents)) for cents in range(1, 8)]


def test_it_answers_as_the_same_query_written_anew_whatever_the_lists_length(invoices):
    for count in range(8):
        homes = [one.household_id for one in invoices[:count]]
        anew = Invoice.select().where(Invoice.household.in_(homes)).order_by(Invoice.id)
        assert of_households(homes) == list(anew)
        assert [one.household_id for one in of_households(homes)] == homes


def test_each_value_goes_to_its_own_place(invoices):
    one = invoices[2]
    day = one.due_on
    assert between(one.household_id, day, day) == [one]
    assert between(one.household_id, day + WEEK, day + WEEK) == []
    assert between(invoices[3].household_id, day, day) == []


def test_a_list_longer_than_another_of_its_shape_is_whole_and_sums_count_each_row_once(invoices):
    for count in (5, 6, 7, 5):
        theirs = invoices[:count]
        assert lines_of([one.id for one in theirs]) == [(one.id, one.total_cents) for one in theirs]


def test_what_is_written_meanwhile_is_read(db):
    home = make_household()
    assert of_households([home.id]) == []
    made = make_invoice(home, 100)
    assert of_households([home.id]) == [made]


@pytest.mark.parametrize("name", ["D’Amours", "a' OR 1=1 --", "%s", "?", "Nguyễn"])
def test_a_text_is_a_value_and_never_sql(db, name):
    make_person(make_household(), first_name="Zoé", last_name=name)
    make_person(make_household(), first_name="Autre", last_name="Roy")
    assert called(name) == [("Zoé",)]


def test_the_sql_is_built_once_a_shape(invoices):
    built = []

    @built_once
    def counted(households: list[int]):
        built.append(len(households))
        return Invoice.select().where(Invoice.household.in_(households))

    for count in (1, 1, 3, 4, 3, 0, 0):
        counted([one.household_id for one in invoices[:count]])
    assert built == [1, 4, 0]


def test_a_function_that_looks_at_what_it_is_given_fails_at_once(db):
    @built_once
    def adds(day: date):
        return Invoice.select().where(Invoice.due_on >= day + WEEK)

    with pytest.raises(TypeError):
        adds(DUE)
