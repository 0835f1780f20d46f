"""Dates, years, ids and page numbers that nobody means: each is bounded where it is read, and no page breaks on one."""

import re
from pathlib import Path

import pytest

from models import Payment
from tests.attacks.conftest import rules, things_of

VIEWS = Path(__file__).parents[2] / "views"
NUMBERS = ("0", "-1", "1e9", "9" * 20, "٣", "2147483648")
DAYS = ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "10000-01-01", "2026-02-30")
# What stands in an address, in a query or in a form that means a number or a day: each field of a page is one more.
NAMES = (
    "page", "du", "au", "annee", "personne", "etat", "jour", "saison", "lieu", "facture", "paiement", "first", "last",
    "known_on", "birth_year", "birth_month", "birth_day", "amount", "amount_seen_cents", "seen_left_cents", "ligne-1",
    "ligne-99999999999999999999", "q", "etape", "suite", "vu", "autre", "wanted", "invoice_number", "reference", "code",
    "card_number", "cle", "total_seen_cents", "item", "opening_cents", "counted_cents", "stopped_at",
)  # fmt: skip
# And what a view reads by its name, whether a page shows the field today or not.
READ = re.compile(r'request\.(?:form|args|values)\.get(?:list)?\("([^"]+)"')
NAMES += tuple(sorted({name for file in VIEWS.rglob("*.py") for name in READ.findall(file.read_text("utf-8"))}))
ALONE = ("page", "annee", "du", "au")  # the first of several that is refused hides the others


@pytest.fixture
def home(citizen):
    citizen.joins()
    return citizen, things_of(citizen.household)


def client_of(rule, citizen, admin):
    return (admin if rule.endpoint.startswith("staff.") else citizen).client


@pytest.mark.parametrize("odd", [*NUMBERS, *DAYS])
def test_no_address_breaks_on_an_odd_number_or_day(home, app, admin, odd):
    citizen, ids = home
    asked = dict.fromkeys(NAMES, odd)
    for rule in rules(app, "GET"):
        client, address = client_of(rule, citizen, admin), ids.fill(rule)
        assert client.get(address, query_string=asked).status_code < 500, rule
        for name in ALONE if "comptes" in address or "recus" in address else ():
            assert client.get(address, query_string={name: odd}).status_code < 500, (rule, name)


@pytest.mark.parametrize("odd", ["0", "-1", "9" * 20, "2147483648", "9999-12-31"])
def test_no_id_in_an_address_breaks_a_page(home, app, admin, odd):
    citizen, ids = home
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            for part in rule.arguments:
                address = re.sub(f"<[^>]*{part}>", odd, rule.rule)
                if "<" in address:
                    continue
                answer = client_of(rule, citizen, admin).open(address, method=method)
                assert answer.status_code < 500, address


@pytest.mark.parametrize("odd", ["-1", "9" * 20, "2147483648", "0001-01-01", "9999-12-31"])
def test_no_form_breaks_on_an_odd_number_or_day(home, app, admin, odd):
    citizen, ids = home
    before = Payment.select().count()
    for rule in rules(app, "POST"):
        if rule.endpoint in ("account.sign_out", "staff.entry.sign_out"):
            continue
        client, address = client_of(rule, citizen, admin), ids.fill(rule)
        page = client.get(address if "GET" in rule.methods else "/mon-dossier/acces").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        names = {*NAMES, *re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', page)} - {"csrf_token"}
        sent = dict.fromkeys(sorted(names), odd) | {"csrf_token": token[1] if token else "", "paiement": ids.reference}
        assert client.post(address, data=sent).status_code < 500, rule
    assert Payment.select().count() == before
