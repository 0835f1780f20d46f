"""What one may register for, as it stands now."""

from datetime import timedelta

import pytest

from domain.activities import catalogue
from domain.activities.catalogue import Catalogue, Search
from domain.common import clock
from models import Activity, ImportRun
from tests.domain.cart.hold import held
from tests.factories import (
    make_activity,
    make_group,
    make_household,
    make_person,
    make_place,
    make_price,
    make_registration,
)

HOUR = timedelta(hours=1)


def entries():
    return Catalogue().entries(clock.now())


def by_code():
    return {entry.activity.code: entry for entry in entries()}


def test_what_is_neither_sold_here_nor_elsewhere_is_not_in_it(db):
    make_activity()
    group, elsewhere = make_group(), make_activity(register_at="https://example.org/")
    assert by_code().keys() == {group.code, elsewhere.code}
    with pytest.raises(catalogue.NoSuchActivity):
        catalogue.one(make_activity().code, clock.now())


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "open"),
        ({"capacity": 0}, "full"),
        ({"opens_residents": clock.now() + HOUR}, "soon"),
        ({"closes": clock.now() - HOUR}, "closed"),
        ({"capacity": None, "register_at": "https://example.org/"}, "elsewhere"),
    ],
)
def test_each_group_says_how_it_stands(db, values, state):
    group = make_group(**values)
    assert by_code()[group.code].state == state


def test_what_is_held_may_free_yet(db):
    household = make_household()
    held(household, make_person(household), group := make_group(capacity=1))
    entry = by_code()[group.code]
    assert (entry.state, entry.free, entry.is_being_paid) == ("full", 0, True)


def test_rows_are_kept_five_seconds_and_never_past_an_import_the_count_never(db):
    kept, now = Catalogue(), clock.now()
    make_group(capacity=2)
    assert len(kept.entries(now)) == 1
    make_group()
    assert len(kept.entries(now + timedelta(seconds=4))) == 1
    assert len(kept.entries(now + timedelta(seconds=5))) == 2
    make_group()
    run = ImportRun.select().count()
    ImportRun.insert(**a_run()).execute()
    assert ImportRun.select().count() == run + 1
    assert len(kept.entries(now + timedelta(seconds=6))) == 3
    household = make_household()
    held(household, make_person(household), Activity.get(Activity.capacity == 2))
    assert 1 in [entry.free for entry in kept.entries(now + timedelta(seconds=6))]


def a_run() -> dict:
    fields = ImportRun._meta.sorted_fields
    blank = {"CharField": "", "TextField": "", "IntegerField": 0, "BooleanField": False, "DateTimeField": clock.now()}
    return {one.name: blank[type(one).__name__] for one in fields if one.name != "id"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Search("ETE semaine"), True),
        (Search("été soleils"), True),
        (Search("hiver"), False),
        (Search(weekday="lun"), True),
        (Search(weekday="dim"), False),
        (Search(most_cents=5_800), True),
        (Search(most_cents=5_799), False),
        (Search(only_free=True), True),
        (Search(season="Été"), True),
        (Search(season="Hiver"), False),
        (Search(place="deux-soleils"), True),
    ],
)
def test_a_search_folds_accents_and_wants_every_word(db, wanted, found):
    make_group(
        make_place(code="deux-soleils", name="École des Deux-Soleils"), weekdays="lun mar", title="Club été, semaine 1"
    )
    assert bool(catalogue.find(entries(), wanted)) is found


def test_oe_and_its_ligature_are_one(db):
    make_group(title="Chœur de Noël")
    assert catalogue.find(entries(), Search("choeur noel"))


def test_groups_stand_by_programme_under_their_common_title(db):
    make_group(title="Club été, semaine 1"), make_group(title="Club été, semaine 2")
    make_group(title="Aquaforme", program="")
    found = catalogue.programmes(entries())
    assert [(one.title, len(one.entries)) for one in found] == [("Aquaforme", 1), ("Club été", 2)]


def test_each_is_judged_with_price_options_and_reasons_in_few_queries(db, city, queries):
    household = make_household()
    people = [make_person(household) for _ in range(3)]
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    groups = [make_group(age_max=3), *(make_group() for _ in range(5))]
    with queries() as few:
        catalogue.verdicts(household.id, people[:1], groups[:1], city, clock.now())
    with queries() as many:
        found = catalogue.verdicts(household.id, people, groups, city, clock.now())
    assert len(many) == len(few)
    verdict = found[people[0].id, groups[0].id]
    assert (verdict.is_yes, verdict.reasons, verdict.price_cents) == (False, ["age"], 5_800)
    assert [(one.code, one.label, one.price_cents) for one in verdict.options] == [("garde", "Service de garde", 3_500)]


def test_groups_cost_the_same_only_where_nothing_says_otherwise(db, city):
    household = make_household()
    person = make_person(household)
    same, dearer, named = make_group(), make_group(price_cents=7_000), make_group()
    make_price(program=named.code, amount_cents=1_000)
    taxed, other = make_group(tax_code="taxable", category="activity"), make_group()

    def costs() -> list[int]:
        found = catalogue.verdicts(household.id, [person], [same, dearer, named, taxed, other], city, clock.now())
        return [found[person.id, one.id].price_cents for one in (same, dearer, named, taxed, other)]

    assert costs() == [5_800, 7_000, 1_000, 6_669, 5_800]
    make_price(rank=2, rank_over="dates", amount_cents=4_400)
    sibling = make_person(household)
    make_registration(sibling, other, household=household)  # from now on a rank depends on who is there
    assert costs() == [4_400, 4_400, 1_000, 5_059, 4_400]
