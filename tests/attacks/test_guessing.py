"""Attacks 1 to 9 and 47: guessing cards, dates and passwords, from one place or many, and closing others out."""

import json
import re
from base64 import b64decode
from datetime import date, timedelta

import pytest

from adapters import captcha
from app import create_app
from domain.common import clock, rate_limits
from domain.common.alerts import Kind
from domain.common.pseudonyms import pseudonym
from models import Alert, Attempt, WrongDate
from settings import LIMITS, load
from tests.databases import statements
from tests.factories import make_person
from tests.pages import CheckedClient, solve
from tests.walker import PASSWORD, Citizen

NEUTRAL = "ne vont pas ensemble dans nos dossiers"
DAY = timedelta(days=1)
MOST_DATES = LIMITS[rate_limits.CARD].most


def guesses(citizen, times: int, number: str = "") -> None:
    """Try so many distinct wrong dates with a card."""
    for days in range(1, times + 1):
        assert citizen.identifies(number or None, citizen.person.birth_date + days * DAY).status_code == 422


def fill(kind: str, key: str = "") -> None:
    """Use up a limit."""
    Attempt.insert_many([{"kind": kind, "key": rate_limits.kept(key)}] * LIMITS[kind].most).execute()


class TestOneCard:
    def test_the_right_date_opens_before_the_limit(self, citizen):
        guesses(citizen, MOST_DATES - 1)
        assert citizen.identifies().status_code == 303

    def test_past_the_limit_the_right_date_is_answered_as_a_wrong_one(self, citizen):
        guesses(citizen, MOST_DATES)
        answer = citizen.identifies()
        assert answer.status_code == 422
        assert NEUTRAL in answer.text

    def test_one_mistake_made_again_and_again_counts_once(self, citizen):
        for _ in range(MOST_DATES + 2):
            citizen.identifies(born=citizen.person.birth_date + DAY)
        assert citizen.identifies().status_code == 303

    def test_it_opens_again_after_a_month(self, citizen):
        guesses(citizen, MOST_DATES)
        WrongDate.update(at=clock.now() - 31 * DAY).execute()
        assert citizen.identifies().status_code == 303

    def test_the_counter_opens_it_again(self, citizen, app):
        guesses(citizen, MOST_DATES)
        result = app.test_cli_runner().invoke(args=["unblock", citizen.person.card_number])
        assert f"{MOST_DATES} date(s)" in result.output
        assert citizen.identifies().status_code == 303

    def test_trying_while_closed_does_not_keep_it_closed(self, citizen):
        guesses(citizen, MOST_DATES)
        WrongDate.update(at=clock.now() - 29 * DAY).execute()
        guesses(citizen, 12)
        assert WrongDate.select().count() == MOST_DATES

    def test_a_restart_forgets_nothing(self, citizen, environment):
        guesses(citizen, MOST_DATES)
        again = create_app(load(environment))
        again.test_client_class = CheckedClient
        returned = Citizen(again.test_client(), citizen.household)
        returned.person = citizen.person
        assert returned.identifies().status_code == 422


class TestManyCards:
    def test_one_address_is_slowed(self, citizen):
        fill(rate_limits.ADDRESS, "127.0.0.1")
        answer = citizen.identifies()
        assert answer.status_code == 422
        assert "depuis cette connexion Internet" in answer.text

    def test_neighbouring_addresses_are_one_network(self, citizen):
        fill(rate_limits.NETWORK, "127.0.0.0/24")
        assert citizen.identifies().status_code == 422

    def test_every_failure_counts_also_of_cards_that_do_not_exist(self, citizen):
        citizen.identifies("QMAGB99999999")
        citizen.identifies("no card at all")
        assert {row.kind for row in Attempt.select()} == {rate_limits.ADDRESS, rate_limits.NETWORK, rate_limits.SITE}
        assert Attempt.select().where(Attempt.kind == rate_limits.SITE).count() == 2

    def test_the_sites_budget_used_up_is_said_to_a_person(self, citizen):
        fill(rate_limits.SITE)
        citizen.identifies("QMAGB99999999")
        assert Alert.get().kind == Kind.GUESSING

    def test_a_header_of_ones_own_changes_no_address(self, citizen):
        citizen.post("/compte/carte", headers={"X-Forwarded-For": "198.51.100.7"}, **form(citizen, DAY))
        assert {row.key for row in Attempt.select().where(Attempt.kind == rate_limits.ADDRESS)} == {
            rate_limits.kept("127.0.0.1")
        }


def form(citizen, off: timedelta) -> dict[str, object]:
    born = citizen.person.birth_date + off
    return {
        "card_number": citizen.person.card_number,
        "birth_year": born.year,
        "birth_month": born.month,
        "birth_day": born.day,
    }


class TestTells:
    @pytest.fixture
    def cases(self, citizen) -> dict[str, str]:
        """The numbers and dates tried: all of them fail."""
        closed = make_person(citizen.household)
        for days in range(MOST_DATES):
            rate_limits.note_failure(closed.card_number, closed.birth_date + (days + 1) * DAY, "10.9.9.9")
        return {
            "unknown card": "QMAGB99999999",
            "wrong date": make_person(citizen.household, birth_date=date(1950, 1, 1)).card_number,
            "closed card": closed.card_number,
            "deceased": make_person(citizen.household, status="deceased").card_number,
        }

    def test_words_and_status_are_the_same(self, citizen, cases):
        answers = {name: citizen.identifies(number) for name, number in cases.items()}
        pages = {name: re.sub(r'value="[^"]*"', "", answer.text) for name, answer in answers.items()}
        assert {answer.status_code for answer in answers.values()} == {422}
        assert len(set(pages.values())) == 1

    def test_the_work_done_is_the_same(self, citizen, cases):
        counts = {}
        for name, number in cases.items():
            with statements() as made:
                citizen.client.post("/compte/carte", data=form(citizen, DAY) | {"card_number": number})
            counts[name] = len(made)
        assert max(counts.values()) - min(counts.values()) <= 1, counts  # a closed card's dates are no more written


PAPER = {"invoice_number": "F00001", "amount": "100,00", "postal_code": "J1X 2B6"}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/compte/carte", {}),
        ("/oubli/code", {}),
        ("/oubli/mot-de-passe", {}),
        ("/oubli/carte", {}),
        ("/mon-dossier/famille/ajouter", {}),
        ("/payer-une-facture", PAPER),
    ],
)
def test_every_page_where_one_guesses_wants_a_proof_or_the_sites_allowance(citizen, environment, path, fields):
    citizen.joins()
    environment["CAPTCHA"] = "altcha"
    slowed = Citizen(create_app(load(environment)).test_client(), citizen.household)
    if path.startswith("/mon-dossier"):
        slowed.signs_in()
    fill(rate_limits.UNPROVEN)
    answer = slowed.post(path, **(fields or form(slowed, DAY)))
    assert answer.status_code == 422
    assert "vérification n’a pas abouti" in answer.text
    Attempt.delete().execute()
    assert "vérification n’a pas abouti" not in slowed.post(path, **(fields or form(slowed, DAY))).text


def test_while_the_site_is_under_attack_a_proof_is_four_times_the_work(citizen, environment):
    environment["CAPTCHA"] = "altcha"
    slowed = create_app(load(environment)).test_client()
    assert proof_of(slowed) < captcha.COUNTER + captcha.SPREAD
    fill(rate_limits.SITE)
    assert proof_of(slowed) >= captcha.HARDER * (captcha.COUNTER - captcha.SPREAD)


def proof_of(client) -> int:
    """Return how many tries the proof of step 1 took."""
    solved = json.loads(b64decode(solve(client.get("/compte/carte").text)))
    return solved["solution"]["counter"]


class TestAccounts:
    @pytest.fixture
    def member(self, citizen):
        citizen.joins()
        citizen.signs_out()
        return citizen

    def test_a_card_closed_by_somebody_leaves_its_account_open(self, member):
        guesses(member, MOST_DATES)
        assert member.signs_in().status_code == 303

    def test_failures_ask_for_a_proof_and_the_right_password_then_opens(self, member, app, environment):
        environment["CAPTCHA"] = "altcha"
        slowed = create_app(load(environment))
        slowed.test_client_class = CheckedClient
        browser = Citizen(slowed.test_client(), member.household)
        for _ in range(LIMITS[rate_limits.ACCOUNT].most):
            answer = browser.signs_in(password="not this one 12")
        assert "data-challenge" in answer.text
        proof = solve(answer.text)
        answer = browser.post("/connexion", username="genevieve", password=PASSWORD, altcha=proof)
        assert answer.status_code == 303

    def test_past_the_allowance_without_proof_even_the_right_password_waits(self, member, environment):
        environment["CAPTCHA"] = "altcha"
        slowed = Citizen(create_app(load(environment)).test_client(), member.household)
        fill(rate_limits.ACCOUNT, pseudonym("genevieve"))
        fill(rate_limits.UNPROVEN)
        answer = slowed.signs_in()
        assert answer.status_code == 422
        assert "vérification n’a pas abouti" in answer.text

    @pytest.mark.parametrize("form", ["mot-de-passe", "courriel", "code", "fermer"])
    def test_where_one_is_signed_in_the_password_is_guessed_five_times_and_at_no_form_more(self, citizen, form):
        citizen.joins()
        paths = {name: f"/mon-dossier/acces/{name}" for name in ("mot-de-passe", "courriel", "code")}
        paths["fermer"] = "/mon-dossier/renseignements/fermer"
        new = {"password": "érable patient 81", "password_again": "érable patient 81", "username": "autre"}
        for _ in range(LIMITS[rate_limits.PRESENT].most):
            answer = citizen.post(paths[form], current="not this one 12", email="a@example.com", **new)
            assert "pas votre mot de passe" in answer.text
        for path in paths.values():
            answer = citizen.post(path, current=PASSWORD, email="a@example.com", **new)
            assert "Trop d’essais" in answer.text, path

    def test_a_code_nobody_has_is_slowed_alike(self, member):
        for _ in range(LIMITS[rate_limits.ACCOUNT].most):
            member.signs_in("personne")
        assert rate_limits.wants_proof("personne", "elsewhere")
        assert not rate_limits.wants_proof("genevieve", "elsewhere")
