"""Attacks 38, 39, 41, 44, 45, 46: what is typed or imported stays text."""

import pytest

from adapters.mail_templates import Letters
from models import Account, AuditEvent, Message, Person, Session, UnsentForm
from tests.factories import make_invoice
from tests.walker import PASSWORD

QUOTES = ("' OR 1=1 --", '"; DROP TABLE person; --', "1 UNION SELECT password_hash FROM account", "%' ESCAPE '")
SCRIPT = "<script>alert(1)</script>"
HX = '" hx-get="/mon-dossier" hx-trigger="load" x="'


@pytest.mark.parametrize("text", QUOTES)
def test_38_quotes_in_every_parameter_find_nothing_and_break_nothing(citizen, text):
    citizen.joins()
    make_invoice(citizen.household)
    for path in (
        "/mon-dossier/comptes?page=",
        "/mon-dossier/payer?facture=",
        "/connexion?suite=",
        "/rappelez-moi?etape=",
    ):
        answer = citizen.client.get(path + text)
        assert answer.status_code in (200, 303, 404), path
    assert citizen.client.get(f"/mon-dossier/comptes/{text}").status_code == 404
    assert citizen.post("/rappelez-moi", phone=text).status_code == 422
    assert Person.select().exists()


@pytest.mark.parametrize("text", QUOTES)
def test_38_quotes_sign_nobody_in(citizen, text):
    citizen.joins()
    citizen.signs_out()
    assert citizen.signs_in(text, text).status_code == 422
    assert citizen.signs_in("genevieve", text).status_code == 422
    assert citizen.identifies(text).status_code == 422


@pytest.mark.parametrize("text", [SCRIPT, HX, "{{ 7919 * 7907 }}", "%(x)s", "${7*7}"])
def test_39_and_46_imported_names_and_words_stay_text(citizen, text):
    citizen.joins()
    Person.update(first_name=text[:200]).where(Person.id == citizen.person.id).execute()
    invoice = make_invoice(citizen.household, description=text)
    paths = (
        "",
        "/acces",
        "/comptes",
        f"/comptes/{invoice.number}",
        f"/payer?facture={invoice.number}",
        "/renseignements",
    )
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            page = citizen.client.get(f"/mon-dossier{path}", headers=headers).text
            assert SCRIPT not in page, path
            assert 'hx-get="/mon-dossier"' not in page, path
            assert str(7919 * 7907) not in page, path


@pytest.mark.parametrize("text", [SCRIPT, HX, "{{ 7919 * 7907 }}"])
def test_39_what_is_typed_comes_back_as_text(client, text):
    token = client.get("/connexion").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/connexion", data={"csrf_token": token, "username": text, "password": "x"})
    assert SCRIPT not in answer.text
    assert 'hx-get="/mon-dossier"' not in answer.text


def test_39_a_letter_is_plain_text_and_runs_nothing(app, citizen):
    letters: Letters = app.extensions["portal"].letters
    citizen.person.first_name = "{{ 7919 * 7907 }}\nBcc: x@example.com"
    subject, body = letters.write(
        "account_created", person=citizen.person, other=citizen.person, moment=citizen.joins().created_at
    )
    assert str(7919 * 7907) not in body
    assert "\n" not in subject


@pytest.mark.parametrize(
    "name", ["../../city.toml", "..%2f..%2fcity.toml", "%00", "R-1/../../x", "R-1%0d%0aSet-Cookie:x"]
)
def test_44_a_documents_name_is_no_path(citizen, name):
    citizen.joins()
    answer = citizen.client.get(f"/mon-dossier/recus/{name}.pdf")
    assert answer.status_code == 404
    assert "Set-Cookie:x" not in str(answer.headers)


@pytest.mark.parametrize("text", ["a\0b", "\x08", "\ue000", "a\x1bb"])
def test_45_control_characters_are_refused_where_one_types(citizen, text):
    citizen.identifies()
    answer = citizen.chooses(username=f"gen{text}")
    assert answer.status_code == 422
    assert not Account.select().exists()
    answer = citizen.post("/rappelez-moi", phone="819 843-0000", best_time=f"le soir{text}")
    assert answer.status_code == 422
    assert not Message.select().exists()


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\ufeff", "\u2066", "\u00ad"])
def test_45_invisible_ones_are_dropped_as_from_files(citizen, hidden):
    citizen.identifies()
    assert citizen.chooses(username=f"gene{hidden}vieve").status_code == 303
    assert Account.get().username == "genevieve"
    assert citizen.signs_out().status_code == 303
    assert citizen.signs_in(f"{hidden}genevieve").status_code == 303


@pytest.mark.parametrize("text", ["\0", "a\0b", "x" * 256, "x" * 5_000])
def test_45_odd_values_in_what_nobody_types_are_answered(citizen, text):
    """PostgreSQL keeps neither a NUL nor a text longer than its column; SQLite does."""
    citizen.joins()
    invoice = make_invoice(citizen.household)
    paying = {"facture": invoice.number, "amount_seen_cents": "10000", "payment_method_nonce": "nonce"}
    for path, fields in (
        ("/mon-dossier/payer", paying),
        ("/mon-dossier/payer", paying | {"payment_method_nonce": ""}),
        ("/mon-dossier/coffre/ajouter", {"payment_method_nonce": ""}),
        ("/rappelez-moi", {"phone": "819 843-0000", "stopped_at": ""}),
        ("/mon-dossier/recus-fiscaux/consentement", {"annee": "", "wanted": "1"}),
        ("/compte/carte", {"altcha": ""}),
    ):
        for field in fields:
            answer = citizen.post(path, **fields | {field: text})
            assert answer.status_code in (200, 303, 404, 422), (path, field)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_45_numbers_no_database_holds_are_answered(citizen, admin, number):
    citizen.joins()
    for path in (f"famille/{number}/urgence", f"famille/{number}/changement"):
        assert citizen.client.get(f"/mon-dossier/{path}").status_code == 404
    for path in (f"comptes/factures?annee={number}&personne={number}", f"comptes?page={number}"):
        assert citizen.client.get(f"/mon-dossier/{path}").status_code == 200
    assert admin.client.get(f"/personnel/demandes/{number}").status_code == 404
    assert admin.post(f"/personnel/alertes/{number}", page="/personnel").status_code == 404


def test_45_a_form_sent_to_an_odd_address_after_its_session_ended_is_not_kept(citizen):
    citizen.joins()
    Session.delete().execute()
    answer = citizen.post(f"/mon-dossier/coffre/{'x' * 300}/retirer", page="/connexion")
    assert answer.status_code == 303
    assert not UnsentForm.select().exists()


def test_45_a_text_that_grows_when_it_is_compared_is_too_long(citizen):
    citizen.identifies()
    assert citizen.chooses(username="\ufdfa" * 50).status_code == 422
    assert not Account.select().exists()


def test_45_one_name_written_two_ways_is_one(citizen, app):
    citizen.joins(username="ge\u0301rard")  # e and an accent
    citizen.signs_out()
    assert citizen.signs_in("g\u00e9rard", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "path", ["/\0", "/mon-dossier/comptes/%00", "/connexion?suite=%00", "/%ff%fe", "/connexion?x=%ff"]
)
def test_45_odd_addresses_are_answered(client, path):
    assert client.get(path).status_code in (200, 400, 404)
    assert not AuditEvent.select().exists()
