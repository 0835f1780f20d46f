"""Who may register: each reason when it holds and not a day or a second beyond, all of them told, in order."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from city import City
from city_registration import Neighbour
from city_registration import Registration as Settings
from domain.activities import eligibility
from domain.activities.eligibility import Reason
from domain.common import clock
from models import Activity, CartItem, Household, Membership, Person, PlacesTaken, Registration, write
from tests.factories import (
    make_activity,
    make_household,
    make_invoice,
    make_person,
    make_price,
    make_registration,
)

pytestmark = pytest.mark.usefixtures("db")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
MONDAY = date(2027, 6, 28)
NOW = clock.stored(datetime(2027, 4, 3, 8))


@pytest.fixture
def home() -> Household:
    return make_household()


def child(home: Household | None = None, **values) -> Person:
    return make_person(home, **({"birth_date": date(2019, 5, 20), "expires_on": date(2028, 1, 1)} | values))


def week(number: int = 1, **values) -> Activity:
    """A week of camp, with places."""
    starts_on = MONDAY + (number - 1) * 7 * DAY
    defaults = {"starts_on": starts_on, "ends_on": starts_on + 4 * DAY, "weekdays": "lun mar mer jeu ven",
                "starts_at": time(9), "ends_at": time(16), "capacity": 10, "program": "camp", "season": "ete-2027",
                "tax_code": "exempt", "price_cents": 5_800}  # fmt: skip
    return make_activity(**(defaults | values))


def hold(
    person: Person, activity: Activity, household: Household | None = None, state: str = CartItem.HELD
) -> CartItem:
    household = household or Membership.get(Membership.person == person).household
    return CartItem.create(household=household, person=person, activity=activity, state=state)


def why(city: City, person: Person, activity: Activity, now: datetime = NOW, household: int = 0) -> str:
    """Return the reasons as a page writes them."""
    standing = eligibility.standing(household, [person], [activity], city, now)
    return " ".join(eligibility.reasons(standing, person, activity))


def with_rules(city: City, **values) -> City:
    return replace(city, registration=Settings(**values))


def test_reasons_are_the_contracts_in_its_order():
    told = "age school level before residence window overlap debt already full card limit closed"
    assert " ".join(Reason) == told


def test_who_has_nothing_against_her_may(city):
    assert why(city, child(), week()) == ""


@pytest.mark.parametrize(
    ("born", "rule", "reason"),
    [
        (date(2022, 6, 28), {"age_min": 5}, ""),  # five on the first day
        (date(2022, 6, 29), {"age_min": 5}, "age"),
        (date(2022, 6, 29), {"age_min": 5, "age_on": date(2027, 6, 29)}, ""),
        (date(2015, 6, 28), {"age_max": 11}, "age"),  # twelve that day
        (date(2015, 6, 29), {"age_max": 11}, ""),
        (date(2016, 10, 1), {"born_from": date(2016, 10, 1)}, ""),
        (date(2016, 9, 30), {"born_from": date(2016, 10, 1)}, "age"),
        (date(2016, 9, 30), {"born_until": date(2016, 9, 30)}, ""),
        (date(2016, 10, 1), {"born_until": date(2016, 9, 30)}, "age"),
        (date(2022, 9, 30), {"age_min": 4, "age_on": date(2026, 9, 30)}, ""),
        (date(2022, 10, 1), {"age_min": 4, "age_on": date(2026, 9, 30)}, "age"),
        (date(2020, 2, 29), {"age_min": 7, "age_on": date(2027, 2, 28)}, "age"),  # her day is 1 March
        (date(2020, 2, 29), {"age_min": 7, "age_on": date(2027, 3, 1)}, ""),
        (date(2020, 2, 29), {"age_min": 8, "age_on": date(2028, 2, 29)}, ""),
        (date(2020, 2, 29), {"born_from": date(2020, 2, 29), "born_until": date(2020, 2, 29)}, ""),
        (date(2019, 5, 20), {"age_min": 8, "born_until": date(2019, 5, 19)}, "age"),  # both ways of saying it hold
        (date(2019, 5, 20), {"age_min": 0, "age_max": 0}, "age"),
    ],
)
def test_age_and_birth_date_to_the_day(city, born, rule, reason):
    assert why(city, child(birth_date=born), week(**rule)) == reason


def test_who_turns_five_in_the_third_week_may_take_it_and_not_the_two_before(city):
    person = child(birth_date=MONDAY.replace(year=2022) + 15 * DAY)  # the Tuesday of the third week
    third = MONDAY + 14 * DAY
    assert [why(city, person, week(n, age_min=5)) for n in (1, 2, 3, 4)] == ["age", "age", "age", ""]
    person.birth_date = third.replace(year=2022)
    assert [why(city, person, week(n, age_min=5)) for n in (2, 3)] == ["age", ""]


@pytest.mark.parametrize(
    ("born", "finished", "reason"),
    [
        (date(2022, 1, 1), "", ""),
        (date(2022, 1, 1), "3", ""),
        (date(2023, 1, 1), "maternelle4", ""),  # too young, but school holds
        (date(2023, 1, 1), "1", "age school"),
        (date(2023, 1, 1), "", "age school"),
    ],
)
def test_age_or_else_school(city, born, finished, reason):
    person = child(birth_date=born, school=finished)
    assert why(city, person, week(age_min=5, school="maternelle4 maternelle5")) == reason


@pytest.mark.parametrize(("finished", "reason"), [("6", ""), ("maternelle5", ""), ("5", "school"), ("", "school")])
def test_school_alone(city, finished, reason):
    assert why(city, child(school=finished), week(school="maternelle5 6")) == reason


@pytest.mark.parametrize(("levels", "reason"), [("", "level"), ("N1", "level"), ("N1 N3", ""), ("N10", "level")])
def test_a_level_is_passed_or_assessed(city, levels, reason):
    assert why(city, child(levels=levels), week(needs_level="N2 N3")) == reason


@pytest.mark.parametrize(
    ("code", "program", "starts", "status", "reason"),
    [
        ("yoga-1", "", -60, Registration.CONFIRMED, ""),
        ("yoga-1", "yoga", 0, Registration.CONFIRMED, ""),  # begins today
        ("other", "yoga", -60, Registration.CONFIRMED, ""),
        ("other", "pilates", -60, Registration.CONFIRMED, "before"),
        ("yoga-1", "yoga", 1, Registration.CONFIRMED, "before"),
        ("yoga-1", "yoga", -60, Registration.CANCELLED, "before"),
        ("yoga-1", "yoga", -60, Registration.WAITING, "before"),
    ],
)
def test_what_must_be_taken_before_has_begun_or_is_over(city, code, program, starts, status, reason):
    person = child()
    first = date(2027, 4, 3) + starts * DAY
    past = make_activity(code=code, program=program, starts_on=first, ends_on=first + DAY)
    make_registration(person, past, status=status)
    assert why(city, person, week(after="yoga-1 yoga")) == reason
    assert why(city, child(), week(after="yoga-1 yoga")) == "before"


HOURS = {"opens_residents": NOW, "opens_everyone": NOW + 7 * DAY}


@pytest.mark.parametrize(
    ("card", "opens", "after", "reason"),
    [
        ({"resident": True}, HOURS, -SECOND, ""),  # soon: a wish is kept
        ({"resident": True}, HOURS, 0 * SECOND, ""),
        ({"resident": False}, HOURS, -SECOND, "window"),
        ({"resident": False}, HOURS, 7 * DAY - SECOND, "window"),
        ({"resident": False}, HOURS, 7 * DAY, ""),
        ({"resident": False}, {"opens_residents": NOW}, 0 * SECOND, "residence"),
        ({"resident": False}, {"opens_everyone": NOW}, -SECOND, ""),  # of those who open first
        ({"resident": False, "price_class": "resident"}, HOURS, 0 * SECOND, "window"),
        ({"resident": True, "price_class": "non_resident"}, HOURS, 0 * SECOND, ""),
        ({"resident": False}, {}, 0 * SECOND, ""),
        ({"resident": False, "city": "Orford"}, HOURS | {"opens_neighbours": NOW + DAY}, DAY - SECOND, "window"),
        ({"resident": False, "city": "Orford"}, HOURS | {"opens_neighbours": NOW + DAY}, DAY, ""),
        ({"resident": False, "city": "Orford"}, HOURS, DAY, "window"),
        ({"resident": False, "city": "Orford"}, {"opens_residents": NOW}, DAY, "residence"),
    ],
)
def test_residence_and_hour(city, card, opens, after, reason):
    town = with_rules(city, neighbours=[Neighbour("Orford", "resident", "neighbours", "2027-12-31")])
    assert why(town, child(**card), week(**opens), NOW + after) == reason


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({}, "overlap"),
        ({"starts_at": time(16), "ends_at": time(18)}, ""),  # one begins as the other ends
        ({"starts_at": time(7), "ends_at": time(9)}, ""),
        ({"starts_at": time(15, 59), "ends_at": time(18)}, "overlap"),
        ({"starts_at": time(7), "ends_at": time(9, 1)}, "overlap"),
        ({"weekdays": "sam"}, ""),
        ({"weekdays": "ven sam"}, "overlap"),
        ({"weekdays": "ven sam", "cancelled_on": "2027-07-02"}, ""),  # the only day they share
        ({"starts_on": MONDAY + 5 * DAY, "ends_on": MONDAY + 11 * DAY}, ""),
        ({"starts_on": MONDAY - 60 * DAY, "ends_on": MONDAY + 60 * DAY, "weekdays": "mer", "season": ""}, "overlap"),
    ],
)
@pytest.mark.parametrize("taken", ["held", "confirmed"])
def test_hours_really_shared_with_what_she_has_overlap(city, other, reason, taken):
    person, theirs = child(), week(**({"program": "soccer"} | other))
    hold(person, theirs) if taken == "held" else make_registration(person, theirs)
    assert why(city, person, week()) == reason
    assert why(city, child(), week()) == ""


def test_a_cancelled_day_of_this_one_is_not_shared_either(city):
    person = child()
    hold(person, week(program="soccer", weekdays="ven"))
    assert why(city, person, week(cancelled_on="2027-07-02")) == ""


@pytest.mark.parametrize("state", [CartItem.WISH, CartItem.LAPSED, CartItem.REMOVED])
def test_what_is_only_wished_or_over_neither_overlaps_nor_is_already_there(city, state):
    person, activity = child(), week()
    hold(person, activity, state=state)
    hold(person, week(program="soccer"), state=state)
    assert why(city, person, activity) == ""


def test_what_is_cancelled_neither_overlaps_nor_is_already_there(city):
    person, activity = child(), week()
    make_registration(person, activity, status=Registration.CANCELLED)
    make_registration(person, week(program="soccer"), status=Registration.CANCELLED)
    make_registration(person, week(program="soccer"), status=Registration.WAITING)
    assert why(city, person, activity) == ""


@pytest.mark.parametrize("how", [CartItem.HELD, CartItem.OFFERED, Registration.CONFIRMED, Registration.WAITING])
def test_held_confirmed_or_waiting_she_is_there_already_and_does_not_overlap_with_herself(city, how):
    person, activity = child(), week()
    if how in CartItem.TAKING:
        hold(person, activity, state=how)
    else:
        make_registration(person, activity, status=how)
    assert why(city, person, activity) == "already"


def test_what_the_other_home_of_a_child_took_counts(city, home):
    person, activity, other_home = child(home), week(), make_household()
    Membership.create(household=other_home, person=person)
    hold(person, activity, other_home)
    assert why(city, person, activity, household=home.id) == "already"
    assert why(city, person, week(program="soccer"), household=home.id) == "overlap"


@pytest.mark.parametrize(("refuses", "due_in", "reason"), [(True, -1, "debt"), (True, 0, ""), (False, -1, "")])
def test_a_debt_is_what_the_household_owes_past_its_date_where_the_city_refuses_it(city, home, refuses, due_in, reason):
    today = clock.today()
    make_invoice(home, due_on=today + due_in * DAY)
    person, activity = child(home), week(starts_on=today + 90 * DAY, ends_on=today + 94 * DAY)
    town = with_rules(city, refuse_overdue=refuses)
    assert why(town, person, activity, clock.now(), home.id) == reason
    assert why(town, person, activity, clock.now(), make_household().id) == ""


@pytest.mark.parametrize(("capacity", "reason"), [(0, "full"), (1, "full"), (2, "")])
def test_full_is_what_the_database_counts(city, capacity, reason):
    activity = week(capacity=2)
    hold(child(), activity)
    if capacity:
        Activity.update(capacity=capacity).where(Activity.id == activity.id).execute()
    else:
        activity = week(capacity=0)
    assert why(city, child(), activity) == reason


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ({"expires_on": date(2027, 4, 3)}, ""),
        ({"expires_on": date(2027, 4, 2)}, "card"),
        ({"status": Person.LOST}, "card"),
        ({"status": Person.DECEASED}, "card"),
    ],
)
def test_the_card_is_valid_through_its_last_day(city, card, reason):
    assert why(city, child(**card), week()) == reason


def test_a_card_of_today_is_valid_tonight_though_utc_is_a_day_ahead(city):
    assert why(city, child(expires_on=date(2027, 4, 3)), week(), clock.stored(datetime(2027, 4, 3, 23))) == ""


@pytest.mark.parametrize(
    ("weeks", "limits", "after", "reason"),
    [
        (1, {"residents": 2}, 0 * SECOND, ""),
        (2, {"residents": 2}, 0 * SECOND, "limit"),
        (2, {"residents": 2}, -SECOND, "limit"),
        (2, {"residents": 2}, 7 * DAY - SECOND, "limit"),
        (2, {"residents": 2}, 7 * DAY, ""),  # everyone's phase
        (2, {"residents": 2, "everyone": 3}, 7 * DAY, ""),
        (3, {"residents": 2, "everyone": 3}, 7 * DAY, "limit"),
        (2, {}, 0 * SECOND, ""),
    ],
)
def test_most_weeks_of_this_phase(city, weeks, limits, after, reason):
    person = child()
    for number in range(weeks):
        hold(person, week(number + 1)) if number % 2 else make_registration(person, week(number + 1))
    town = with_rules(city, most_weeks=limits)
    assert why(town, person, week(8, **HOURS), NOW + after) == reason


def test_weeks_of_another_programme_or_season_and_the_week_itself_do_not_count(city):
    person, activity = child(), week(8, **HOURS)
    make_registration(person, week(1, program="soccer"))
    make_registration(person, week(9, season="automne-2027"))
    make_registration(person, activity)
    assert why(with_rules(city, most_weeks={"residents": 1}), person, activity) == "already"


def test_a_week_of_the_season_that_is_over_still_counts(city):
    person = child()
    make_registration(person, week(1))
    assert why(with_rules(city, most_weeks={"everyone": 1}), person, week(8)) == "limit"


@pytest.mark.parametrize(
    ("before", "in_cart", "least", "has"),
    [
        (0, 2, 3, 2),
        (0, 3, 3, None),
        (2, 1, 3, None),
        (1, 1, 3, 2),
        (0, 1, 1, None),
        (0, 1, 0, None),
    ],
)
def test_fewer_weeks_than_the_programme_asks_with_what_she_has(city, home, before, in_cart, least, has):
    lea = child(home)
    for number in range(before):
        make_registration(lea, week(number + 1))
    items = [hold(lea, week(before + number + 1)) for number in range(in_cart)]
    town = with_rules(city, least_weeks={"camp": least})
    found = eligibility.too_few_weeks(home.id, items, town, NOW)
    assert [(one.person, one.program, one.least, one.has) for one in found] == (
        [(lea, "camp", least, has)] if has else []
    )


def test_weeks_at_least_are_of_one_child_one_programme_and_one_season(city, home):
    lea, tom = child(home), child(home)
    weeks = [week(1), week(2), week(3), week(1, season="hiver"), week(1, program="soccer")]
    items = [hold(lea, one) for one in weeks] + [hold(tom, weeks[0])]
    found = eligibility.too_few_weeks(home.id, items, with_rules(city, least_weeks={"camp": 3}), NOW)
    assert [(one.person, one.has) for one in found] == [(lea, 1), (tom, 1)]


def test_no_query_asks_for_weeks_where_no_programme_of_the_cart_does(city, home, queries):
    items = [hold(child(home), week(1))]
    with queries() as asked:
        assert eligibility.too_few_weeks(home.id, items, with_rules(city, least_weeks={"soccer": 3}), NOW) == []
    assert not asked


def test_closed_to_the_second(city):
    closing = week(closes=NOW)
    assert (why(city, child(), closing, NOW - SECOND), why(city, child(), closing, NOW)) == ("", "closed")


@pytest.mark.parametrize("values", [{"capacity": None}, {"register_at": "https://club.example.org"}])
def test_what_is_not_sold_here_is_closed(city, values):
    assert why(city, child(), week(**values)) == "closed"


def test_all_that_hold_are_told_in_order(city, home):
    make_invoice(home, due_on=clock.today() - DAY)
    person = child(home, birth_date=date(2010, 1, 1), resident=False, status=Person.LOST)
    make_registration(person, week(1))
    hold(person, week(8, program="soccer"))
    activity = week(8, age_max=11, school="6", needs_level="N2", after="yoga", opens_residents=NOW - 90 * DAY,
                    closes=NOW - DAY, capacity=1)  # fmt: skip
    hold(person, activity)
    town = with_rules(city, refuse_overdue=True, most_weeks={"residents": 1})
    told = "age school level before residence overlap debt already full card limit closed"
    assert why(town, person, activity, NOW, home.id) == told


def test_a_rule_that_changes_after_she_is_in_leaves_her_in(city):
    person, activity = child(), week()
    registration = make_registration(person, activity)
    Activity.update(age_max=3).where(Activity.id == activity.id).execute()
    assert why(city, person, Activity.get_by_id(activity.id)) == "age already"
    assert Registration.get_by_id(registration.id).status == Registration.CONFIRMED
    assert PlacesTaken.get_by_id(activity.id).taken == 1


def test_the_next_place_of_a_cart_is_judged_with_the_one_before(city):
    person, first, same_hours, later = child(), week(1), week(1, program="soccer"), week(2, capacity=1)
    stands = eligibility.standing(0, [person], [first, same_hours, later], city, NOW)
    with_one = stands.holding(person, first).holding(person, later)
    assert eligibility.reasons(stands, person, same_hours) == []
    assert eligibility.reasons(with_one, person, same_hours) == [Reason.OVERLAP]
    assert eligibility.reasons(with_one, person, first) == [Reason.ALREADY]
    assert eligibility.reasons(with_one, child(), later) == [Reason.FULL]
    assert eligibility.reasons(stands, person, later) == []


def test_within_the_transaction_that_took_the_place_it_reads_already(city):
    person, activity = child(), week(capacity=1)
    with write():
        before = eligibility.standing(0, [person], [activity], city, NOW)
        hold(person, activity)
        assert eligibility.reasons(before, person, activity) == []
        assert why(city, person, activity) == "already full"


def test_nobody_and_nothing_ask_for_nothing(city):
    stands = eligibility.standing(0, [], [], city, NOW)
    assert (stands.places, stands.free) == ({}, {})


@pytest.mark.parametrize(("people", "activities", "past"), [(1, 1, 1), (4, 30, 20)])
def test_it_reads_as_often_however_many_there_are(city, queries, home, people, activities, past):
    town = with_rules(city, refuse_overdue=True, most_weeks={"residents": 4})
    family = [child(home) for _ in range(people)]
    groups = [week(n % 8 + 1, after="yoga", age_min=4) for n in range(activities)]
    for person in family:
        hold(person, groups[0])
        for n in range(past):
            first = MONDAY - (400 + n * 7) * DAY
            make_registration(person, make_activity(program="yoga", starts_on=first, ends_on=first + DAY))
    with queries() as made:
        stands = eligibility.standing(home.id, family, groups, town, NOW)
        told = [eligibility.reasons(stands, person, group) for person in family for group in groups]
    assert len(made) == 6
    assert len(told) == people * activities


def test_years_of_other_registrations_are_not_read(city, home):
    person = child(home)
    make_registration(person, make_activity(starts_on=MONDAY - 800 * DAY, ends_on=MONDAY - 790 * DAY))
    assert eligibility.standing(home.id, [person], [week()], city, NOW).places == {}


@pytest.mark.parametrize(
    ("own", "rule", "reasons"),
    [
        ({"price_cents": 0}, {}, ""),
        ({"price_cents": None}, {}, "closed"),
        ({"price_cents": None}, {"amount_cents": 0}, ""),
        ({"price_cents": None}, {"amount_cents": 4_400, "rank": 1}, ""),
        ({"price_cents": None}, {"amount_cents": 4_400, "who": "resident"}, ""),
        ({"price_cents": None}, {"amount_cents": 4_400, "who": "non_resident"}, "closed"),
        ({"price_cents": None}, {"amount_cents": 3_500, "option": "garde"}, "closed"),
        ({"price_cents": None}, {"amount_cents": None, "household_cap_cents": 46_000}, "closed"),
        ({"price_cents": None}, {"amount_cents": 4_400, "first_day": date(2027, 5, 1)}, "closed"),
    ],
)
def test_what_has_no_price_for_her_is_not_sold_at_0_dollars(city, home, own, rule, reasons):
    if rule:
        make_price("camp", **rule)
    assert why(city, child(home, resident=True), week(**own)) == reasons
