"""Adding someone, known by her card and birth date: the city decides, those concerned are told."""

from datetime import date

import pytest

from domain.common import rate_limits
from models import ChangeRequest, JoinRequest, Membership, Message
from settings import LIMITS
from tests.commands.rows import card
from tests.factories import make_household, make_person

PATH = "/mon-dossier/famille/ajouter"


def typed(person, **changes) -> dict:
    born = person.birth_date
    fields = {"card_number": person.card_number, "birth_year": born.year, "birth_month": born.month}
    return fields | {"birth_day": born.day} | changes


def test_a_request_is_sent_and_everyone_concerned_is_told(home, city):
    citizen, spouse, _child = home
    other_parent = make_person(email="autre@example.com")
    baby = make_person(other_parent.memberships.get().household, first_name="Zoé", birth_date=date(2020, 5, 17))
    citizen.client.get_page(PATH)
    for _ in range(2):
        assert citizen.post(PATH, **typed(baby)).status_code == 303
    assert JoinRequest.select().count() == 1
    assert {message.recipient for message in Message.select()} == {spouse.email, "autre@example.com", city.help.email}
    assert not Membership.select().where(Membership.person == baby, Membership.household == citizen.household).exists()
    assert "Zoé" not in citizen.client.get("/mon-dossier/famille").text.partition("En attente")[0]


def test_accepted_she_is_in_both_households_even_after_the_import(home, clerk, flask, brings):
    citizen, _spouse, _child = home
    before = make_household("D77")
    baby = make_person(
        before, birth_date=date(2020, 5, 17), first_name="Zoé", last_name="Roy", card_number="QMAGB77777777"
    )
    citizen.post(PATH, **typed(baby))
    asked = ChangeRequest.get()
    page = clerk.client.get_page(f"/personnel/demandes/{asked.id}")
    assert "QMAGB77777777" in page
    clerk.post(f"/personnel/demandes/{asked.id}", decision="accepted", answer="Bienvenue")
    everyone = Membership.select(Membership.household).where(Membership.person == baby)
    both = {before.id, citizen.household.id}
    assert {row.household_id for row in everyone} == both
    row = card(77777777, first_name="Zoé", last_name="Roy", birth_date="2020-05-17", household="D77")
    assert brings("cards", [row]).exit_code == 0
    assert {row.household_id for row in everyone.clone()} == both
    assert "Zoé" in citizen.client.get("/mon-dossier/famille").text


def test_an_account_has_no_more_than_ten_strangers_written_to_so(home):
    """Of a household of five adults each hears of it: two requests are ten letters."""
    citizen, spouse, _child = home
    letters = LIMITS[rate_limits.LETTERS_TO_STRANGERS].most
    for n in range(letters // 5 + 1):
        other = make_household()
        adults = [make_person(other, email=f"adulte{n}.{m}@example.com") for m in range(5)]
        answer = citizen.post(PATH, **typed(adults[0]))
        assert answer.status_code == (303 if n < letters // 5 else 429)
    strangers = Message.select().where(Message.recipient.startswith("adulte"))
    assert strangers.count() == letters
    assert JoinRequest.select().count() == letters // 5, "what writes to nobody asks nothing"


def test_refused_nothing_changes(home, clerk):
    citizen, _spouse, _child = home
    baby = make_person()
    citizen.post(PATH, **typed(baby))
    clerk.post(f"/personnel/demandes/{ChangeRequest.get().id}", decision="refused", answer="Non")
    assert Membership.select().where(Membership.person == baby).count() == 1


def test_a_wrong_date_says_what_identification_says_and_counts(home):
    citizen, _spouse, _child = home
    baby = make_person()
    for n in range(LIMITS["dates of a card"].most):
        answer = citizen.post(PATH, **typed(baby, birth_day=n + 1, birth_month=1, birth_year=1990))
        assert answer.status_code == 422
        assert "ne vont pas ensemble" in answer.text
    assert citizen.post(PATH, **typed(baby)).status_code == 422, "the card is closed for a while"


@pytest.mark.parametrize("changes", [{"card_number": ""}, {"birth_year": "abcd"}, {"card_number": "4111111111111111"}])
def test_bad_input_is_said(home, changes):
    citizen, _spouse, _child = home
    assert citizen.post(PATH, **typed(make_person(), **changes)).status_code == 422


def test_someone_of_the_household_is_said_to_be(home):
    citizen, _spouse, child = home
    answer = citizen.post(PATH, **typed(child))
    assert "déjà dans votre famille" in answer.text
    assert not ChangeRequest.select().exists()
