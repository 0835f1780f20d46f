"""A wrong setting stops the start with one line that names it."""

import os
import re
import subprocess
import sys
import tomllib
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

import models
from city import City, SettingError, contrast_with_white, load_city, read
from settings import load
from tests.real_city import REAL, SHIPPED, describe

COMPLETE = {
    "BRAINTREE_ENVIRONMENT": "production",
    "PUBLIC_URL": "https://dossier.example.ca",
    "SECRET_KEY": "x" * 40,
    "BRAINTREE_MERCHANT_ID": "m",
    "BRAINTREE_PUBLIC_KEY": "p",
    "BRAINTREE_PRIVATE_KEY": "k",
    "BRAINTREE_MERCHANT_ACCOUNT_ID": "ville_cad",
    "DATABASE_URL": "sqlite:////var/lib/portail/guichet.db",
    "MAIL_URL": "smtp://courriel.ville.qc.ca",
    "TRUSTED_PROXIES": "1",
}


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    """Settings of a real city, which describes itself."""
    return COMPLETE | {"CITY_FILE": describe(tmp_path)}


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
        ("BACKUP_KEY", "a-password"),
        ("BACKUP_TARGET", "user@host:folder"),
        ("LITESTREAM_TARGET", "sftp://user@host/folder"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    with pytest.raises(SettingError, match=f"^{name}: [^\n]+$"):
        load({name: value})


NEEDED = [
    "SECRET_KEY",
    "BRAINTREE_MERCHANT_ID",
    "BRAINTREE_PRIVATE_KEY",
    "BRAINTREE_MERCHANT_ACCOUNT_ID",
    "DATABASE_URL",
    "MAIL_URL",
]


@pytest.mark.parametrize("environment", ["sandbox", "production"])
@pytest.mark.parametrize("missing", NEEDED)
def test_real_money_needs_every_key_the_account_a_database_and_mail(complete, missing, environment):
    load(complete)
    assert load({}).merchant_account_id == ""
    del complete[missing]
    with pytest.raises(SettingError) as wrong:
        load(complete | {"BRAINTREE_ENVIRONMENT": environment})
    assert wrong.value.problems == (f"{missing}: manque",)


def test_behind_https_stands_a_proxy_that_is_named(complete):
    """Else everybody comes from its address, and thirty wrong tries by one close the door to the whole town."""
    with pytest.raises(SettingError, match="^TRUSTED_PROXIES: "):
        load(complete | {"TRUSTED_PROXIES": "0"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("TRUSTED_PROXYS", "TRUSTED_PROXIES"),
        ("TRUST_PROXIES", "TRUSTED_PROXIES"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("MAILURL", "MAIL_URL"),
        ("Secret_Key", "SECRET_KEY"),
        ("BRAINTREE_MERCHANTID", "BRAINTREE_MERCHANT_ID"),
        ("GATEWAY_TIME_OUT", "GATEWAY_TIMEOUT"),
        ("HOLD_FOR_CHECK", ""),
        ("BRAINTREE_TOKEN", ""),
    ],
)
def test_a_name_that_is_nearly_a_setting_is_named(typed, meant):
    with pytest.raises(SettingError, match=f"^{typed}: n’est pas un réglage.*{meant}"):
        load({typed: "1"})


@pytest.mark.parametrize("other", ["PORT", "TEST_DATABASE_URL", "SIMULATOR_DATABASE", "SIMULATOR_AMOUNT_RULES", "MAIL"])
def test_what_is_nobodys_setting_is_left_alone(other):
    load({other: "1"})


@pytest.mark.parametrize(
    ("real", "example", "name"),
    [
        ("bibliotheque@ville.qc.ca", "bibliotheque@example.org", "help.email"),
        ("<ne-pas-repondre@ville.qc.ca>", "<ne-pas-repondre@exemple.ca>", "mail.sender"),
        ("greffe@ville.qc.ca", "greffe@example.com", "privacy.email"),
        ("123456789 RT0001", "000000000 RT0001", "tax.tps_number"),
    ],
)
def test_what_is_left_of_the_example_is_named(complete, real, example, name):
    assert real in REAL
    Path(complete["CITY_FILE"]).write_text(REAL.replace(real, example), encoding="utf-8")
    with pytest.raises(SettingError, match=f"^city.toml: {name} est encore celui de l’exemple"):
        load(complete)
    load({"CITY_FILE": complete["CITY_FILE"]})  # the simulator writes to nobody


def test_recaptcha_needs_its_keys():
    with pytest.raises(SettingError, match="^RECAPTCHA_PUBLIC_KEY: manque"):
        load({"CAPTCHA": "recaptcha", "RECAPTCHA_PRIVATE_KEY": "k"})


def test_cheap_hashes_are_for_tests_only(complete):
    load({"PASSWORD_HASHES": "cheap"})
    for real in (
        {"PUBLIC_URL": "https://dossier.example.ca", "SECRET_KEY": "x" * 40, "TRUSTED_PROXIES": "1"},
        complete,
    ):
        with pytest.raises(SettingError, match="^PASSWORD_HASHES: "):
            load(real | {"PASSWORD_HASHES": "cheap"})


def test_no_captcha_is_for_the_simulator_only(complete):
    load({"CAPTCHA": "none"})
    with pytest.raises(SettingError, match="^CAPTCHA"):
        load(complete | {"CAPTCHA": "none"})


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
        ('cards = ["Visa", ', "cards = [4, ", r"payment\.cards\[1\] doit être un texte"),
        ('year_ends = "05-31"', 'year_ends = "31 mai"', "health_forms.year_ends doit être un mois et un jour"),
        (
            "accompaniment_days = 28",
            "accompaniment_days = 400",
            "health_forms.accompaniment_days: des jours, de 0 à 365",
        ),
        ("[links]", "links = 3\n[linked]", "linked n’est pas un réglage"),
    ],
)
def test_a_wrong_word_of_the_city_is_named(tmp_path: Path, before, after, named):
    path = tmp_path / "city.toml"
    assert before in SHIPPED
    path.write_text(SHIPPED.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SettingError, match=named):
        load_city(path)


@dataclass(frozen=True)
class Tier:
    percent: int
    days_before_start: int = 0


@dataclass(frozen=True)
class Refund:
    tiers: list[Tier]
    fee: str = "0.00"


@dataclass(frozen=True)
class Grown:
    """A city's file as it may be one day."""

    name: str
    refuse_overdue: bool = False
    most_weeks: dict[str, int] = field(default_factory=dict)
    due: list[int] = field(default_factory=list)
    refunds: dict[str, Refund] = field(default_factory=dict)
    by_default: Refund = field(default_factory=lambda: Refund([Tier(100)]))


def grown(text: str) -> Grown:
    return read(Grown, tomllib.loads(text))


def test_what_has_a_default_may_be_left_out():
    assert grown('name = "Magog"') == Grown("Magog", False, {}, [], {}, Refund([Tier(100)]))
    assert grown('name = "Magog"').most_weeks is not grown('name = "Magog"').most_weeks


def test_tables_of_tables_and_lists_of_tables_are_read():
    read_so = grown("""
name = "Magog"
refuse_overdue = true
most_weeks = { residents = 4 }
due = [0, 30, 60]
[refunds.moins-10]
tiers = [{ days_before_start = 1, percent = 100 }]
fee = "10.00"
[refunds.paliers]
[[refunds.paliers.tiers]]
percent = 90
days_before_start = 30
[[refunds.paliers.tiers]]
percent = 50
[by_default]
tiers = []
""")
    paliers = Refund([Tier(90, 30), Tier(50)])
    refunds = {"moins-10": Refund([Tier(100, 1)], "10.00"), "paliers": paliers}
    assert read_so == Grown("Magog", True, {"residents": 4}, [0, 30, 60], refunds, Refund([]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "name manque"),
        ("refuse_overdue = true", "name manque"),
        ("name = 3", "name doit être un texte"),
        ("refuse_overdue = 1", "refuse_overdue doit être true ou false"),
        ('refuse_overdue = "true"', "refuse_overdue doit être true ou false"),
        ("most_weeks = 4", "most_weeks doit être une section"),
        ("most_weeks = { residents = true }", "most_weeks.residents doit être un nombre entier"),
        ('most_weeks = { residents = "4" }', "most_weeks.residents doit être un nombre entier"),
        ("most_weeks = { residents = 4.0 }", "most_weeks.residents doit être un nombre entier"),
        ("due = 30", "due doit être une liste"),
        ('due = [0, 30, "60"]', "due[3] doit être un nombre entier"),
        ("due = { first = 0 }", "due doit être une liste"),
        ("refunds = []", "refunds doit être une section"),
        ("[refunds]\nmoins-10 = 100", "refunds.moins-10 doit être une section"),
        ("[refunds.moins-10]", "refunds.moins-10.tiers manque"),
        ("[refunds.moins-10]\ntiers = 3", "refunds.moins-10.tiers doit être une liste"),
        ("[refunds.moins-10]\ntiers = [100]", "refunds.moins-10.tiers[1] doit être une section"),
        (
            '[refunds.moins-10]\ntiers = [{percent = "100"}]',
            "refunds.moins-10.tiers[1].percent doit être un nombre entier",
        ),
        ("[refunds.moins-10]\ntiers = [{percent = 1}, {}]", "refunds.moins-10.tiers[2].percent manque"),
        ("[refunds.moins-10]\ntiers = [{percent = 1, day = 1}]", "refunds.moins-10.tiers[1].day n’est pas un réglage"),
        ("[refunds.moins-10]\ntiers = []\nfees = 1", "refunds.moins-10.fees n’est pas un réglage"),
        ("by_default = 3", "by_default doit être une section"),
        ("refund = 3", "refund n’est pas un réglage"),
        ("[Refunds.moins-10]\ntiers = []", "Refunds n’est pas un réglage"),
    ],
)
def test_what_is_wrong_is_named_by_its_whole_way(text, said):
    with pytest.raises(SettingError) as wrong:
        grown(text if "name" in said else f'name = "Magog"\n{text}')
    assert str(wrong.value) == f"city.toml: {said}"


def optional(kind: type, section: str = "") -> list[tuple[str, str]]:
    """Return what may be left out of a city's file, each with its section."""
    found = []
    for one in fields(kind):
        if one.default is not MISSING or one.default_factory is not MISSING:
            found.append((section, one.name))
        elif is_dataclass(one.type):
            found += optional(one.type, one.name)
    return found


def without(text: str, section: str, key: str) -> str:
    """Return a city's file without a key of a section, or without a whole section."""
    head, mark, rest = text.partition(f"[{section}]") if section else ("", "", text)
    body, left_out = re.subn(rf"(?m)^(?:{key} = .*\n|\[{key}\].*\n(?:[^\[\n].*\n)*)", "", rest, count=1)
    assert left_out == 1
    return head + mark + body


@pytest.mark.parametrize("left_out", [*([one] for one in optional(City)), optional(City)], ids=str)
def test_the_portal_starts_without_what_may_be_left_out(environment, tmp_path: Path, request, left_out):
    text = SHIPPED
    for section, key in left_out:
        text = without(text, section, key)
    environment["CITY_FILE"] = str(tmp_path / "city.toml")
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    client = request.getfixturevalue("app").test_client()
    for page in ("/", "/connexion", "/confidentialite"):
        assert client.get(page).status_code == 200


def test_what_may_be_left_out_has_the_value_that_the_file_tells_of(tmp_path: Path):
    text = SHIPPED
    for section, key in optional(City):
        text = without(text, section, key)
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    city = load_city(tmp_path / "city.toml")
    assert (city.launch_notice, city.elsewhere, city.adult_age) == ("", "", 18)
    assert city.tax_receipts.first_complete_year == 0
    assert city.imports.portal_since("cards", date(2099, 1, 1)) is None


MASTER = "\n[imports]\n{} = {{ {} }}\n"


@pytest.mark.parametrize(("today", "since"), [("2027-02-28", None), ("2027-03-01", date(2027, 3, 1))])
def test_the_portal_is_master_of_a_kind_of_file_from_a_day_on(tmp_path: Path, today: str, since: date | None):
    text = without(SHIPPED, "", "imports") + MASTER.format("registrations", 'master = "portal", since = "2027-03-01"')
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    imports = load_city(tmp_path / "city.toml").imports
    assert imports.portal_since("registrations", date.fromisoformat(today)) == since
    assert imports.portal_since("cards", date.fromisoformat(today)) is None


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("cards", 'master = "town"', "imports.cards.master doit être file ou portal"),
        ("cards", 'master = "portal"', "imports.cards.since doit être un jour"),
        ("cards", 'master = "portal", since = "2027-02-30"', "imports.cards.since doit être un jour"),
        ("cards", 'master = "portal", since = "20270228"', "imports.cards.since doit être un jour"),
        ("card", 'master = "file"', "imports.card n’est pas un réglage"),
        ("cards", 'since = "2027-02-28"', "imports.cards.master manque"),
    ],
)
def test_a_wrong_master_stops_the_start_and_is_named(tmp_path: Path, kind: str, value: str, said: str):
    text = without(SHIPPED, "", "imports") + MASTER.format(kind, value)
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match=re.escape(said)):
        load_city(tmp_path / "city.toml")


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


def test_with_real_money_an_uncertain_charge_is_searched_for_longer_than_the_gateway_may_take(complete):
    with pytest.raises(SettingError, match="^UNCERTAIN_FOR"):
        load(complete | {"UNCERTAIN_FOR": "30"})


def test_signs_in_a_database_servers_password_are_written_as_in_any_address():
    opened = models.open_database("postgresql://ville%40magog:s%2Fcr%3At@127.0.0.1/portail")
    assert (opened.connect_params["user"], opened.connect_params["password"]) == ("ville@magog", "s/cr:t")
