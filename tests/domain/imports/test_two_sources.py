"""What a file may change: not what was changed here, nothing once the portal is master, and no code of the portal's."""

from datetime import date

import pytest

from domain.common import local_changes
from domain.common.clock import noon
from domain.imports import cards, invoices, payments, sheets
from domain.imports.outcome import Outcome, Row
from domain.imports.two_sources import Ours, ours
from models import TABLES, LocalChange, Person, Registration, write
from tests.domain.imports.test_cards import row as card
from tests.factories import make_activity, make_household, make_invoice, make_place, make_registration
from tests.imports import bring_in, told

SINCE = Ours({}, date(2026, 11, 1))


@pytest.fixture
def person(db) -> Person:
    """Someone whose telephone was changed here from 1 to 2."""
    bring_in(cards.plan, card(phone="1"))
    with write():
        Person.update(phone="2").execute()
        local_changes.note("cards", "QMAGB00000001", "phone", "1", "2", "lise")
    return Person.get()


def brings(**values) -> Outcome:
    return bring_in(cards.plan, card(**values), ours=ours("cards", ["QMAGB00000001"], None))


def phone() -> str:
    return Person.get().phone


def test_the_same_value_again_changes_nothing(person):
    done = brings(phone="1")
    assert (phone(), done.unchanged, done.left_alone) == ("2", 1, [])
    assert LocalChange.get().other_value is None


def test_the_rest_of_the_row_is_written(person):
    done = brings(phone="1", address="3, rue Neuve")
    assert (Person.get().address, phone(), done.updated) == ("3, rue Neuve", "2", 1)


def test_another_value_is_listed_with_both_and_not_written(person):
    done = brings(phone="3")
    assert phone() == "2"
    [problem] = done.left_alone
    assert (problem.line, problem.column, problem.key) == (2, "phone", "QMAGB00000001")
    assert (done.unchanged, done.updated) == (0, 0)
    kept = LocalChange.get()
    assert (kept.file_value, kept.value, kept.other_value) == ("1", "2", "3")


def test_another_value_and_back_is_no_dispute(person):
    brings(phone="3")
    assert brings(phone="1").left_alone == []
    assert LocalChange.get().other_value is None


def test_said_at_last_as_here_it_is_remembered_no_more_and_the_file_counts_again(person):
    assert brings(phone="2").unchanged == 1
    assert not LocalChange.select().exists()
    brings(phone="4")
    assert phone() == "4"


def test_a_file_without_the_column_says_nothing(person):
    absent = frozenset({"phone"})
    done = bring_in(cards.plan, card(phone=""), ours=ours("cards", ["QMAGB00000001"], None), absent=absent)
    assert (phone(), done.left_alone, LocalChange.select().count()) == ("2", [], 1)


@pytest.mark.parametrize(("column", "value"), [("price_class", "organisation"), ("school", "3"), ("levels", "nage-1")])
def test_a_class_a_school_or_levels_changed_here_stay_against_the_file(db, column, value):
    bring_in(cards.plan, card())
    with write():
        Person.update(**{column: value}).execute()
        local_changes.note("cards", "QMAGB00000001", column, "", value, "lise")
    assert (brings().unchanged, getattr(Person.get(), column)) == (1, value)
    assert [one.column for one in brings(**{column: "2"}).left_alone] == [column]
    assert getattr(Person.get(), column) == value


def test_what_is_changed_here_while_a_file_is_applied_stays(person):
    planned = cards.plan([Row(2, card(phone="2"))], ours("cards", ["QMAGB00000001"], None))
    with write():
        local_changes.note("cards", "QMAGB00000001", "phone", "2", "5", "lise")
        for change in planned.changes:
            change(planned.outcome)
    assert LocalChange.get().value == "5"


class Silent:
    """A listener that hears nothing."""

    def settled(self, *_told: object) -> None: ...

    def owed_again(self, *_told: object) -> None: ...


def invoice_row(number: str, description: str = "Club") -> dict:
    return {
        "invoice_number": number, "household": "D1", "issued_on": date(2026, 11, 1), "due_on": date(2026, 12, 1),
        "card_number": "", "description": description, "quantity": 1000, "unit_price": 10000, "tax_code": "exempt",
        "category": "activity", "ledger_account": "4100", "status": "open",
    }  # fmt: skip


def payment_row(key: str, number: str) -> dict:
    return {
        "payment": key, "invoice_number": number, "paid_on": date(2026, 11, 2), "amount": 100, "method": "cash",
        "payer": "",
    }  # fmt: skip


def reservation_row(code: str, place: str) -> dict:
    return {
        "reservation": code, "place": place, "household": "D1", "starts_at": noon(date(2026, 12, 5)),
        "ends_at": noon(date(2026, 12, 6)), "status": "confirmed", "purpose": "",
    }  # fmt: skip


def registration_row(code: str, status: str = "confirmed") -> dict:
    return {
        "registration": code, "activity": "NAGE", "card_number": "QMAGB00000001", "status": status,
        "registered_on": date(2026, 11, 2), "option": "", "invoice_number": "", "rank": None,
    }  # fmt: skip


def price_row(code: str, amount: int = 4400) -> dict:
    return {
        "price": code, "program": "NAGE", "option": code, "label": "", "who": "", "rank": None, "rank_over": "season",
        "first_day": None, "last_day": None, "amount_cents": amount, "tax_code": "", "household_cap_cents": None,
        "fee": None, "refund": None,
    }  # fmt: skip


@pytest.fixture
def town(db):
    """One of each thing, as files brought them."""
    bring_in(cards.plan, card())
    person = Person.get()
    make_registration(person, make_activity(code="NAGE"), code="I1")
    make_invoice(make_household("D9"), number="F9")
    make_place(code="ARENA")
    bring_in(sheets.prices.plan, price_row("t9"))


def everything() -> dict:
    return {table.__name__: sorted(map(repr, table.select().tuples())) for table in TABLES}


KINDS = [
    pytest.param(cards.plan, card("QMAGB00000009"), card(phone="9"), id="cards"),
    pytest.param(told(invoices.plan, Silent()), invoice_row("F1"), invoice_row("F9"), id="invoices"),
    pytest.param(told(payments.plan, Silent()), payment_row("C1", "F9"), None, id="payments"),
    pytest.param(sheets.prices.plan, price_row("t1"), price_row("t9", 4500), id="prices"),
    pytest.param(
        sheets.registrations.plan, registration_row("I2"), registration_row("I1", "cancelled"), id="registrations"
    ),
    pytest.param(sheets.reservations.plan, reservation_row("R1", "ARENA"), None, id="reservations"),
]


@pytest.mark.parametrize(("plan", "new", "changed"), KINDS)
def test_once_the_portal_is_master_a_file_changes_nothing_and_all_is_listed(town, plan, new, changed):
    before = everything()
    rows = [one for one in (new, changed) if one]
    done = bring_in(plan, *rows, ours=SINCE)
    assert everything() == before
    assert [problem.line for problem in done.left_alone] == list(range(2, 2 + len(rows)))
    assert all(problem.values["since_on"] == "2026-11-01" for problem in done.left_alone)
    assert (done.created, done.updated, done.unchanged) == (0, 0, 0)


@pytest.mark.parametrize(("plan", "new", "changed"), KINDS)
def test_while_the_file_is_master_the_same_rows_are_written(town, plan, new, changed):
    before = everything()
    done = bring_in(plan, *(one for one in (new, changed) if one))
    assert not done.left_alone
    assert done.created == 1
    assert everything() != before


OURS_UNMADE = [
    pytest.param(cards.plan, card("QMAGB00000009", "P-000009"), "household", id="cards"),
    pytest.param(told(invoices.plan, Silent()), invoice_row("p-000009"), "invoice_number", id="invoices"),
    pytest.param(sheets.registrations.plan, registration_row("P-1"), "registration", id="registrations"),
    pytest.param(sheets.reservations.plan, reservation_row("P-1", "ARENA"), "reservation", id="reservations"),
]


@pytest.mark.parametrize(("plan", "row", "column"), OURS_UNMADE)
def test_a_code_of_ours_that_we_never_gave_is_refused(town, plan, row, column):
    before = everything()
    done = bring_in(plan, row)
    assert [(problem.line, problem.column) for problem in done.rejected] == [(2, column)]
    assert everything() == before


def test_a_file_may_name_what_the_portal_made(town):
    make_household("P-000009")
    make_registration(Person.get(), make_activity(code="GYM"), code="P-1")
    assert bring_in(cards.plan, card(household="P-000009")).rejected == []
    done = bring_in(sheets.registrations.plan, registration_row("P-1", "cancelled"))
    assert (done.rejected, done.updated) == ([], 1)
    assert Registration.get(Registration.code == "P-1").status == "cancelled"


def test_a_places_or_an_activitys_code_is_the_citys_own(db):
    place = {"place": "P-12", "name": "Parc", "kind": "other", "accessible": False}
    place |= dict.fromkeys(("address", "city", "phone", "hours"), "")
    assert bring_in(sheets.places.plan, place).created == 1


def test_a_master_says_nothing_against_rows_that_agree(town):
    rows = registration_row("I1", "cancelled"), registration_row("I2")
    bring_in(sheets.registrations.plan, *rows)
    done = bring_in(sheets.registrations.plan, *rows, ours=SINCE)
    assert (done.left_alone, done.unchanged) == ([], 2)
