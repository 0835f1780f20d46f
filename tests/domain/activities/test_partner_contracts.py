"""A partner's place: given without payment, by a contract; at least two equal payments, none before the start."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from city_registration import Partner
from domain.activities import choosing, confirming, partner_contracts
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.cart import confirm
from domain.common import clock
from models import (
    Account,
    Activity,
    CartItem,
    Invoice,
    Message,
    PartnerContract,
    PlacesTaken,
    PlannedInvoice,
    Registration,
)
from tests.domain.cart.hold import DURATIONS
from tests.factories import (
    make_account,
    make_contract,
    make_group,
    make_household,
    make_person,
    make_price,
    make_registration,
)


@pytest.fixture
def account(db) -> Account:
    address = {"email": "g@example.org", "email_key": "g@example.org", "email_confirmed_at": clock.now()}
    return make_account(make_person(make_household(), address="12, rue Merry Nord", city="Magog"), **address)


@pytest.fixture
def acting(account, city) -> Acting:
    return Acting(account.household_ids()[0], city, DURATIONS, account_id=account.id)


@pytest.fixture
def listener(app):
    return app.extensions["portal"].listeners


def partners(**values) -> Activity:
    return make_group(**({"provider": "partenaire", "price_cents": 10_001, "tax_code": "taxable"} | values))


def holds(acting: Acting, *groups: Activity) -> None:
    choosing.choose(acting, [Choice(make_person(acting.household_id), group) for group in groups])


def confirms(acting: Acting, listener) -> list[Invoice]:
    total = confirming.cart(acting.household_id, acting.city).total_cents
    return confirming.confirm_cart(acting, total, listener)


def test_the_place_is_given_at_once_and_nothing_is_owed(acting, listener):
    holds(acting, group := partners())
    assert confirms(acting, listener) == []
    assert Registration.get().status == Registration.CONFIRMED
    assert CartItem.get().state == CartItem.CONFIRMED
    assert PlacesTaken.get_by_id(group.id).taken == 1
    assert not Invoice.select().exists()


def test_it_is_planned_in_two_equal_parts_taxed_once_the_first_on_the_first_day(acting, listener):
    holds(acting, group := partners())
    cart = confirming.cart(acting.household_id, acting.city)
    confirms(acting, listener)
    planned = list(PlannedInvoice.select().order_by(PlannedInvoice.position))
    assert [one.due_on for one in planned] == [group.starts_on, group.starts_on + timedelta(days=2)]
    assert sum(one.total_cents for one in planned) == cart.total_cents == 10_001 + 500 + 998
    assert abs(planned[0].total_cents - planned[1].total_cents) <= 3
    assert cart.by_contract[0][1] == [(one.due_on, one.total_cents) for one in planned]
    assert PartnerContract.get().total_cents == cart.total_cents


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "count", "today", "expected"),
    [
        (date(2027, 1, 11), date(2027, 3, 21), 2, date(2026, 12, 1), [(1, 11), (2, 15)]),
        (date(2027, 1, 11), date(2027, 3, 21), 3, date(2026, 12, 1), [(1, 11), (2, 3), (2, 26)]),
        (date(2027, 1, 31), date(2027, 3, 1), 2, date(2026, 12, 1), [(1, 31), (2, 15)]),
        (date(2027, 1, 11), date(2027, 3, 21), 2, date(2027, 2, 20), [(2, 20), (3, 7)]),  # it has begun
        (date(2027, 1, 11), date(2027, 1, 11), 2, date(2026, 12, 1), [(1, 11), (1, 12)]),  # a single day
        (date(2027, 1, 11), date(2027, 1, 12), 2, date(2027, 1, 15), [(1, 15), (1, 16)]),  # it is over
    ],
)
def test_each_part_is_due_at_the_beginning_of_an_equal_part_of_the_time(starts_on, ends_on, count, today, expected):
    activity = Activity(starts_on=starts_on, ends_on=ends_on)
    found = partner_contracts.due_dates(activity, count, today)
    assert [(day.month, day.day) for day in found] == expected


def test_none_is_due_before_the_start_and_a_plan_only_says_how_many(acting, listener):
    holds(acting, group := partners(instalments="trois"))
    confirms(acting, listener)
    planned = list(PlannedInvoice.select().order_by(PlannedInvoice.position))
    assert len(planned) == 3
    assert min(one.due_on for one in planned) == group.starts_on
    assert max(one.total_cents for one in planned) - min(one.total_cents for one in planned) <= 3


def test_a_cart_of_both_makes_the_invoice_of_the_citys_and_gives_the_partners(acting, listener):
    holds(acting, make_group(price_cents=5_800), partners())
    cart = confirming.cart(acting.household_id, acting.city)
    amounts = [one.amount_cents for one in cart.shown]
    assert cart.total_cents == sum(amounts) == 5_800 + 11_499
    assert cart.due_now_cents == 5_800
    [invoice] = confirms(acting, listener)
    assert invoice.total_cents == 5_800
    assert sorted(CartItem.select(CartItem.state).scalars()) == ["confirmed", "held"]
    assert confirming.cart(acting.household_id, acting.city).total_cents == 0


def test_another_total_than_the_one_seen_gives_nothing(acting, listener):
    holds(acting, make_group(price_cents=5_800), partners())
    with pytest.raises(confirm.TotalChanged) as changed:
        confirming.confirm_cart(acting, 5_800, listener)
    assert changed.value.total_cents == 5_800 + 11_499
    assert not Registration.select().exists()
    assert set(CartItem.select(CartItem.state).scalars()) == {"held"}


def test_a_partners_place_of_0_dollars_is_given_without_a_contract(acting, listener):
    holds(acting, partners(price_cents=0))
    [invoice] = confirms(acting, listener)
    assert invoice.total_cents == 0
    assert Registration.get().status == Registration.CONFIRMED
    assert not PartnerContract.select().exists()


def test_the_contract_says_what_the_law_wants_and_a_later_change_changes_none(acting, listener, account):
    holds(acting, group := partners(title="Danse", description="Débutants", tax_code="exempt", price_cents=10_000))
    confirms(acting, listener)
    Activity.update(title="Autre chose").execute()
    printed = json.loads(PartnerContract.get().printed)
    assert (printed["consumer"], printed["consumer_address"][0]) == (account.person.name, "12, rue Merry Nord")
    assert (printed["title"], printed["description"]) == ("Danse", "Débutants")
    assert (printed["starts_on"], printed["ends_on"]) == (group.starts_on.isoformat(), group.ends_on.isoformat())
    assert (printed["days"], printed["day_cents"], printed["net_cents"]) == (5, 2_000, 10_000)
    assert [cents for _day, cents in printed["schedule"]] == [5_000, 5_000]


def test_the_merchant_is_the_one_named_by_activity_or_programme_else_reached_through_the_city(city):
    dance, school = Partner("Danse", ["1, rue A"]), Partner("École", ["2, rue B"])
    object.__setattr__(city, "partners", {"danse-1": dance, "danse": school})
    assert partner_contracts.partner_of(Activity(code="danse-1", program="danse"), city) == dance
    assert partner_contracts.partner_of(Activity(code="danse-2", program="danse"), city) == school
    assert partner_contracts.partner_of(Activity(code="yoga"), city).phone == city.phone
    object.__setattr__(city, "partners", {})


def test_whoever_pressed_is_told_once_with_the_contract_and_its_form(acting, listener):
    holds(acting, partners())
    confirms(acting, listener)
    [message] = Message.select()
    number = PartnerContract.get().number
    assert f"/activites/contrats/{number}.pdf" in message.body
    assert f"/activites/contrats/{number}/resiliation.pdf" in message.body
    assert "rien n’est à payer avant le début" in message.body


def test_a_household_cap_counts_what_is_planned(acting, listener):
    make_price(amount_cents=None, household_cap_cents=15_000)
    holds(acting, partners(price_cents=10_000, tax_code="exempt"))
    confirms(acting, listener)
    holds(acting, partners(price_cents=10_000, tax_code="exempt"))
    assert confirming.cart(acting.household_id, acting.city).total_cents == 5_000


def test_a_place_that_the_file_gave_meanwhile_has_no_contract(acting, listener):
    holds(acting, group := partners())
    make_registration(CartItem.get().person, group)
    confirms(acting, listener)
    assert not PartnerContract.select().exists()


def test_a_household_finds_its_own_and_an_address_only_once_verified(account, city):
    home = account.person.memberships.get().household
    mine, hers = make_contract(account.person, home), make_contract(make_person(), make_household())
    assert partner_contracts.find(mine.number, account, city).printed["consumer_address"]
    with pytest.raises(partner_contracts.NoSuchContract):
        partner_contracts.find(hers.number, account, city)


def test_once_all_is_issued_the_contract_stays_there_until_the_end(account):
    contract = make_contract(account.person, home := account.person.memberships.get().household)
    PlannedInvoice.update(state=PlannedInvoice.ISSUED).execute()
    ends_on = Activity.get().ends_on
    assert partner_contracts.of_households([home.id], ends_on) == [(contract, [])]
    assert partner_contracts.of_households([home.id], ends_on + timedelta(days=1)) == []


def test_what_is_to_come_is_listed_in_one_query(account, queries):
    home = account.person.memberships.get().household
    make_contract(account.person, home)
    with queries() as few:
        [[contract, planned]] = partner_contracts.of_households([home.id], clock.today())
        assert contract.registration.activity.title
        assert [one.total_cents for one in planned] == [10_000]
    for _ in range(4):
        make_contract(account.person, home)
    with queries() as many:
        [
            one.registration.person.first_name
            for one, _planned in partner_contracts.of_households([home.id], clock.today())
        ]
    assert len(many) == len(few) == 1


def test_it_goes_with_its_registration_when_its_time_is_over(account):
    contract = make_contract(account.person, account.person.memberships.get().household)
    Registration.delete().where(Registration.id == contract.registration_id).execute()
    assert not PartnerContract.select().exists()
    assert not PlannedInvoice.select().exists()


def test_who_agrees_is_the_consumer_whoever_put_it_in_the_cart(acting, account, listener):
    other = make_account(make_person(acting.household_id, first_name="Marc", address="1, rue Ailleurs"))
    holds(acting, partners())
    confirms(replace(acting, account_id=other.id), listener)
    printed = json.loads(PartnerContract.get().printed)
    assert (printed["consumer"], printed["consumer_address"][0]) == (other.person.name, "1, rue Ailleurs")
    assert CartItem.get().account_id == other.id, "and is written to"


def test_the_consumers_address_stands_on_her_own_copy_alone(acting, account, city, listener):
    other = make_account(make_person(acting.household_id, first_name="Marc"))
    holds(acting, partners())
    confirms(acting, listener)
    number = PartnerContract.get().number
    assert partner_contracts.find(number, account, city).printed["consumer_address"][0] == "12, rue Merry Nord"
    assert partner_contracts.find(number, other, city).printed["consumer_address"] == []
