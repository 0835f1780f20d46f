"""Step 1: identification by citizen card and birth date."""

import re
from datetime import timedelta

import pytest

from domain.common import clock, rate_limits
from models import Attempt, Identification, Person
from settings import LIMITS
from tests.factories import make_account
from tests.pages import solve

NEUTRAL = "ne vont pas ensemble dans nos dossiers"


def test_page_comes_whole_and_as_fragment(citizen):
    html = citizen.client.get_page("/compte/carte")
    assert "Étape 1 de 4" in html
    assert "citoyen – Étape 1 de 4 · Votre carte – " in html[: html.index("</title>")]


def test_a_right_card_and_date_lead_to_step_2(citizen):
    response = citizen.identifies()
    assert response.status_code == 303
    assert response.location == "/compte/identifiants"


@pytest.mark.parametrize("typed", ["{n}", "qmagb{n}", " QMAGB {n} ", "q-magb-{n}", "QMAGB {n}".lower()])
def test_a_number_pasted_in_any_shape_is_understood(citizen, typed):
    number = citizen.person.card_number.removeprefix("QMAGB")
    assert citizen.identifies(typed.format(n=f"{number[:4]} {number[4:]}")).status_code == 303


def test_the_letter_o_is_read_as_zero(citizen):
    number = citizen.person.card_number.removeprefix("QMAGB").replace("0", "O")
    assert citizen.identifies(number).status_code == 303


def test_an_unknown_card_and_a_wrong_date_get_the_same_answer(citizen):
    wrong_date = citizen.identifies(born=citizen.person.birth_date + timedelta(days=1))
    unknown = citizen.identifies(number="QMAGB99999999", born=citizen.person.birth_date + timedelta(days=1))
    assert wrong_date.status_code == unknown.status_code == 422
    assert NEUTRAL in wrong_date.text
    number = citizen.person.card_number
    assert strip_secrets(wrong_date.text).replace(number, "") == strip_secrets(unknown.text).replace(
        "QMAGB99999999", ""
    )


def test_a_refused_identification_marks_the_date_too(citizen):
    html = citizen.identifies(born=citizen.person.birth_date + timedelta(days=1)).text
    for name in ("birth_year", "birth_month", "birth_day"):
        [box] = re.findall(rf'<(?:input|select)[^>]*id="{name}"[^>]*>', html)
        assert 'aria-invalid="true"' in box
        assert 'aria-describedby="card_number-error"' in box
    assert html.index("tel:+1") < html.index('id="card_number"')
    assert html.count(NEUTRAL) == 2  # in the summary and beside the number


def strip_secrets(html: str) -> str:
    return re.sub(r'value="I[jm][^"]+"', "", html)  # a token, signed each second: it begins with a letter or a digit


def test_who_wrote_nothing_is_not_told_of_a_refusal(citizen):
    refused, ways = citizen.identifies("QMAGB09999999").text, ("Bonne date, et pourtant refusée?", "Rien n’y fait?")
    empty = citizen.post("/compte/carte").text
    for words in ways:
        assert words in refused
        assert words not in empty
    assert "Besoin d’aide?" in empty


def test_a_deceased_holder_gets_the_neutral_answer(citizen):
    citizen.person.status = Person.DECEASED
    citizen.person.save()
    assert NEUTRAL in citizen.identifies().text


def test_an_expired_card_has_its_page_with_the_renewal_first(citizen):
    citizen.person.expires_on = clock.today() - timedelta(days=1)
    citizen.person.save()
    html = citizen.identifies().text
    assert "Votre carte de citoyen est expirée" in html
    assert html.index("Renouveler ma carte") < html.index("Une facture à payer")


def test_a_card_valid_until_today_still_works(citizen):
    citizen.person.expires_on = clock.today()
    citizen.person.save()
    assert citizen.identifies().status_code == 303


def test_a_lost_card_has_its_page(citizen):
    citizen.person.status = Person.LOST
    citizen.person.save()
    html = citizen.identifies().text
    assert "déclarée perdue" in html
    assert "du lundi au jeudi" in html[html.index("Une facture à payer?") :]


def test_a_childs_card_has_its_page(citizen):
    citizen.person.birth_date = clock.today() - timedelta(days=10 * 365)
    citizen.person.save()
    assert "celle d’un enfant" in citizen.identifies().text


def test_a_card_that_has_an_account_leads_to_sign_in(citizen):
    make_account(citizen.person)
    html = citizen.identifies().text
    assert "a déjà un compte" in html
    assert 'href="/oubli/code"' in html
    assert 'href="/oubli/mot-de-passe"' in html
    assert "/connexion" in html


@pytest.mark.parametrize(
    ("year", "month", "day", "said"),
    [
        ("", "", "", "Écrivez la date de naissance."),
        ("", "2", "3", "quatre chiffres"),
        ("84", "2", "3", "quatre chiffres"),
        ("1899", "2", "3", "L’année 1899 est trop ancienne."),
        ("2999", "2", "3", "dans le futur"),
        ("84", "", "x", "Vérifiez la date"),
        ("1984", "", "32", "Vérifiez la date"),
        ("1984", "13", "3", "Choisissez le mois"),
        ("1984", "4", "31", "Le 31 avril 1984 n’existe pas."),
        ("1984", "2", "0", "de 1 à 31"),
        ("1984", "2", "x", "de 1 à 31"),
        ("1984", "2", "²", "de 1 à 31"),
    ],
)
def test_an_impossible_date_says_which_box_and_keeps_what_was_typed(citizen, year, month, day, said):
    response = citizen.post("/compte/carte", card_number="1234 5678", birth_year=year, birth_month=month, birth_day=day)
    assert response.status_code == 422
    assert said in response.text
    assert 'value="1234 5678"' in response.text
    assert response.text.count('class="error"') == 1 + ('id="card_number-error"' in response.text), "one of the date"


def test_a_date_in_the_future_is_refused(citizen):
    tomorrow = clock.today() + timedelta(days=1)
    if tomorrow.year == clock.today().year:
        assert "dans le futur" in citizen.identifies(born=tomorrow).text


@pytest.mark.parametrize("odd", ["1234\x005678", "\u202e12345678", "9" * 10_000, "😀" * 8, "' OR 1=1 --", "﹏"])
def test_odd_text_gets_an_error_never_a_failure(citizen, odd):
    assert citizen.identifies(odd).status_code == 422


def test_a_credit_card_number_is_never_echoed(citizen):
    response = citizen.identifies("4111 1111 1111 1111")
    assert response.status_code == 422
    assert "ressemble à un numéro de carte de crédit" in response.text
    assert "4111" not in response.text


def test_a_credit_card_number_in_a_box_is_told_once(citizen):
    html = citizen.post("/compte/carte", birth_year="4111 1111 1111 1111").text
    assert html.count('href="#birth_year"') == 1
    assert "ressemble à un numéro de carte de crédit" in html


def test_no_browser_offers_a_credit_card_there(citizen):
    html = citizen.client.get("/compte/carte").text
    assert 'autocomplete="bday-year"' in html
    assert 'autocomplete="bday-month"' in html
    assert 'autocomplete="bday-day"' in html
    assert "cc-" not in html
    assert re.search(r'id="card_number"[^>]*', html)


def test_nothing_is_kept_of_a_failed_identification(citizen):
    citizen.identifies("QMAGB99999999")
    assert not Identification.select().exists()


class TestWithProofOfWork:
    @pytest.fixture
    def environment(self, environment):
        return environment | {"CAPTCHA": "altcha"}

    def test_the_page_carries_a_challenge(self, citizen):
        assert "data-challenge=" in citizen.client.get("/compte/carte").text

    def test_a_solution_is_accepted_once(self, citizen, app):
        solution = solve(citizen.client.get("/compte/carte").text)
        fields = {
            "card_number": citizen.person.card_number,
            "birth_year": 1984,
            "birth_month": 2,
            "birth_day": 29,
            "altcha": solution,
        }
        assert citizen.post("/compte/carte", **fields).status_code == 303
        assert citizen.post("/compte/carte", **fields).status_code == 422

    @pytest.mark.parametrize("forged", ["x", "e30=", "eyJjaGFsbGVuZ2UiOiB7fX0=", "A" * 5000])
    def test_a_forged_solution_is_refused(self, citizen, forged):
        response = citizen.post(
            "/compte/carte",
            card_number=citizen.person.card_number,
            birth_year=1984,
            birth_month=2,
            birth_day=29,
            altcha=forged,
        )
        assert response.status_code == 422
        assert "vérification n’a pas abouti" in response.text

    def test_without_javascript_the_hourly_allowance_applies(self, citizen, app):
        assert citizen.identifies().status_code == 303
        Attempt.insert_many([{"kind": rate_limits.UNPROVEN}] * LIMITS[rate_limits.UNPROVEN].most).execute()
        assert citizen.identifies().status_code == 422


def test_a_blank_box_is_told_one_thing(citizen):
    html = citizen.post("/compte/carte", card_number="1234 5678", birth_year=" ", birth_month="2", birth_day="").text
    summary = html[html.index('class="summary"') : html.index("<form", html.index('class="summary"'))]
    assert re.findall(r'<a href="#(\w+)"', summary) == ["birth_year"]
