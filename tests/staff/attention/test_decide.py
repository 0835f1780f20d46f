"""A request is read, decided once, and its reading is noted."""

import pytest

from models import AuditEvent, ChangeRequest, JoinRequest, LocalChange, Person
from tests.factories import make_household, make_person

ANSWER = "C’est corrigé.\nMerci."


@pytest.fixture
def asked(app):
    return ChangeRequest.create(kind=ChangeRequest.CORRECTION, person=make_person(), words="Mon nom est\n<b>mal</b>")


def path(asked):
    return f"/personnel/demandes/{asked.id}"


def test_page_comes_whole_and_as_fragment_and_reading_is_noted(clerk, asked):
    page = clerk.client.get_page(path(asked))
    assert "Trần" in page
    assert "&lt;b&gt;mal" in page
    event = AuditEvent.get(AuditEvent.action == "request read")
    assert (event.actor, event.person_id) == (clerk.username, asked.person_id)


def test_it_is_decided_with_an_answer_once(clerk, asked):
    for decision in ("accepted", "refused"):
        clerk.post(path(asked), "/personnel/mot-de-passe", decision=decision, answer=ANSWER)
    kept = ChangeRequest.get()
    assert (kept.decision, kept.decided_by) == ("accepted", clerk.username)
    assert kept.answer.replace("\r", "") == ANSWER
    assert "Déjà décidée" in clerk.client.get(path(asked)).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"decision": ""}, "Choisissez une décision"),
        ({"decision": "erased"}, "Choisissez une décision"),
        ({"answer": " "}, "Écrivez une réponse"),
        ({"answer": "x" * 2001}, "trop long"),
        ({"answer": "a\0b"}, "caractère invisible"),
    ],
)
def test_what_is_wrong_is_said_and_kept(clerk, asked, wrong, words):
    fields = {"decision": "accepted", "answer": ANSWER} | wrong
    answer = clerk.post(path(asked), "/personnel/mot-de-passe", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert ChangeRequest.get().decided_at is None


FILE = ("first_name", "last_name", "address", "city", "postal_code", "phone", "email")


def corrects(clerk, asked, **fields):
    """Send the page as it stands, but for some fields."""
    shown = {name: getattr(Person.get_by_id(asked.person_id), name) for name in FILE}
    seen = {f"seen_{name}": value for name, value in shown.items()}
    values = {"decision": "accepted", "answer": ANSWER, **seen, **shown, **fields}
    return clerk.post(path(asked), "/personnel/mot-de-passe", **values)


def test_an_accepted_correction_is_done_by_the_page_and_outlives_the_nightly_file(clerk, asked):
    assert corrects(clerk, asked, phone="819 555-0142").status_code == 303
    assert Person.get_by_id(asked.person_id).phone == "819 555-0142"
    assert [(row.field, row.value, row.made_by) for row in LocalChange.select()] == [
        ("phone", "819 555-0142", clerk.username)
    ]


def test_what_changed_since_the_page_was_shown_is_said_and_the_request_stays(clerk, asked):
    answer = corrects(clerk, asked, phone="819 555-0142", seen_phone="ce qui y était")
    assert answer.status_code == 303
    assert "La fiche a changé" in clerk.client.get(path(asked)).text
    assert ChangeRequest.get().decided_at is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"first_name": " "}, "Écrivez le prénom"),
        ({"email": "sans arobase"}, "ne semble pas complet"),
        ({"phone": "x" * 201}, "trop long"),
        ({"address": "4111 1111 1111 1111"}, "carte de crédit"),
    ],
)
def test_a_wrong_correction_is_said_and_kept_with_what_was_first_shown(clerk, asked, wrong, words):
    answer = corrects(clerk, asked, **{"city": "Orford", "seen_city": "Magog", **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'name="seen_city" value="Magog"' in answer.text
    assert 'value="Orford"' in answer.text
    assert not LocalChange.select().exists()


def test_one_that_does_not_exist_is_not_found(clerk):
    assert clerk.client.get("/personnel/demandes/99").status_code == 404


@pytest.mark.parametrize(("leaving", "asker"), [("she", "he"), ("he", "she"), ("he", "he")])
def test_99_a_clerk_in_a_hurry_is_told_that_the_city_set_them_apart(clerk, app, leaving, asker):
    home = make_household()
    couple = {"she": make_person(home), "he": make_person(home)}
    wanted = couple["he" if asker == "she" else "she"]
    elsewhere = make_household()
    request = ChangeRequest.create(kind=ChangeRequest.MEMBER, person=couple[asker], words="Ajouter")
    JoinRequest.create(request=request, person=wanted, household=elsewhere)
    warning = "La Ville a séparé cette personne"
    assert warning not in clerk.client.get_page(path(request)), "nobody was set apart"
    app.test_cli_runner().invoke(args=["household", "split", couple[leaving].card_number])
    assert warning in clerk.client.get_page(path(request))
