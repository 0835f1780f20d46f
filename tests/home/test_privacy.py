"""The page Confidentialité is made from the city's file and the settings."""

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from city import Period, SettingError, load_city
from domain.privacy import retention
from domain.privacy.series import ALL, PAST_A_TIME
from views.messages.privacy import held, name_of


def test_page_comes_whole_and_as_fragment_and_names_who_answers(client, city):
    page = client.get_page("/confidentialite")
    for words in (
        city.privacy.officer,
        city.privacy.email,
        city.privacy.hosting,
        "Braintree",
        "cai.gouv.qc.ca",
        "7 ans",
    ):
        assert words in page
    assert "reCAPTCHA" not in page


def test_all_that_is_kept_stands_there_with_its_period_and_number(client, city):
    page = unescape(client.get("/confidentialite").text)
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


def test_every_page_leads_there(client):
    assert 'href="/confidentialite"' in client.get("/connexion").text


def test_a_city_must_name_its_officer(tmp_path):
    text = Path("city.toml").read_text(encoding="utf-8")
    file = tmp_path / "city.toml"
    file.write_text("\n".join(line for line in text.splitlines() if not line.startswith("officer")), encoding="utf-8")
    with pytest.raises(SettingError, match=r"privacy\.officer manque"):
        load_city(file)
