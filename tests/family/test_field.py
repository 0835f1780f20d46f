"""One field at a time: one's own telephone at once, one's e-mail in Mon profil, the rest a request that says what."""

import re
from datetime import timedelta

import pytest

from domain.common import clock
from models import Account, AskedField, ChangeRequest, LocalChange, Membership, Message, Person, UnverifiedAccount
from tests.commands.rows import card
from tests.factories import make_household, make_person

ADDRESS = {"street": "3, rue Neuve", "apartment": "4", "city": "Magog", "postal_code": "j1x4a4"}
ASKS = {
    "telephone": {"phone": "819 555-0142"},
    "courriel": {"email": "lea@example.com"},
    "adresse": ADDRESS,
    "nom": {"first_name": "Léa-Rose", "last_name": "Roy"},
    "naissance": {"birth_year": "2017", "birth_month": "5", "birth_day": "1"},
}


def path(person: Person, what: str) -> str:
    return f"/mon-dossier/famille/{person.id}/changer/{what}"


def asked() -> list[tuple[str, str]]:
    return [(row.field, row.wanted) for row in AskedField.select().order_by(AskedField.id)]


def test_ones_own_telephone_changes_at_once_and_the_nightly_file_does_not_undo_it(home, brings):
    citizen, _spouse, _child = home
    page = citizen.client.get_page(path(citizen.person, "telephone"))
    assert "tout de suite" in page
    answer = citizen.post(path(citizen.person, "telephone"), phone="(819) 555.0142 poste 24")
    assert (answer.status_code, answer.location) == (303, "/mon-dossier/famille")
    html = citizen.client.get("/mon-dossier/famille").text
    assert "Votre téléphone est changé." in html
    assert "0142" in html
    me, home_code = citizen.person, citizen.household.code
    row = card(0, household=home_code, card_number=me.card_number, first_name=me.first_name, last_name=me.last_name)
    row |= {"birth_date": me.birth_date.isoformat(), "phone": me.phone}
    assert brings("cards", [row]).exit_code == 0
    assert Person.get_by_id(me.id).phone == "819 555-0142 poste 24"
    assert LocalChange.get(LocalChange.field == "phone").value == "819 555-0142 poste 24"
    assert not ChangeRequest.select().exists()


def test_of_an_account_that_is_not_verified_it_is_a_request_and_shows_nothing(home):
    citizen, _spouse, _child = home
    UnverifiedAccount.create(account=Account.get(Account.person == citizen.person), at=clock.now())
    page = citizen.client.get_page(path(citizen.person, "telephone"))
    assert "La Ville vérifie" in page
    assert "843" not in re.search(r"<input[^>]*name=.phone.[^>]*>", page)[0]
    assert citizen.post(path(citizen.person, "telephone"), phone="819 555-0142").status_code == 303
    assert Person.get_by_id(citizen.person.id).phone == citizen.person.phone
    assert asked() == [("phone", "819 555-0142")]


def test_ones_own_email_is_changed_where_it_is_confirmed(home):
    citizen, _spouse, _child = home
    answer = citizen.client.get(path(citizen.person, "courriel"))
    assert (answer.status_code, answer.location) == (303, "/mon-dossier/acces/courriel")


@pytest.mark.parametrize("what", ASKS)
def test_of_a_child_each_is_a_request_of_its_own_shown_as_waiting(home, what):
    citizen, _spouse, child = home
    citizen.client.get_page(path(child, what))
    assert citizen.post(path(child, what), **ASKS[what], words="Depuis juillet").status_code == 303
    request = ChangeRequest.get()
    assert (request.kind, request.person_id, request.asked_by_id) == ("fields", child.id, citizen.person.id)
    wanted = {
        "telephone": [("phone", "819 555-0142")],
        "courriel": [("email", "lea@example.com")],
        "adresse": [("address", "3, rue Neuve, app. 4"), ("city", "Magog"), ("postal_code", "J1X 4A4")],
        "nom": [("first_name", "Léa-Rose"), ("last_name", "Roy")],
        "naissance": [("birth_date", "2017-05-01")],
    }
    assert asked() == wanted[what]
    html = citizen.client.get("/mon-dossier/famille").text
    assert request.words.splitlines()[0] in html
    assert "Depuis juillet" in html
    assert Person.get_by_id(child.id).phone == child.phone


@pytest.mark.parametrize(
    ("what", "wrong"),
    [
        ("telephone", {"phone": ""}),
        ("telephone", {"phone": "12"}),
        ("courriel", {"email": "sans arobase"}),
        ("courriel", {"email": " "}),
        ("adresse", {"street": " "}),
        ("adresse", {"city": ""}),
        ("adresse", {"postal_code": "90210"}),
        ("adresse", {"street": "x" * 195, "apartment": "y" * 10}),
        ("adresse", {"street": "4111 1111 1111 1111"}),
        ("nom", {"first_name": ""}),
        ("naissance", {"birth_day": "31", "birth_month": "2"}),
        ("naissance", {"birth_year": "2999"}),
        ("telephone", {"words": "x" * 2001}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_asked(home, what, wrong):
    citizen, _spouse, child = home
    answer = citizen.post(path(child, what), **{**ASKS[what], **wrong})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert not ChangeRequest.select().exists()


def test_an_address_for_others_of_the_home_too_is_asked_for_each_and_they_are_told(home):
    citizen, spouse, child = home
    page = citizen.client.get_page(path(citizen.person, "adresse"))
    assert "Cette adresse vaut aussi pour" in page
    answer = citizen.post(path(citizen.person, "adresse"), **ADDRESS, also=[str(child.id), str(spouse.id), "x", "999"])
    assert answer.status_code == 303
    assert {row.person_id for row in AskedField.select()} == {citizen.person.id, child.id, spouse.id}
    assert any(spouse.first_name in one.body for one in Message.select().where(Message.recipient == spouse.email))
    stranger = make_person()
    citizen.post(path(citizen.person, "adresse"), **(ADDRESS | {"street": "5, rue Haute"}), also=str(stranger.id))
    assert not AskedField.select().where(AskedField.person == stranger).exists()


def test_what_is_typed_again_takes_the_place_of_what_waits_and_is_said_to(home):
    citizen, _spouse, child = home
    for phone in ("819 555-0142", "819 555-0143"):
        citizen.post(path(child, "telephone"), phone=phone)
    html = citizen.client.get("/mon-dossier/famille").text
    assert "Elle remplace celle qui attendait" in html
    assert html.count("En attente") == 1
    assert "Remplacée" in citizen.client.get("/mon-dossier/renseignements").text


def test_what_stands_there_already_is_said_to_who_may_see_it(home):
    citizen, _spouse, child = home
    assert citizen.post(path(child, "telephone"), phone=child.phone).status_code == 422
    assert not ChangeRequest.select().exists()


HIDDEN = ("555-9999", "5559999", "efuge", "Orford", "J1X 9Z9")  # whole: a moment's microseconds may hold four nines


@pytest.mark.parametrize("what", ["telephone", "courriel", "adresse", "naissance"])
def test_of_a_child_of_two_homes_neither_the_page_nor_its_answer_tells_what_the_file_says(home, what):
    citizen, _spouse, child = home
    theirs = {"phone": "819 555-9999", "email": "refuge@example.com", "address": "9, rue du Refuge",
              "city": "Orford", "postal_code": "J1X 9Z9"}  # fmt: skip
    Person.update(**theirs).where(Person.id == child.id).execute()
    Membership.create(household=make_household(), person=child)
    page = citizen.client.get_page(path(child, what))
    assert not [text for text in HIDDEN if text in page]
    born = child.birth_date
    guesses = {
        "telephone": {"phone": theirs["phone"]},
        "courriel": {"email": theirs["email"]},
        "adresse": {"street": theirs["address"], "city": "Orford", "postal_code": "J1X 9Z9"},
        "naissance": {"birth_year": born.year, "birth_month": born.month, "birth_day": born.day},
    }
    first = citizen.post(path(child, what), **ASKS[what])
    assert AskedField.select().where(AskedField.seen != "").exists(), "what the file says is kept for who decides"
    for told in ("/mon-dossier/famille", "/mon-dossier/renseignements", "/mon-dossier/renseignements.json"):
        html = citizen.client.get(told).text
        assert not [text for text in HIDDEN if text in html]
    second = citizen.post(path(child, what), **guesses[what])
    assert [(one.status_code, one.location) for one in (first, second)] == [(303, "/mon-dossier/famille")] * 2


def test_another_adult_and_a_stranger_are_not_found(home):
    citizen, spouse, _child = home
    grown = make_person(citizen.household, birth_date=clock.today() - timedelta(days=19 * 366))
    for person in (spouse, grown, make_person()):
        for what in ASKS:
            assert citizen.client.get(path(person, what)).status_code == 404
    assert citizen.client.get(path(citizen.person, "autre")).status_code == 404
