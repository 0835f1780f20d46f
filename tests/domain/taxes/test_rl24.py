"""The worksheet for Relevé 24: a row for each child and each person who paid for her, and what to cancel."""

from dataclasses import replace
from datetime import date, datetime

import pytest
import time_machine

from domain.common.facts import Fact
from domain.taxes import consents, rl24
from domain.taxes.rl24 import Caveat
from models import Payment, Person
from tests.domain.taxes.conftest import LAST_YEAR, THIS_YEAR, knowing_until
from tests.factories import make_activity, make_person, make_registration, take_back

JANUARY = date(THIS_YEAR, 1, 15)
UNDER_WAY = Fact(Caveat.YEAR_UNDER_WAY, {"year": LAST_YEAR})
PARTIAL = Fact(Caveat.YEAR_IS_PARTIAL, {"year": LAST_YEAR})


def rows(year, city):
    return [dict(zip(rl24.HEADER, row, strict=True)) for row in rl24.rows(year, city)]


def test_the_worksheet_has_a_row_for_each_payer_and_child(member, pays, issuing, city):
    camp = make_activity(
        category="child_care", starts_on=date(LAST_YEAR, 7, 1), ends_on=date(LAST_YEAR, 7, 7), weekdays="lun mar"
    )
    make_registration(member.child, camp)
    father = make_person(member.household, first_name="Luc")
    pays("child_care", 7_000)
    pays("child_care", 3_000, payer=father)
    pays("child_care", 1_000, payer=None)
    pays("activity", 9_999)
    pays("child_care", 4_444, year=LAST_YEAR - 1)
    issuing()
    found = rows(LAST_YEAR, city)
    assert {(row["payer_first_name"], row["amount_paid"], row["code"], row["missing"]) for row in found} == {
        ("Geneviève", "70.00", "R", ""),
        ("Luc", "30.00", "R", ""),
        ("", "10.00", "R", "payer"),
    }
    hers = next(row for row in found if row["payer_first_name"] == "Geneviève")
    assert hers["child_first_name"] == "Léa"
    assert hers["child_birth_date"] == member.child.birth_date
    assert hers["days"] == 2
    assert hers["receipt"].startswith("G")


def test_the_worksheet_says_amended_and_cancelled(pays, issuing, city):
    payment = pays("child_care", 5_000)
    issuing(JANUARY)
    take_back(payment, 2_000)
    issuing(JANUARY)
    (row,) = rows(LAST_YEAR, city)
    assert (row["code"], row["amount_paid"], row["receipt"], row["replaces"]) == ("A", "30.00", "G000002", "G000001")
    take_back(payment, 3_000)
    issuing(JANUARY)
    (row,) = rows(LAST_YEAR, city)
    assert (row["code"], row["amount_paid"], row["receipt"], row["replaces"]) == ("D", "0.00", "G000002", "")
    assert (row["payer_first_name"], row["child_first_name"], row["missing"]) == ("Geneviève", "Léa", "")


def test_each_payer_and_child_have_their_own_receipt_on_their_row(member, pays, issuing, city):
    second = make_person(member.household, first_name="Tom", birth_date=member.child.birth_date)
    pays("child_care", 1_000)
    pays("child_care", 2_000, person=second)
    pays("child_care", 3_000, payer=make_person(member.household, first_name="Luc"))
    by_number = {receipt.number: receipt for receipt in issuing()}
    found = rows(LAST_YEAR, city)
    assert len(found) == 3
    for row in found:
        receipt = by_number[row["receipt"]]
        assert (receipt.payer.card_number, receipt.person.card_number) == (row["payer_card"], row["child_card"])
        assert row["amount_paid"] == f"{receipt.amount_cents // 100}.00"


def test_before_the_receipts_are_issued_a_row_has_no_number(pays, city):
    pays("child_care")
    (row,) = rows(LAST_YEAR, city)
    assert (row["code"], row["receipt"], row["replaces"]) == ("R", "", "")


def test_a_cancelled_receipts_number_stands_on_its_own_row_alone(pays, issuing, city):
    take_back(pays("child_care", 5_000), 5_000)
    take_back(pays("child_care", 3_000), 1_000)
    issuing(JANUARY)
    take_back(Payment.select().order_by(Payment.id.desc()).get(), 2_000)
    issuing(JANUARY)
    pays("child_care", 700)
    found = [(row["code"], row["amount_paid"], row["receipt"]) for row in rows(LAST_YEAR, city)]
    assert found == [("R", "7.00", ""), ("D", "0.00", "G000001")]


def test_what_is_missing_is_named_on_the_row(member, pays, city):
    Person.update(postal_code="").where(Person.id == member.person.id).execute()
    pays("child_care", person=None)
    (row,) = rows(LAST_YEAR, city)
    assert row["missing"] == "address child days"
    assert [row[name] for name in ("child_card", "days", "first_day", "last_day", "places")] == [""] * 5


def test_who_accepted_receipts_online_has_the_day_she_did_in_montreal(member, pays, city):
    pays("child_care")
    assert rows(LAST_YEAR, city)[0]["online_since"] == ""
    with time_machine.travel(datetime(LAST_YEAR, 11, 24, 4, 30), tick=False):
        consents.give(member.account)
    assert rows(LAST_YEAR, city)[0]["online_since"] == date(LAST_YEAR, 11, 23)


@pytest.mark.parametrize(
    ("today", "complete_from", "last_cells", "said"),
    [
        (JANUARY, LAST_YEAR, ["", ""], []),
        (date(LAST_YEAR, 12, 31), LAST_YEAR, [""], [UNDER_WAY]),
        (JANUARY, THIS_YEAR, [""], [PARTIAL]),
        (JANUARY, LAST_YEAR, ["days", "", "payer"], [Fact(Caveat.ROWS_LACK, {"count": 2})]),
        (date(LAST_YEAR, 5, 1), THIS_YEAR, ["days"], [UNDER_WAY, PARTIAL, Fact(Caveat.ROWS_LACK, {"count": 1})]),
    ],
)
def test_the_worksheets_user_is_warned_of_what_makes_it_wrong(db, city, today, complete_from, last_cells, said):
    its_city = replace(city, tax_receipts=replace(city.tax_receipts, first_complete_year=complete_from))
    assert list(rl24.warnings(LAST_YEAR, [["R", cell] for cell in last_cells], its_city, today)) == said


def test_the_row_says_itself_that_the_year_is_partial(pays, city):
    pays("child_care")
    for complete_from, flag in ((LAST_YEAR, "0"), (THIS_YEAR, "1")):
        its_city = replace(city, tax_receipts=replace(city.tax_receipts, first_complete_year=complete_from))
        assert [row["year_is_partial"] for row in rows(LAST_YEAR, its_city)] == [flag]


def test_no_column_holds_a_social_insurance_number():
    assert not {"sin", "nas", "social_insurance_number"} & set(rl24.HEADER)


def test_who_is_past_the_credits_age_is_to_decide_upon(member, pays, city):
    Person.update(birth_date=date(LAST_YEAR - 42, 5, 4)).where(Person.id == member.child.id).execute()
    pays("child_care")
    assert [row["missing"] for row in rows(LAST_YEAR, city)] == ["days age"]


def test_a_year_whose_ages_nobody_looked_up_is_told(db, city):
    its_city = replace(city, tax_receipts=replace(city.tax_receipts, first_complete_year=LAST_YEAR))
    for known_until, said in ((LAST_YEAR, []), (LAST_YEAR - 1, [Fact(Caveat.AGES_UNKNOWN, {"year": LAST_YEAR})])):
        assert list(rl24.warnings(LAST_YEAR, [], knowing_until(its_city, known_until), JANUARY)) == said
