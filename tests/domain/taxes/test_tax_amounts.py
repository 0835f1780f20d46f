"""What counts for taxes: amounts paid, by who paid and for whom, less what was given back, by Montreal's years."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.common import clock
from domain.taxes import tax_amounts
from domain.taxes.tax_amounts import Care, Paid
from models import GuestPayer, InvoiceLine
from tests.domain.taxes.conftest import LAST_YEAR, spring
from tests.factories import (
    make_activity,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    make_place,
    make_registration,
    pay_elsewhere,
    take_back,
)

NEW_YEAR = datetime(LAST_YEAR, 1, 1, 5)  # midnight in Montreal


def test_amounts_add_up_by_payer_kind_and_person(member, pays):
    father = make_person(member.household)
    pays("child_care", 7_000)
    pays("child_care", 300)
    pays("activity", 4_000)
    pays("activity", 500, person=member.person)
    pays("child_care", 60, payer=father)
    pays("child_care", 5, payer=None)
    hers, child, herself = member.person.id, member.child.id, member.person.id
    assert set(tax_amounts.of_year(LAST_YEAR)) == {
        Paid(hers, "child_care", child, None, 7_300),
        Paid(hers, "activity", child, None, 4_000),
        Paid(hers, "activity", herself, None, 500),
        Paid(father.id, "child_care", child, None, 60),
        Paid(None, "child_care", child, None, 5),
    }
    assert [one.cents for one in tax_amounts.of_year(LAST_YEAR, [father.id])] == [60]
    assert tax_amounts.of_year(LAST_YEAR, []) == []


def test_each_gift_stands_by_itself_whoever_its_line_names(member, pays):
    gifts = [pays("donation", 2_500, person=person) for person in (member.person, member.child, None)]
    assert tax_amounts.of_year(LAST_YEAR) == [
        Paid(member.person.id, "donation", None, gift.id, 2_500) for gift in gifts
    ]


@pytest.mark.parametrize("category", ["rental", "other"])
def test_the_rest_of_what_is_paid_does_not_count(pays, category):
    pays(category)
    assert tax_amounts.of_year(LAST_YEAR) == []


def test_what_was_invoiced_counts_once_and_as_far_as_it_is_paid(member):
    invoice = make_invoice(member.household, 10_000, category="child_care", person=member.child)
    make_payment_under_way(make_invoice(member.household, 900, category="activity"), payer=member.person)
    pay_elsewhere((invoice, 4_000), payer=member.person, resolved_at=spring(LAST_YEAR))
    assert [one.cents for one in tax_amounts.of_year(LAST_YEAR)] == [4_000]


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (NEW_YEAR - timedelta(seconds=1), LAST_YEAR - 1),
        (NEW_YEAR, LAST_YEAR),
        (datetime(LAST_YEAR + 1, 1, 1, 4, 59), LAST_YEAR),
        (datetime(LAST_YEAR + 1, 1, 1, 5), LAST_YEAR + 1),
    ],
)
def test_a_year_is_montreals_for_what_is_paid_its_words_and_what_has_no_payer(member, pays, moment, year):
    pays("activity", resolved_at=moment)
    pays("activity", 900, resolved_at=moment, payer=None)
    for count in (
        lambda one: tax_amounts.of_year(one),
        lambda one: tax_amounts.services(one, member.person.id, "activity", member.child.id),
        lambda one: tax_amounts.without_payer_cents([member.household.id], one),
    ):
        assert [one for one in range(LAST_YEAR - 1, LAST_YEAR + 2) if count(one)] == [year]


@pytest.mark.parametrize("owed_again", [False, True])
def test_what_was_given_back_is_taken_off_the_year_it_was_paid_in(pays, owed_again):
    part, whole = pays("child_care", 10_000), pays("donation", 3_000)
    take_back(part, 2_500, owed_again=owed_again)
    take_back(whole, 3_000, owed_again=owed_again)
    assert [(one.kind, one.cents) for one in tax_amounts.of_year(LAST_YEAR)] == [("child_care", 7_500)]
    assert tax_amounts.of_year(LAST_YEAR + 1) == []


def test_services_are_her_words_each_once_without_rebates(member, pays):
    for words in ("Camp de jour", "Relâche", "Camp de jour"):
        pays("child_care", description=words)
    rebate = pays("child_care", description="Rabais du deuxième enfant").allocations.get().line
    InvoiceLine.update(net_cents=-100).where(InvoiceLine.id == rebate.id).execute()
    pays("activity", description="Tennis")
    pays("child_care", description="D’un autre enfant", person=member.person)
    pays("child_care", description="De son père", payer=make_person(member.household))
    pays("child_care", description="D’une autre année", year=LAST_YEAR - 1)
    pays("child_care", description="De personne", person=None)
    services = tax_amounts.services
    assert services(LAST_YEAR, member.person.id, "child_care", member.child.id) == ["Camp de jour", "Relâche"]
    assert services(LAST_YEAR, member.person.id, "child_care", None) == ["De personne"]


def test_what_nobody_is_known_to_have_paid_is_told_to_the_household_alone(member, pays):
    pays("child_care", 6_600, payer=None)
    pays("donation", 400, payer=None)
    pays("rental", 50_000, payer=None)
    pays("child_care", 60_000)
    pays("child_care", 70_000, payer=None, household=make_household())
    GuestPayer.create(payment=pays("child_care", 80_000, payer=None), name="Grand-maman")
    assert tax_amounts.without_payer_cents([member.household.id], LAST_YEAR) == 7_000
    assert tax_amounts.without_payer_cents([], LAST_YEAR) == 0


def test_days_of_care_are_those_of_the_year_each_once_and_none_that_was_cancelled(member):
    school, camp = make_place(name="École"), make_place(name="Camp")
    whole_weeks = {"category": "child_care", "weekdays": "lun mar mer jeu ven sam dim"}
    winter = {"starts_on": date(LAST_YEAR - 1, 12, 30), "ends_on": date(LAST_YEAR, 1, 3)}
    summer = {
        "starts_on": date(LAST_YEAR, 7, 1),
        "ends_on": date(LAST_YEAR, 7, 4),
        "cancelled_on": f"{LAST_YEAR}-07-02",
    }
    again = {"starts_on": date(LAST_YEAR, 7, 4), "ends_on": date(LAST_YEAR, 7, 5)}
    for place, days in ((school, winter), (camp, summer), (camp, again)):
        make_registration(member.child, make_activity(place, **whole_weeks | days))
    found = tax_amounts.care([member.child.id], LAST_YEAR)
    assert found == {member.child.id: Care(3 + 4, date(LAST_YEAR, 1, 1), date(LAST_YEAR, 7, 5), ("École", "Camp"))}
    next_year = {"starts_on": date(LAST_YEAR + 1, 1, 1), "ends_on": date(LAST_YEAR + 1, 1, 2)}
    make_registration(member.child, make_activity(camp, **whole_weeks | next_year))
    assert tax_amounts.care([member.child.id], LAST_YEAR) == found


@pytest.mark.parametrize(
    ("registration", "activity"),
    [({"status": "waiting"}, {}), ({"status": "cancelled"}, {}), ({}, {"category": "activity"})],
)
def test_only_a_place_in_child_care_is_care(member, registration, activity):
    summer = {"starts_on": date(LAST_YEAR, 7, 1), "ends_on": date(LAST_YEAR, 7, 14), "category": "child_care"}
    make_registration(member.child, make_activity(**summer | activity), **registration)
    make_registration(member.person, make_activity(**summer))
    assert tax_amounts.care([member.child.id], LAST_YEAR) == {}


def test_years_go_back_to_her_first_payment_or_her_households_first_invoice(member, pays):
    today, hers = clock.today(), member.person.id
    pays("activity", year=LAST_YEAR - 5, payer=make_person(), household=make_household())
    make_payment_under_way(
        make_invoice(make_household()), state="refused", payer=member.person, resolved_at=spring(LAST_YEAR - 4)
    )
    assert tax_amounts.years(hers, today) == [today.year]
    pays("activity", resolved_at=datetime(LAST_YEAR, 1, 1, 4, 59))
    assert tax_amounts.years(hers, today) == [today.year, LAST_YEAR, LAST_YEAR - 1]
    make_invoice(member.household, issued_on=date(LAST_YEAR - 2, 12, 31))
    assert tax_amounts.years(hers, today, [member.household.id])[-1] == LAST_YEAR - 2
    assert tax_amounts.years(hers, today)[-1] == LAST_YEAR - 1


@pytest.mark.parametrize(
    ("began", "is_partial"),
    [
        (None, True),
        (datetime(LAST_YEAR, 1, 16, 4, 59), False),  # the 15th, 23:59 in Montreal
        (datetime(LAST_YEAR, 1, 16, 5, 0), True),
        (spring(LAST_YEAR - 3), False),
    ],
)
def test_a_year_is_whole_when_payments_are_known_from_its_beginning(member, pays, city, began, is_partial):
    make_payment_under_way(make_invoice(member.household), state="refused", resolved_at=spring(LAST_YEAR - 9))
    if began:
        pays("rental", resolved_at=began)
        pays("rental", resolved_at=spring(LAST_YEAR))
    assert tax_amounts.records_begin() == began
    assert tax_amounts.is_partial(LAST_YEAR, city) is is_partial


def test_the_citys_own_word_on_the_first_whole_year_goes_before_what_is_known(pays, city):
    pays("rental", year=LAST_YEAR - 3)
    its_city = replace(city, tax_receipts=replace(city.tax_receipts, first_complete_year=LAST_YEAR))
    assert [tax_amounts.is_partial(year, its_city) for year in (LAST_YEAR - 1, LAST_YEAR)] == [True, False]
