"""What city.toml names and nothing bears is named, and what is on that city.toml does not know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from city_registration import Neighbour, Partner, RefundPolicy, Tier
from domain.common import clock
from domain.operations import city_names
from models import Activity, PriceRule
from tests.factories import make_activity, make_person

pytestmark = pytest.mark.usefixtures("db")
DANCE = Partner("École de danse", ["1, rue Principale"])


def told(city, **changes) -> list[tuple[str, str]]:
    """Return the names that do not agree once city.toml says this too."""
    registration = {name: changes.pop(name) for name in ("least_weeks", "neighbours") if name in changes}
    changed = replace(city, registration=replace(city.registration, **registration), **changes)
    return [(wrong.key, str(wrong.values["name"])) for wrong in city_names.problems(changed)]


def test_before_there_is_a_catalogue_or_a_card_nothing_is_said(city):
    neighbours = [Neighbour("Orford", "resident", "neighbours", "2099-12-31")]
    assert told(city, least_weeks={"club-ete": 3}, partners={"danse": DANCE}, neighbours=neighbours) == []


def test_a_programme_of_least_weeks_that_is_not_in_the_catalogue_is_named(city):
    make_activity(code="semaine-1", program="club-ete")
    make_activity(code="judo", program="")
    assert told(city, least_weeks={"club-ete": 3, "judo": 1}) == []
    assert told(city, least_weeks={"club-été": 3, "semaine-1": 2}) == [
        ("no such programme", "club-été"),
        ("no such programme", "semaine-1"),  # a week, and no programme: nothing is asked of it
    ]


def test_a_partner_is_of_a_programme_or_of_an_activity(city):
    make_activity(code="semaine-1", program="club-ete")
    assert told(city, partners={"club-ete": DANCE, "semaine-1": DANCE, "dance": DANCE}) == [
        ("no such programme", "dance")
    ]


def test_a_town_by_agreement_that_no_card_names_is_named_while_it_holds(city):
    make_person(city="ORFORD ")
    agreed = [Neighbour(name, "resident", "neighbours", "2099-12-31") for name in ("Orford", "Orfort")]
    over = Neighbour("Ayer’s Cliff", "resident", "neighbours", "2020-12-31")
    assert told(city, neighbours=[*agreed, over]) == [("nobody of that town", "Orfort")]


def test_a_policy_or_a_plan_that_city_toml_lost_is_named_with_what_names_it(city):
    make_activity(code="judo", refund="moins-10", instalments="trois")
    PriceRule.create(code="dossier", program="judo", fee="child", refund="rien", amount_cents=100)
    known = {"moins-10": RefundPolicy([Tier(1, 100)]), "rien": RefundPolicy([])}
    assert told(city, refunds=known) == []
    assert told(city, refunds={}, instalments={}) == [
        ("no such refund policy", "moins-10"),
        ("no such refund policy", "rien"),
        ("no such plan of instalments", "trois"),
    ]
    Activity.update(ends_on=clock.today() - timedelta(days=1)).execute()
    assert told(city, refunds={"rien": RefundPolicy([])}, instalments={}) == [], "what is over"
