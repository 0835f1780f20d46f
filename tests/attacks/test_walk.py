"""Attacks 15, 19, 20 to 25, walked over every address there is, so that a new page is held too."""

import re

import pytest

from models import Payment, StaffAccount, StaffSession
from tests.attacks.conftest import SAID, Ids, rules, things_of

FRAGMENT = {"HX-Request": "true"}
OPEN_TO_ALL = (
    "/",
    "/connexion",
    "/confidentialite",
    "/compte/carte",
    "/oubli/code",
    "/personnel/connexion",
    "/nulle-part",
)
# A notice of the gateway carries its own signature; leaving must work from a page left open.
WITHOUT_TOKEN = {"webhooks.braintree", "account.sign_out"}


@pytest.fixture
def home(citizen):
    """A household with an invoice, a payment and a receipt, and its member signed in."""
    citizen.joins()
    return citizen, things_of(citizen.household)


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_15_every_form_wants_its_token(home, app, admin, headers):
    citizen, ids = home
    before = Payment.select().count(), StaffAccount.select().count(), StaffSession.select().count()
    for rule in rules(app, "POST"):
        if rule.endpoint in WITHOUT_TOKEN:
            continue
        client = admin.client if rule.endpoint.startswith("staff.") else citizen.client
        answer = client.post(
            ids.fill(rule), data={"act": "close", "facture": ids.number, "paiement": ids.reference}, headers=headers
        )
        # refused with the form, or sent back where it stands, nothing done
        assert answer.status_code in (400, 404, 422, 303), rule
    assert (Payment.select().count(), StaffAccount.select().count(), StaffSession.select().count()) == before
    assert citizen.client.get("/mon-dossier").status_code == 200


def test_16_what_was_typed_is_kept_when_the_token_is_too_old(home, app):
    citizen, _ids = home
    forms = {
        "/connexion": "username",
        "/mon-dossier/acces/courriel": "email",
        "/mon-dossier/renseignements/correction": "words",
        "/rappelez-moi": "phone",
    }
    for path, field in forms.items():
        client = app.test_client() if path == "/connexion" else citizen.client  # signed in, one is led on
        answer = client.post(path, data={field: "tape.ici@example.com", "csrf_token": "old"})
        assert answer.status_code == 422, path
        assert "tape.ici@example.com" in answer.text, path
        assert "ouverte trop longtemps" in answer.text, path


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_20_to_23_a_stranger_finds_nothing_of_another_household(home, app, stranger, headers):
    citizen, ids = home
    for rule in rules(app, "GET"):
        if not rule.rule.startswith("/mon-dossier"):
            continue
        answer = stranger.get(ids.fill(rule), headers=headers)
        if {"number", "reference", "person_id"} & rule.arguments:
            assert answer.status_code == 404, rule
        for secret in (ids.number, ids.reference, citizen.person.card_number, SAID):
            assert secret.encode() not in answer.data, rule
    answer = stranger.get(f"/mon-dossier/payer?facture={ids.number}", headers=headers)
    assert answer.status_code == 404


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_20_nobody_signed_in_is_sent_to_sign_in(home, app, headers):
    _citizen, ids = home
    visitor = app.test_client()
    for rule in rules(app, "GET"):
        address = ids.fill(rule)
        if not address.startswith("/mon-dossier"):
            continue
        answer = visitor.get(address, headers=headers)
        where = answer.headers.get("HX-Redirect" if headers else "Location", "")
        assert where.startswith("/connexion?suite=/mon-dossier"), rule
        assert "<main" not in answer.text, rule


def test_24_a_resident_gets_no_staff_page_nor_fragment(home, app):
    citizen, ids = home
    for rule in rules(app, "GET"):
        if rule.endpoint.startswith("staff.") and rule.endpoint != "staff.entry.sign_in":
            for headers in ({}, FRAGMENT):
                answer = citizen.client.get(ids.fill(rule), headers=headers)
                assert answer.status_code in (303, 204), rule
                assert not answer.get_data(as_text=True).count("<main"), rule


def test_25_extra_fields_change_nothing(citizen):
    citizen.identifies()
    citizen.post(
        "/compte/identifiants",
        username="genevieve",
        password="chaloupe violette 27",
        password_again="chaloupe violette 27",
        role="admin",
        person=1,
        person_id=1,
        email_confirmed_at="2026-01-01",
        is_staff="1",
    )
    account = citizen.person.accounts.get()
    assert account.email_confirmed_at is None
    assert account.person_id == citizen.person.id
    assert not StaffAccount.select().exists()
    assert citizen.client.get("/personnel").status_code == 303


WITH_CARD_FIELDS = ("payment.pay", "guest.pay", "vault.add")
DIRECTIVES = (
    "default-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "script-src 'self'",
)
OF_A_FRAGMENT = {"default-src 'none'", "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'"}


def check_headers(answer, where, *, is_fragment: bool = False) -> None:
    policy = answer.headers["Content-Security-Policy"]
    if is_fragment:  # it goes into a page that has its own; opened as one, it runs nothing
        assert set(policy.split("; ")) == OF_A_FRAGMENT, where
    for directive in () if is_fragment else DIRECTIVES:
        assert directive in policy, where
    assert "unsafe" not in policy, where
    assert "*" not in policy.replace("https://*.braintree-api.com", ""), where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["Referrer-Policy"] == "same-origin", where
    assert "camera=()" in answer.headers["Permissions-Policy"], where
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", where


def test_19_every_answer_carries_the_policy(home, app, admin):
    citizen, ids = home
    for rule in rules(app, "GET"):
        client = admin.client if rule.endpoint.startswith("staff.") else citizen.client
        for headers in ({}, FRAGMENT):
            answer = client.get(ids.fill(rule), headers=headers)
            check_headers(answer, rule, is_fragment=bool(headers))
            if rule.rule.startswith(("/mon-dossier", "/personnel")):
                assert answer.headers["Cache-Control"] == "no-store" or answer.status_code in (303, 204), rule
    for path in OPEN_TO_ALL:
        check_headers(app.test_client().get(path), path)
        check_headers(app.test_client().post(path, data={"x": "y" * 100_000}), path)
        check_headers(app.test_client().delete(path), path)


def test_19_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app, client):
    cookie = client.get("/connexion").headers["Set-Cookie"]
    assert re.search(r"HttpOnly.*SameSite=Lax", cookie)


def test_only_pages_with_card_fields_let_the_gateway_in(home, app):
    citizen, ids = home
    gateway = app.extensions["portal"].settings.simulator_url
    for rule in rules(app, "GET"):
        policy = citizen.client.get(ids.fill(rule)).headers["Content-Security-Policy"]
        assert (gateway in policy or "braintree" in policy) == (rule.endpoint in WITH_CARD_FIELDS), rule


def test_ids_fill_every_rule(app):
    assert all(Ids().fill(rule).startswith("/") for rule in [*rules(app, "GET"), *rules(app, "POST")])
