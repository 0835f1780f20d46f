"""Step 2: a user code and a password."""

from datetime import date

import pytest

from adapters.mail import Mailer
from domain.common.outbox import MailNotSent
from models import Account, Identification, Message, Session
from tests.databases import dump
from tests.factories import make_account, make_person
from tests.walker import PASSWORD


def test_page_comes_whole_and_as_fragment(citizen):
    citizen.identifies()
    html = citizen.client.get_page("/compte/identifiants")
    assert "Étape 2 de 4" in html
    assert html.index("Au moins 10 caractères") < html.index('id="password"')


def test_the_step_cannot_be_skipped_by_typing_its_address(client):
    response = client.get("/compte/identifiants")
    assert response.status_code == 303
    assert response.location == "/compte/carte"


def test_the_step_can_be_left_and_resumed(citizen):
    citizen.identifies()
    citizen.client.get("/")
    assert citizen.client.get("/compte/identifiants").status_code == 200


def test_she_is_signed_in_at_once_on_her_first_visit(citizen):
    citizen.joins()
    html = citizen.client.get("/mon-dossier").text
    assert "Étape 3 de 4" in html
    assert "Votre compte est créé" in html


def test_the_identification_is_spent(citizen):
    citizen.joins()
    assert not Identification.select().exists()


def test_the_password_is_kept_as_argon2id(strong_hashes, citizen):
    assert citizen.joins().password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_user_code_is_taken_whatever_its_case(citizen):
    make_account(username="genevieve")
    citizen.identifies()
    response = citizen.chooses(username="Geneviève".replace("è", "e").upper())
    assert response.status_code == 422
    assert "déjà pris" in response.text
    assert 'value="GENEVIEVE"' in response.text


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("abc", "trop court"),
        ("x" * 200, "trop long"),
        ("password123", "trop répandu"),
        ("aaaaaaaaaaaa", "trop répandu"),
        ("magog2026!!", "mots de la ville"),
        ("Memphrémagog1", "mots de la ville"),
        ("genevieve2026", "votre nom, votre code ou votre carte"),
    ],
)
def test_a_password_others_would_guess_is_refused(citizen, password, said):
    citizen.identifies()
    response = citizen.chooses(username="gtran", password=password)
    assert response.status_code == 422
    assert said in response.text
    assert f'value="{password}"' not in response.text


def test_two_different_passwords_are_refused(citizen):
    citizen.identifies()
    assert "sont différents" in citizen.chooses(again="chaloupe violette 28").text


@pytest.mark.parametrize("username", ["", "ab", "a b c", "marie@exemple.ca", "x" * 51, "marie\x00roy", "😀😀😀"])
def test_an_odd_user_code_is_refused(citizen, username):
    citizen.identifies()
    assert citizen.chooses(username=username).status_code == 422


@pytest.mark.parametrize("email", ["marie", "marie@exemple", "a@b@c.ca", "marie @exemple.ca", "a@b.ca\r\nBcc: x@y.ca"])
def test_an_incomplete_email_is_refused_and_kept(citizen, email):
    citizen.identifies()
    assert citizen.chooses(email=email).status_code == 422


# A comma or a point too many: the letter would never leave, and nobody would say so.
NEVER_WRITTEN_TO = (
    "marie@exemple.ca,", "marie@exemple.ca;", "marie@exemple.ca>", 'marie@exemple.ca"', "marie..roy@exemple.ca",
    ".marie@exemple.ca", "marie.@exemple.ca", "marie@exemple..ca", "marie@.exemple.ca", "hélène@exemple.ca",
)  # fmt: skip
WRITTEN_TO = ("marie@exemple.ca", "Marie.Roy+loisirs@sous.exemple.quebec", "m_o'neil@ville-été.ca")


@pytest.mark.parametrize("email", [*NEVER_WRITTEN_TO, *WRITTEN_TO])
def test_an_email_is_taken_when_the_mailer_can_write_to_it(citizen, tmp_path, email):
    mailer = Mailer(f"file:{tmp_path}", "Ville <ville@example.org>")
    citizen.identifies()
    taken = citizen.chooses(email=email).status_code == 303
    assert taken is (email in WRITTEN_TO)
    if taken:
        mailer.send(email, "Confirmez", "", "1")
        return
    with pytest.raises(MailNotSent):
        mailer.send(email, "Confirmez", "", "1")


def test_an_email_counts_only_once_confirmed(citizen):
    account = citizen.joins(email="genevieve@example.com")
    assert account.confirmed_email == ""
    citizen.signs_out()
    assert citizen.signs_in("genevieve@example.com").status_code == 422


def test_the_address_on_file_and_the_other_adults_are_told(citizen):
    citizen.person.email = "file@example.com"
    citizen.person.save()
    make_person(citizen.household, first_name="Luc", email="luc@example.com")
    make_person(citizen.household, first_name="Léa", email="lea@example.com", birth_date=date(2018, 1, 1))
    make_person(citizen.household, first_name="Jean", email="jean@example.com", status="deceased")
    citizen.joins(email="new@example.com")
    assert sorted(m.recipient for m in Message.select()) == ["file@example.com", "luc@example.com", "new@example.com"]


def test_sending_the_form_twice_creates_one_account(citizen):
    citizen.identifies()
    citizen.chooses()
    citizen.chooses()
    assert Account.select().count() == 1


def test_the_cookie_holds_no_row_number(citizen):
    citizen.joins()
    session = Session.get()
    with citizen.client.session_transaction() as cookie:
        assert cookie["_user_id"] != str(session.id)
        assert session.token_digest != cookie["_user_id"]
        assert len(cookie["_user_id"]) >= 43


def test_the_password_is_nowhere_in_the_database(citizen, app):
    citizen.joins()
    everything = dump()
    assert PASSWORD not in everything
    assert "genevieve" in everything
