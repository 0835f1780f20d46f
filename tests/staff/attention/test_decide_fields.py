"""A request of fields: old beside new, one press does it once, and nothing is overwritten blindly."""

import re

import pytest

from domain.access import separation
from domain.people import asked_fields
from models import (
    Account,
    AskedField,
    AuditEvent,
    ChangeRequest,
    LocalChange,
    Membership,
    Message,
    Person,
    StaffRole,
    UnverifiedAccount,
)
from tests.commands.rows import card
from tests.factories import make_account, make_household, make_person
from tests.staff.conftest import Clerk

MOVED = {"address": "3, rue Neuve, app. 4", "city": "Magog", "postal_code": "J1X 4A4"}


@pytest.fixture
def account(app) -> Account:
    return make_account(make_person(email="genevieve@example.com"))


@pytest.fixture
def spouse(account) -> Person:
    home = Membership.get(Membership.person == account.person).household
    return make_person(home, first_name="Marc", email="marc@example.com")


@pytest.fixture
def ask(account, letters, city):
    """Return what asks for an address, for oneself and others, and gives its page's path."""

    def ask(*also: Person, **changes: str) -> str:
        asked_fields.ask(account, account.person, MOVED | changes, also, f"Adresse : {changes}", letters, city)
        Message.delete().execute()
        return f"/personnel/demandes/{ChangeRequest.select().order_by(ChangeRequest.id.desc()).get().id}"

    return ask


def seen(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(seen_\d+)" value="([^"]*)"', html))


def presses(clerk: Clerk, path: str, **fields: str):
    """Press Accepter as the page stands."""
    return clerk.post(path, **{"decision": "accepted", "answer": "", **seen(clerk.client.get(path).text), **fields})


def filed(person: Person, name: str = "address") -> object:
    return getattr(Person.get_by_id(person.id), name)


def test_the_page_shows_old_and_new_and_its_reading_is_noted_in_each_file(clerk, ask, account, spouse):
    html = clerk.client.get_page(ask(spouse))
    for text in ("12, rue Merry Nord", "3, rue Neuve, app. 4", "J1X 2B6", "J1X 4A4", account.person.name, spouse.name):
        assert text in html
    assert "Résidence" not in html
    looks = {(event.action, event.person_id) for event in AuditEvent.select().where(AuditEvent.actor == clerk.username)}
    assert {("request read", account.person_id), ("file opened", spouse.id)} <= looks


def test_one_press_does_it_tells_and_the_nightly_file_does_not_undo_it(clerk, ask, account, spouse, brings):
    path, me = ask(spouse), account.person
    assert presses(clerk, path).status_code == 303
    assert (filed(me), filed(spouse)) == (MOVED["address"], MOVED["address"])
    request = ChangeRequest.get()
    assert (request.decision, request.decided_by, request.answer) == ("accepted", clerk.username, "")
    corrected = AuditEvent.select().where(AuditEvent.action == "file corrected").order_by(AuditEvent.person)
    assert [(event.person_id, event.subject) for event in corrected] == [
        (me.id, "address postal_code"),
        (spouse.id, "address postal_code"),
    ]
    assert {one.recipient for one in Message.select()} == {"genevieve@example.com", "marc@example.com"}
    assert not any("Neuve" in one.body for one in Message.select())
    home = Membership.get(Membership.person == me).household.code
    row = card(0, household=home, card_number=me.card_number, first_name=me.first_name, last_name=me.last_name)
    row |= {name: getattr(me, name) for name in ("address", "city", "postal_code", "phone", "email")}
    assert brings("cards", [row | {"birth_date": me.birth_date.isoformat()}]).exit_code == 0
    assert filed(me) == MOVED["address"]
    to_key = clerk.client.get("/personnel/changements").text
    assert "3, rue Neuve, app. 4" in to_key
    assert me.card_number in to_key


def test_what_stays_as_it_is_is_not_crossed_out(clerk, ask, account):
    html = clerk.client.get_page(ask())
    assert "<del>12, rue Merry Nord</del>" in html
    assert "<del>Magog</del>" not in html
    stays = html.partition(">Ville</dt>")[2].partition("</dd>")[0]
    assert "<strong>Magog</strong>" in stays
    assert "La fiche le dit déjà" in stays


def test_what_is_to_be_written_elsewhere_is_one_link_away(clerk, ask):
    page = clerk.client.get_page(ask())
    assert re.search(r'<a href="/personnel/changements">À reporter</a>', page.partition("<main")[2])
    assert "<h1" in page
    assert ">À reporter</h1>" in clerk.client.get_page("/personnel/changements")


def test_refused_with_a_reason_nothing_is_written(clerk, ask, account):
    path = ask()
    assert clerk.post(path, decision="refused", answer=" ").status_code == 422
    assert clerk.post(path, decision="refused", answer="La preuve manque.").status_code == 303
    assert (ChangeRequest.get().decision, filed(account.person)) == ("refused", "12, rue Merry Nord")
    assert not LocalChange.select().exists()


def test_pressed_twice_in_two_tabs_by_two_clerks_it_is_done_once(clerk, app, ask, account):
    path = ask()
    other = Clerk(app, "autre.agente", StaffRole.COUNTER)
    other.sets_up()
    shown = seen(other.client.get(path).text)
    presses(clerk, path)
    Person.update(address="9, rue d’Après").where(Person.id == account.person_id).execute()
    for again in (other, clerk):
        answer = again.post(path, "/personnel/mot-de-passe", decision="accepted", answer="", **shown)
        assert answer.status_code == 303
        assert "déjà" in again.client.get("/personnel").text
    assert filed(account.person) == "9, rue d’Après"
    assert ChangeRequest.get().decided_by == clerk.username
    assert AuditEvent.select().where(AuditEvent.action == "file corrected").count() == 1


@pytest.mark.parametrize(("residence", "resident"), [("1", True), ("0", False)])
def test_another_city_wants_the_clerks_word_on_the_residence(clerk, ask, account, residence, resident):
    path = ask(city="Orford")
    assert "Résidence\u00a0: à décider" in clerk.client.get_page(path)
    for said in ({}, {"residence": "2"}):
        assert presses(clerk, path, **said).status_code == 422
        assert filed(account.person, "city") == "Magog"
    assert presses(clerk, path, residence=residence).status_code == 303
    assert (filed(account.person, "city"), filed(account.person, "resident")) == ("Orford", resident)
    if not resident:
        assert "Résident, ici" in clerk.client.get("/personnel/changements").text


def test_a_file_that_changed_since_is_said_and_a_page_of_before_writes_nothing(clerk, ask, account):
    path = ask()
    before = seen(clerk.client.get(path).text)
    Person.update(address="9, rue d’Après").where(Person.id == account.person_id).execute()
    for shown in (before, {}, {"seen_x": "1", "seen_999": ""}):
        answer = clerk.post(path, decision="accepted", answer="", **shown)
        assert answer.status_code == 422
        assert "La fiche a changé" in answer.text
    assert (filed(account.person), ChangeRequest.get().decided_at) == ("9, rue d’Après", None)
    html = clerk.client.get_page(path)
    assert "La fiche a changé depuis la demande" in html
    assert "12, rue Merry Nord" in html
    assert presses(clerk, path).status_code == 303
    assert filed(account.person) == MOVED["address"]


def test_who_was_set_apart_or_died_meanwhile_is_said_and_left_alone(clerk, ask, account, spouse, letters, city):
    path = ask(spouse)
    separation.split([spouse], [], letters, city)
    assert "Ne vit plus avec qui demande" in clerk.client.get_page(path)
    Person.update(status=Person.DECEASED).where(Person.id == account.person_id).execute()
    html = clerk.client.get_page(path)
    assert "décédée" in html
    assert 'value="accepted"' not in html
    assert clerk.post(path, decision="accepted", answer="").status_code == 422
    assert clerk.post(path, decision="refused", answer="Trop tard.").status_code == 303
    assert (filed(account.person), filed(spouse)) == ("12, rue Merry Nord", "12, rue Merry Nord")


def test_a_child_of_two_homes_and_an_account_not_verified_are_said(clerk, ask, account, spouse):
    path = ask(spouse)
    html = clerk.client.get_page(path)
    assert "deux foyers" not in html
    assert "ne sait pas encore si ce compte" not in html
    Membership.create(household=make_household(), person=spouse)
    UnverifiedAccount.create(account=account, at=ChangeRequest.get().created_at)
    html = clerk.client.get_page(path)
    assert "deux foyers" in html
    assert "ne sait pas encore si ce compte" in html


def test_one_that_was_replaced_says_so(clerk, ask):
    path = ask()
    ask(address="5, rue Haute")
    assert AskedField.select().count() == 6
    assert "Remplacée par une autre demande" in clerk.client.get_page(path)
