"""An error's page says what happened and what to do; of money, only what the request itself has established."""

import re
import sqlite3

import psycopg2
import pytest
from peewee import OperationalError
from werkzeug.exceptions import default_exceptions

from models import Payment
from tests.attacks.conftest import rules
from tests.databases import held
from tests.factories import make_invoice
from tests.guest.conftest import PATH, Guest
from views.messages.errors import Failed, explanation
from views.web.errors import TAKES_MONEY, was_undone

OF_MONEY = re.compile(r"\b(carte|argent|pay|paie|pris|factur|rembours|débit)", re.IGNORECASE)
TAKEN_NOT = "rien n’a été pris sur votre carte"
CODES = sorted(code for code in default_exceptions if code >= 400)


def words(answer) -> str:
    """Return what a page says in its own words, before the form to be called back."""
    return re.search(r"<h1.*?<a ", answer.text, re.DOTALL)[0]


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


@pytest.mark.parametrize("code", [*CODES, 599])
@pytest.mark.parametrize("reading", [True, False])
@pytest.mark.parametrize("undone", [True, False])
def test_no_error_speaks_of_money_unless_it_met_the_request_that_takes_it(app, code, reading, undone):
    with app.test_request_context():
        assert not OF_MONEY.search(" ".join(explanation(Failed(code, reading=reading, undone=undone))))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("guest", [True, False])
def test_who_was_paying_is_told_that_nothing_was_taken_only_when_that_is_sure(app, code, guest):
    with app.test_request_context():
        sure, unsure = (
            " ".join(explanation(Failed(code, paying=True, undone=undone, guest=guest))) for undone in (True, False)
        )
    assert TAKEN_NOT in sure
    assert (TAKEN_NOT in unsure) == (code < 500)
    assert ("Mon dossier" in unsure) == (code >= 500 and not guest)


def test_what_a_database_refuses_is_undone_and_what_it_did_not_answer_may_be_done():
    assert was_undone(OperationalError(sqlite3.OperationalError("database is locked")))
    assert not was_undone(OperationalError(psycopg2.OperationalError("server closed the connection unexpectedly")))


def test_while_nobody_can_write_each_form_says_so_and_only_the_one_that_pays_speaks_of_money(member, app, database_url):
    invoice = make_invoice(member.household, 10_000)
    forms = {
        "/rappelez-moi": {"phone": "819 555-0142"},
        "/mon-dossier/renseignements/correction": {"words": "Ma rue a changé de nom"},
    }
    with held(database_url):
        for path, fields in forms.items():
            answer = member.post(path, **fields)
            assert answer.status_code == 503, path
            assert not OF_MONEY.search(words(answer)), path
        answer = member.pays(invoice)
    assert answer.status_code == 503
    assert TAKEN_NOT in words(answer)
    assert not Payment.select().exists()


def test_a_guest_who_cannot_be_heard_is_told_so_too(app, member, database_url):
    guest = Guest(app)
    guest.finds(make_invoice(member.household, 10_000))
    with held(database_url):
        answer = guest.pays()
    assert answer.status_code == 503
    assert TAKEN_NOT in words(answer)
    assert "Mon dossier" not in words(answer)


@pytest.mark.parametrize("path", ["/nulle-part", "/mon-dossier/paiements/PAAA-0000", "/mon-dossier/comptes/F0", PATH])
def test_what_is_not_found_not_allowed_or_too_large_says_nothing_of_money(member, path):
    for answer in (
        member.client.get(path),
        member.client.delete(path),
        member.client.post(path, data={"x": "y" * 100_000}),
    ):
        if answer.status_code >= 400 and answer.status_code != 422:
            assert not OF_MONEY.search(words(answer)), (path, answer.status_code)


def test_too_large_a_form_to_pay_says_that_nothing_was_taken(member):
    answer = member.client.post("/mon-dossier/payer", data={"facture": ["x" * 1000] * 100})
    assert answer.status_code == 413
    assert TAKEN_NOT in words(answer)


def test_what_takes_money_is_what_bears_a_nonce(app):
    assert {rule.endpoint for rule in rules(app, "POST") if rule.endpoint.endswith(".pay")} == set(TAKES_MONEY)
