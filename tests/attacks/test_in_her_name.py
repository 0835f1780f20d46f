"""Attacks 119 to 124: an account that somebody else opened in a resident's name, and letters of another home."""

from datetime import date

import pytest

from domain.access import email_confirmation, email_undo, help_asked, password_reset
from domain.access.email_undo import BadUndo
from domain.people import household
from models import (
    Account,
    AuditEvent,
    ChangeRequest,
    EmergencyContact,
    Membership,
    Message,
    PasswordReset,
    Person,
    PreviousEmail,
    UnverifiedAccount,
)
from tests.factories import make_household, make_person
from tests.staff.conftest import Clerk
from tests.walker import ANOTHER, Citizen

HIS, HIS_OTHER, FILE = "lui@example.com", "lui.aussi@example.com", "file@example.com"
ADDRESS = "12, rue Cachée"


@pytest.fixture
def portal(app):
    return app.extensions["portal"]


@pytest.fixture
def impostor(citizen) -> Citizen:
    """Somebody who knows a resident's card and birth date, and opened an account in her name."""
    Person.update(address=ADDRESS, city="Magog", postal_code="J1X 1A1").where(Person.id == citizen.person.id).execute()
    citizen.joins(verified=False)
    return citizen


def account_of(one: Citizen) -> Account:
    return Account.get(Account.person == one.person)


def confirms(one: Citizen, email: str, portal) -> None:
    token = email_confirmation.ask_confirmation(account_of(one), email)
    email_confirmation.confirm(token, portal.letters, portal.city)


def asks_for_a_password(one: Citizen, portal) -> int:
    """Ask by her card, as he can, and return how many links were made."""
    help_asked.ask_by_card(password_reset.PASSWORD, one.person.card_number, one.person.birth_date, "192.0.2.1")
    help_asked.answer_due(portal.letters, portal.city)
    return PasswordReset.select().count()


def links_back() -> list[str]:
    sent = Message.select().where(Message.body.contains("/retablir-courriel/")).order_by(Message.id)
    return [one.body.partition("/retablir-courriel/")[2].split()[0] for one in sent]


@pytest.mark.parametrize("read_out", ["at the counter", "on the server"])
def test_119_who_opened_it_first_reads_and_keeps_nothing_once_the_counter_saw_its_holder(
    impostor, app, portal, read_out
):
    confirms(impostor, HIS, portal)
    confirms(impostor, HIS_OTHER, portal)
    [back] = links_back()
    card = impostor.person.card_number
    if read_out == "at the counter":
        clerk = Clerk(app, "agent.magog", "counter")
        clerk.sets_up()
        said = clerk.post("/personnel/carte", card_number=card, act="code", code=clerk.code()).text
        code = said.partition("lire\u00a0: ")[2][:11]
    else:
        code = app.test_cli_runner().invoke(args=["recovery-code", card]).output.split()[0]
    assert ADDRESS not in impostor.client.get("/mon-dossier/famille").text, "the code is hers, the browser his"
    holder = Citizen(app.test_client(), make_household())
    page = holder.post("/oubli/code-recu", one_time_code=code).location
    assert holder.post(page, password=ANOTHER, password_again=ANOTHER).status_code == 303
    assert holder.signs_in(password=ANOTHER).status_code == 303
    assert ADDRESS in holder.client.get("/mon-dossier/famille").text, "the city knows now whose it is"
    assert not UnverifiedAccount.select().exists()
    assert asks_for_a_password(impostor, portal) == 0
    assert (account_of(impostor).email, account_of(impostor).email_confirmed_at) == ("", None)
    with pytest.raises(BadUndo):
        email_undo.undo(back)
    assert not PreviousEmail.select().exists()


def test_119_a_link_in_his_mailbox_makes_it_nobodys_more(impostor, portal, city):
    confirms(impostor, HIS, portal)
    assert asks_for_a_password(impostor, portal) == 1
    link = Message.select().where(Message.body.contains("/mot-de-passe/")).get()
    token = link.body.partition("/mot-de-passe/")[2].split()[0]
    password_reset.set_password(token, ANOTHER, portal.letters, city)
    assert not household.reads_contacts(account_of(impostor))
    assert account_of(impostor).confirmed_email == HIS


def test_120_addresses_confirmed_one_after_another_leave_the_files_its_word(citizen, portal):
    Person.update(email=FILE).where(Person.id == citizen.person.id).execute()
    citizen.joins()
    for email in (HIS, HIS_OTHER, HIS):
        confirms(citizen, email, portal)
        assert Person.get_by_id(citizen.person.id).email == FILE
    told = Message.select().where(Message.recipient == FILE).count()
    citizen.post(f"/mon-dossier/famille/{citizen.person.id}/changer/telephone", phone="819 555-0199")
    assert Message.select().where(Message.recipient == FILE).count() == told + 1, "she hears of all that he does"


def test_123_nothing_that_an_account_to_verify_asks_is_done_by_a_clerk_in_a_hurry(impostor, app):
    asked = {"what": "telephone", "phone": "819 555-0199"}
    impostor.post(f"/mon-dossier/famille/{impostor.person.id}/changer/{asked['what']}", phone=asked["phone"])
    clerk, request = Clerk(app, "agent.magog", "counter"), ChangeRequest.get()
    clerk.sets_up()
    page = clerk.client.get_page(f"/personnel/demandes/{request.id}")
    assert 'value="accepted"' not in page
    assert 'value="refused"' in page
    before = impostor.person.phone
    answer = clerk.post(f"/personnel/demandes/{request.id}", decision="accepted", answer="")
    assert answer.status_code == 422
    assert "Vérifiez d’abord" in answer.text
    assert Person.get_by_id(impostor.person.id).phone == before, "the number by which the city asks whose it is"
    UnverifiedAccount.delete().execute()
    assert clerk.post(f"/personnel/demandes/{request.id}", decision="accepted", answer="").status_code == 303
    assert Person.get_by_id(impostor.person.id).phone == "819 555-0199"


def test_124_whom_to_call_is_neither_read_nor_changed_before_the_city_knows_whose_the_account_is(impostor):
    child = make_person(impostor.household, first_name="Léa", birth_date=date(2020, 5, 1))
    for one in (impostor.person, child):
        called = {"person": one, "household": impostor.household}
        EmergencyContact.create(**called, name="Grand-maman", phone="819 555-0177", rank=1)
        EmergencyContact.create(**called, name="Voisine", phone="819 555-0178", rank=2)
    kept = list(EmergencyContact.select().order_by(EmergencyContact.id).tuples())
    paths = ["/mon-dossier/famille", *(f"/mon-dossier/renseignements.{kind}" for kind in ("json", "csv"))]
    for contact in EmergencyContact.select():
        home = f"/mon-dossier/famille/{contact.person_id}/urgence"
        new = {"name": "Lui", "phone": "819 555-0199"}
        for path in (home, f"{home}/{contact.id}", f"{home}/{contact.id}/retirer", f"{home}/{contact.id}/premier"):
            impostor.post(path, "/mon-dossier/famille", **new)
        paths += [home, f"{home}/{contact.id}"]
    assert list(EmergencyContact.select().order_by(EmergencyContact.id).tuples()) == kept
    answers = {path: impostor.client.get(path).text for path in paths}
    assert not [path for path, text in answers.items() if "Grand-maman" in text or "555-0177" in text]
    UnverifiedAccount.delete().execute()
    answers = {path: impostor.client.get(path).text for path in paths[:3]}
    assert all("Grand-maman" in text for text in answers.values()), "once it is verified, she does"


def test_124_ma_famille_does_not_say_that_nobody_is_entered_when_it_may_not_tell(impostor):
    page = impostor.client.get_page("/mon-dossier/famille")
    assert "Montrés une fois votre identité vérifiée." in page
    assert "Personne n’est inscrit" not in page


@pytest.mark.parametrize("code", ["right", ""])
def test_122_an_account_opened_in_her_name_is_closed_by_the_counter_with_every_way_of_his(citizen, app, portal, code):
    Person.update(email=FILE).where(Person.id == citizen.person.id).execute()
    citizen.joins()
    confirms(citizen, HIS, portal)
    confirms(citizen, HIS_OTHER, portal)
    [back] = links_back()
    clerk = Clerk(app, "agent.magog", "counter")
    clerk.sets_up()
    given = clerk.code() if code else ""
    clerk.post("/personnel/carte", card_number=citizen.person.card_number, act="close", code=given)
    assert Account.select().exists() == (not code), "never without the telephone's code"
    if code:
        assert citizen.client.get("/mon-dossier").status_code == 303
        assert asks_for_a_password(citizen, portal) == 0
        with pytest.raises(BadUndo):
            email_undo.undo(back)
        assert {HIS_OTHER, FILE} <= {one.recipient for one in Message.select() if "a été fermé" in one.body}
        event = AuditEvent.get(AuditEvent.action == "account closed")
        assert (event.actor, event.person_id) == (clerk.username, citizen.person.id)


@pytest.mark.parametrize("asked", ["words", "a field", "somebody to add"])
def test_121_of_a_persons_two_homes_one_hears_nothing_of_whom_the_other_is(citizen, portal, asked):
    here, there = citizen.household, make_household()
    Membership.create(household=there, person=citizen.person)
    make_person(here, first_name="Marc", birth_date=date(1980, 2, 3), email="marc@example.com")
    make_person(there, first_name="Sofia", birth_date=date(1980, 2, 3), email="sofia@example.com")
    child = make_person(here, first_name="Léa", birth_date=date(2020, 5, 1))
    newcomer = make_person(make_household(), first_name="Noé", birth_date=date(1990, 5, 1))
    citizen.joins()
    family = "/mon-dossier/famille"
    if asked == "words":
        answer = citizen.post(f"{family}/{child.id}/changement", words="Elle a changé d’école.")
    elif asked == "a field":
        answer = citizen.post(f"{family}/{child.id}/changer/telephone", phone="819 555-0199")
    else:
        born = {"birth_year": 1990, "birth_month": 5, "birth_day": 1}
        answer = citizen.post(f"{family}/ajouter", card_number=newcomer.card_number, **born)
    assert answer.status_code == 303
    told = {one.recipient for one in Message.select() if "demande à la Ville" in one.body}
    assert told & {"marc@example.com", "sofia@example.com"} == {"marc@example.com"}
