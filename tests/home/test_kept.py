"""What is kept stands on a page made from the city's file and the series."""

from dataclasses import replace
from html import unescape

import pytest

from city_retention import Period
from domain.privacy import retention
from domain.privacy.series import ALL, PAST_A_TIME
from views.messages.privacy import held, name_of


def test_page_comes_whole_and_as_fragment(client):
    assert "7 ans" in client.get_page("/confidentialite/conservation")


def test_all_that_is_kept_stands_there_with_its_period_and_number(client, city):
    page = unescape(client.get("/confidentialite/conservation").text)
    for one in held(city):
        assert one.name in page
        assert one.what in page
        assert one.ends in page
        assert not one.number or f"série {one.number}" in page
    assert len(list(held(city))) == len(ALL)


@pytest.mark.parametrize("series", list(PAST_A_TIME), ids=lambda one: one.kind)
def test_the_page_says_what_destroys(city, series):
    """Another period of the city's file is another sentence: the page cannot diverge."""
    name = series.period or series.kind
    longer = replace(city, retention=replace(city.retention, **{name: Period("99-9", years=41, days=1)}))
    changed = {after.name for before, after in zip(held(city), held(longer), strict=True) if before != after}
    assert name_of(series.kind) in changed
    told = next(one for one in held(longer) if one.name == name_of(series.kind))
    assert "41 ans et 1 jour" in told.ends
    assert retention.limit(series, longer) < retention.limit(series, city)
