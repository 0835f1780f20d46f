"""The page Confidentialité is made from the city's file and the settings."""

from pathlib import Path

import pytest

from city import SettingError, load_city


def test_page_comes_whole_and_as_fragment_and_names_who_answers(client, city):
    page = client.get_page("/confidentialite")
    for words in (
        city.privacy.officer,
        city.privacy.email,
        city.privacy.hosting,
        "Braintree",
        "cai.gouv.qc.ca",
        "/confidentialite/conservation",
    ):
        assert words in page
    assert "reCAPTCHA" not in page


def test_every_page_leads_there(client):
    assert 'href="/confidentialite"' in client.get("/connexion").text


def test_a_city_must_name_its_officer(tmp_path):
    text = Path("city.toml").read_text(encoding="utf-8")
    file = tmp_path / "city.toml"
    file.write_text("\n".join(line for line in text.splitlines() if not line.startswith("officer")), encoding="utf-8")
    with pytest.raises(SettingError, match=r"privacy\.officer manque"):
        load_city(file)
