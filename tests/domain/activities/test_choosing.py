"""Wishes before the hour, places from then on; who may not is told why, and nothing is written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.activities import choosing
from domain.activities.choices import Choice
from domain.activities.choosing import Acting
from domain.activities.eligibility import Reason
from domain.cart.holds import NoPlaceLeft
from domain.common import clock
from models import CartItem, PlacesTaken
from tests.domain.cart.hold import DURATIONS, held
from tests.factories import make_group, make_household, make_person, make_price, make_registration

HOUR = timedelta(hours=1)


@pytest.fixture
def family(db, city):
    household = make_household()
    children = [make_person(household, first_name=name) for name in ("Léa", "Tom")]
    return Acting(household.id, city, DURATIONS, account_id=None), children


def states() -> list[str]:
    return list(CartItem.select(CartItem.state).order_by(CartItem.position, CartItem.id).scalars())


def taken(group) -> int:
    return PlacesTaken.get_by_id(group.id).taken


def test_what_is_open_is_held_and_what_is_not_is_wished(family):
    acting, (lea, _tom) = family
    now = clock.now()
    choosing.choose(acting, [Choice(lea, group := make_group())])
    soon = make_group(opens_residents=now + HOUR, starts_on=clock.today() + timedelta(days=60))
    choosing.choose(acting, [Choice(lea, soon)])
    assert states() == [CartItem.HELD, CartItem.WISH]
    assert (taken(group), taken(soon)) == (1, 0)


def test_the_same_press_twice_is_one_place(family):
    acting, (lea, _tom) = family
    group = make_group()
    make_price(option="garde", amount_cents=3_500)
    for options in ((), ("garde",)):
        choosing.choose(acting, [Choice(lea, group, options)])
    assert taken(group) == 1
    assert CartItem.get().options == "garde"


def test_the_cart_is_read_as_often_for_many_places_as_for_two(family, queries):
    acting, children = family
    days = iter(clock.today() + timedelta(days=30 * month) for month in range(1, 20))

    def reads(weeks: int) -> int:
        groups = [make_group(starts_on=next(days)) for _ in range(weeks)]
        with queries() as made:
            choosing.choose(acting, [Choice(child, group) for child in children for group in groups])
        return len([one for one in made if one.startswith("SELECT") and 'FROM "cart_item"' in one])

    assert reads(1) == reads(6)


def test_the_same_place_twice_in_one_press_is_one(family):
    acting, (lea, _tom) = family
    soon, group = make_group(opens_residents=clock.now() + HOUR), make_group(starts_on=clock.today() + 9 * HOUR * 24)
    choosing.choose(acting, [Choice(lea, one) for one in (soon, group, soon, group)])
    assert sorted(states()) == [CartItem.HELD, CartItem.WISH]


def test_who_missed_is_told_why(family):
    acting, (lea, tom) = family
    early, full = make_group(), make_group(capacity=0)
    later = make_group(starts_on=early.starts_on + timedelta(days=60))
    wishes(acting, *(Choice(lea, one) for one in (early, full, later)), Choice(tom, full))
    type(early).update(age_max=1).where(type(early).id == later.id).execute()
    outcome = choosing.take_wishes(acting)
    assert [outcome.why(choice) for choice in outcome.missed] == [[Reason.OVERLAP], [Reason.AGE], [Reason.FULL]]


def test_who_missed_for_another_is_told_so(family):
    acting, (lea, tom) = family
    group, full = make_group(), make_group(capacity=0)
    wishes(acting, Choice(lea, group, together="x"), Choice(tom, full, together="x"))
    outcome = choosing.take_wishes(acting)
    assert [outcome.why(choice) for choice in outcome.missed] == [[], [Reason.FULL]]


def test_who_may_not_is_named_with_every_reason_and_nobody_is_held(family):
    acting, (lea, tom) = family
    group = make_group(age_max=11)
    type(lea).update(birth_date=clock.today() - timedelta(days=3000)).where(type(lea).id == lea.id).execute()
    lea = type(lea).get_by_id(lea.id)
    with pytest.raises(choosing.Refused) as refused:
        choosing.choose(acting, [Choice(lea, group), Choice(tom, group)])
    assert refused.value.reasons == {(tom.id, group.id): [Reason.AGE]}
    assert states() == []


def test_siblings_together_are_all_or_none(family):
    acting, (lea, tom) = family
    group = make_group(capacity=1)
    with pytest.raises(NoPlaceLeft):
        choosing.choose(acting, [Choice(one, group, together="x") for one in (lea, tom)])
    assert (states(), taken(group)) == ([], 0)
    outcome = choosing.choose(acting, [Choice(one, group) for one in (lea, tom)])
    assert (len(outcome.kept), [choice.person.id for choice in outcome.missed]) == (1, [tom.id])


def test_what_would_do_instead_is_taken_in_order(family):
    acting, (lea, _tom) = family
    full, also_full, left = make_group(capacity=0), make_group(capacity=0), make_group()
    choosing.choose(acting, [Choice(lea, full, fallbacks=(also_full, left))])
    assert CartItem.get().activity_id == left.id


def test_two_groups_at_the_same_hours_are_refused_in_one_press_too(family):
    acting, (lea, _tom) = family
    first, second = make_group(), make_group()
    with pytest.raises(choosing.Refused) as refused:
        choosing.choose(acting, [Choice(lea, first), Choice(lea, second)])
    assert refused.value.reasons == {(lea.id, second.id): [Reason.OVERLAP]}
    assert states() == []


def test_a_place_whose_time_is_over_is_taken_at_once(family):
    acting, (lea, _tom) = family
    other = make_household()
    group = make_group(capacity=1)
    held(other, make_person(other), group, clock.now() - HOUR)
    choosing.choose(acting, [Choice(lea, group)])
    assert sorted(states()) == [CartItem.HELD, CartItem.LAPSED]


def test_one_who_is_registered_already_is_told_so(family):
    acting, (lea, _tom) = family
    make_registration(lea, group := make_group())
    with pytest.raises(choosing.Refused) as refused:
        choosing.choose(acting, [Choice(lea, group)])
    assert Reason.ALREADY in refused.value.reasons[lea.id, group.id]


def test_staff_pass_a_rule_with_a_reason_and_never_the_capacity(family):
    acting, (lea, tom) = family
    group = make_group(capacity=1, age_max=3)
    by_staff = replace(acting, made_by="anne", override_reason="décision", passes=frozenset({Reason.AGE, Reason.FULL}))
    with pytest.raises(choosing.Refused):
        choosing.choose(replace(by_staff, passes=frozenset({Reason.LEVEL})), [Choice(lea, group)])
    choosing.choose(by_staff, [Choice(lea, group)])
    assert CartItem.get().override_reason == "décision"
    with pytest.raises(NoPlaceLeft):
        choosing.choose(by_staff, [Choice(tom, group)])


def wishes(acting, *choices):
    """Wish before the hour, then let the hour come."""
    groups = {one.id: one for choice in choices for one in (choice.activity, *choice.fallbacks)}.values()
    group_type = type(next(iter(groups)))
    group_type.update(opens_residents=clock.now() + HOUR).execute()
    fresh = {one.id: group_type.get_by_id(one.id) for one in groups}
    for one in choices:
        fallbacks = tuple(fresh[each.id] for each in one.fallbacks)
        choosing.choose(acting, [Choice(one.person, fresh[one.activity.id], one.options, fallbacks, one.together)])
    assert set(states()) == {CartItem.WISH}
    group_type.update(opens_residents=clock.now() - HOUR).execute()


def test_a_wish_pressed_again_after_the_hour_is_taken_with_what_is_ticked_then(family):
    acting, (lea, _tom) = family
    make_price(option="garde", amount_cents=3_500)
    group = make_group(opens_residents=clock.now() + HOUR)
    choosing.choose(acting, [Choice(lea, group)])
    type(group).update(opens_residents=clock.now() - HOUR).execute()
    choosing.choose(acting, [Choice(lea, type(group).get_by_id(group.id), ("garde",))])
    assert states() == [CartItem.HELD]
    assert CartItem.get().options == "garde"


def test_before_the_hour_no_wish_is_taken(family):
    acting, (lea, _tom) = family
    choosing.choose(acting, [Choice(lea, make_group(opens_residents=clock.now() + HOUR))])
    with pytest.raises(choosing.NothingOpen):
        choosing.take_wishes(acting)


def test_one_press_takes_every_wish_each_or_its_fallback_the_rest_lapses(family):
    acting, (lea, tom) = family
    group, full, left = make_group(), make_group(capacity=0), make_group()
    wishes(acting, Choice(lea, group), Choice(tom, full, fallbacks=(left,)), Choice(tom, make_group(capacity=0)))
    outcome = choosing.take_wishes(acting)
    assert states() == [CartItem.HELD, CartItem.HELD, CartItem.LAPSED]
    assert (taken(group), taken(left), len(outcome.missed)) == (1, 1, 1)


def test_wishes_together_are_had_together_or_all_lapse(family):
    acting, (lea, tom) = family
    group = make_group(capacity=1)
    wishes(acting, Choice(lea, group, together="x"), Choice(tom, group, together="x"))
    choosing.take_wishes(acting)
    assert states() == [CartItem.LAPSED, CartItem.LAPSED]
    assert taken(group) == 0


def test_of_two_wishes_at_the_same_hours_the_first_in_order_is_taken(family):
    acting, (lea, _tom) = family
    first, second = make_group(), make_group()
    wishes(acting, Choice(lea, first), Choice(lea, second))
    choosing.take_wishes(acting)
    assert states() == [CartItem.HELD, CartItem.LAPSED]


def test_what_lapsed_can_be_wanted_anew(family):
    acting, (lea, tom) = family
    group = make_group(capacity=0)
    wishes(acting, Choice(lea, group))
    choosing.take_wishes(acting)
    type(group).update(capacity=1).execute()
    choosing.choose(acting, [Choice(lea, type(group).get())])
    assert states() == [CartItem.REMOVED, CartItem.HELD]


def test_only_options_of_the_price_list_are_kept_each_once(family):
    acting, (lea, _tom) = family
    group = make_group()
    make_price(option="garde", amount_cents=3_500)
    for _twice in range(2):
        choosing.choose(acting, [Choice(lea, group, ("garde", "x" * 5_000, "a\x00b", "garde"))])
        assert CartItem.get().options == "garde"


def test_what_is_taken_again_is_hers_who_presses_once_it_was_told_that_it_lapsed(family):
    acting, (lea, tom) = family
    group = make_group(capacity=1)
    choosing.choose(acting, [Choice(lea, group)])
    CartItem.update(state=CartItem.LAPSED, account_id=None).execute()
    choosing.take_again(replace(acting, account_id=7))
    assert (CartItem.get().state, CartItem.get().account_id) == (CartItem.HELD, 7)
    assert not choosing.take_again(acting).kept


def test_what_is_taken_again_is_never_past_the_capacity(family):
    acting, (lea, tom) = family
    group = make_group(capacity=1)
    choosing.choose(acting, [Choice(lea, group)])
    CartItem.update(state=CartItem.LAPSED).execute()
    choosing.choose(acting, [Choice(tom, group)])
    outcome = choosing.take_again(acting)
    assert ([one.person for one in outcome.missed], taken(group)) == ([lea], 1)
