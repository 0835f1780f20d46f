"""A wrong setting stops the start with one line that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import models
from city import SettingError, contrast_with_white, load_city
from settings import load

COMPLETE = {
    "BRAINTREE_ENVIRONMENT": "production",
    "PUBLIC_URL": "https://dossier.example.ca",
    "SECRET_KEY": "x" * 40,
    "BRAINTREE_MERCHANT_ID": "m",
    "BRAINTREE_PUBLIC_KEY": "p",
    "BRAINTREE_PRIVATE_KEY": "k",
}
SHIPPED = Path("city.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BRAINTREE_ENVIRONMENT", "live"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://x/y"),
        ("PUBLIC_URL", "http://dossier.example.ca"),
        ("PUBLIC_URL", "ftp://x"),
        ("MAIL_URL", "mail.example.ca"),
        ("SIMULATOR_URL", "http://10.0.0.1:3111"),
        ("GATEWAY_TIMEOUT", "soon"),
        ("GATEWAY_TIMEOUT", "0"),
        ("GATEWAY_WORKERS", "-3"),
        ("UNCERTAIN_FOR", "nan"),
        ("CAPTCHA", "recaptcha2"),
        ("TRUSTED_PROXIES", "one"),
        ("CITY_FILE", "nowhere.toml"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    with pytest.raises(SettingError, match=f"^{name}: [^\n]+$"):
        load({name: value})


@pytest.mark.parametrize("missing", ["SECRET_KEY", "BRAINTREE_MERCHANT_ID", "BRAINTREE_PRIVATE_KEY"])
def test_real_money_needs_every_key(missing):
    load(COMPLETE)
    with pytest.raises(SettingError, match=f"^{missing}: manque"):
        load({name: value for name, value in COMPLETE.items() if name != missing})


def test_recaptcha_needs_its_keys():
    with pytest.raises(SettingError, match="^RECAPTCHA_PUBLIC_KEY: manque"):
        load({"CAPTCHA": "recaptcha", "RECAPTCHA_PRIVATE_KEY": "k"})


@pytest.mark.parametrize("real", [{"PUBLIC_URL": "https://dossier.example.ca", "SECRET_KEY": "x" * 40}, COMPLETE])
def test_cheap_hashes_are_for_tests_only(real):
    load({"PASSWORD_HASHES": "cheap"})
    with pytest.raises(SettingError, match="^PASSWORD_HASHES: "):
        load(real | {"PASSWORD_HASHES": "cheap"})


def test_no_captcha_is_for_the_simulator_only():
    load({"CAPTCHA": "none"})
    with pytest.raises(SettingError, match="^CAPTCHA"):
        load(
            {
                "CAPTCHA": "none",
                "BRAINTREE_ENVIRONMENT": "sandbox",
                "SECRET_KEY": "x" * 40,
                "BRAINTREE_MERCHANT_ID": "m",
                "BRAINTREE_PUBLIC_KEY": "p",
                "BRAINTREE_PRIVATE_KEY": "k",
            }
        )


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('name = "Ville de Magog"', "", "name manque"),
        ("adult_age = 18", 'adult_age = "18"', "adult_age doit être un nombre entier"),
        ("adult_age = 18", "adult_age = 0", "adult_age doit être de"),
        ('color = "#0b4f6c"', 'color = "blue"', "color doit ressembler"),
        ('color = "#0b4f6c"', 'color = "#ffc845"', "trop pâle"),
        ("digits = 8", "digits = 8\ncolour = 3", "card.colour n’est pas un réglage"),
        ('option = "2"', "", "help.option manque"),
    ],
)
def test_a_wrong_word_of_the_city_is_named(tmp_path: Path, before, after, named):
    path = tmp_path / "city.toml"
    assert before in SHIPPED
    path.write_text(SHIPPED.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SettingError, match=named):
        load_city(path)


def test_white_on_white_has_no_contrast():
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#000000") == pytest.approx(21)


def test_a_command_ends_with_one_line():
    done = subprocess.run(
        [Path(sys.executable).parent / "flask", "db", "status"],
        env=os.environ | {"PUBLIC_URL": "http://dossier.example.ca"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == ["Réglage à corriger – PUBLIC_URL: il faut https, ou http sur 127.0.0.1"]


def test_every_wrong_setting_is_named_at_once():
    with pytest.raises(SettingError) as wrong:
        load({"SECRET_KEY": "short", "CAPTCHA": "maybe", "GATEWAY_WORKERS": "many"})
    assert [problem.partition(":")[0] for problem in wrong.value.problems] == [
        "SECRET_KEY", "GATEWAY_WORKERS", "CAPTCHA",
    ]  # fmt: skip


def test_with_real_money_an_uncertain_charge_is_searched_for_longer_than_the_gateway_may_take():
    complete = {
        "BRAINTREE_ENVIRONMENT": "sandbox",
        "SECRET_KEY": "x" * 40,
        "BRAINTREE_MERCHANT_ID": "m",
        "BRAINTREE_PUBLIC_KEY": "p",
        "BRAINTREE_PRIVATE_KEY": "k",
    }
    with pytest.raises(SettingError, match="^UNCERTAIN_FOR"):
        load(complete | {"UNCERTAIN_FOR": "30"})


def test_signs_in_a_database_servers_password_are_written_as_in_any_address():
    opened = models.open_database("postgresql://ville%40magog:s%2Fcr%3At@127.0.0.1/portail")
    assert (opened.connect_params["user"], opened.connect_params["password"]) == ("ville@magog", "s/cr:t")
