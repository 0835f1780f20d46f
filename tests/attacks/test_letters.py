"""Attack 69: the portal made to write to strangers, or again and again to somebody of the household."""

from collections import Counter

import pytest

from domain.common import clock, outbox
from domain.staff import counter
from models import Account, ChangeRequest, Message
from settings import LIMITS
from tests.domain.common.test_outbox import Post
from tests.factories import make_invoice, make_person, make_staff
from tests.forgotten.test_username import asks
from tests.walker import PASSWORD, Citizen

STRANGERS, OF_A_KIND = LIMITS["letters to strangers"].most, LIMITS["letters of a kind to somebody"].most
TO_ADDRESS = LIMITS["letters to an address"].most
OTHER = "autre@example.com"


@pytest.fixture
def member(citizen):
    citizen.joins()
    make_person(citizen.household, first_name="Autre", email=OTHER)
    Message.delete().execute()
    return citizen


def letters() -> Counter:
    """Return how many letters wait, by recipient."""
    return Counter(Message.select(Message.recipient).scalars())


def new_email(member: Citizen, n: int):
    return member.post("/mon-dossier/acces/courriel", current=PASSWORD, email=f"inconnue{n}@example.com")


def new_username(member: Citizen, n: int):
    return member.post("/mon-dossier/acces/code", current=PASSWORD, username=f"genevieve{n}")


def new_password(member: Citizen, n: int):
    last = min(n, OF_A_KIND) - 1  # the last that was taken
    before = PASSWORD if n == 0 else f"chaloupe violette {last}{last}"
    now = f"chaloupe violette {n}{n}"
    return member.post("/mon-dossier/acces/mot-de-passe", current=before, password=now, password_again=now)


def correction(member: Citizen, n: int):
    ChangeRequest.update(decided_at="2026-01-01").execute()
    return member.post("/mon-dossier/renseignements/correction", words=f"Mon adresse, {n}")


@pytest.mark.parametrize("act", [new_email, new_username, new_password])
def test_no_act_writes_more_than_three_times_an_hour_to_one_adult(member, act):
    answers = [act(member, n) for n in range(OF_A_KIND * 2)]
    assert letters()[OTHER] == OF_A_KIND
    assert [answer.status_code for answer in answers] == [303] * OF_A_KIND + [429] * OF_A_KIND
    assert "rien n’a été changé" in answers[-1].text
    assert answers[-1].headers["Retry-After"] == "3600"


def test_102_an_account_opened_and_closed_again_and_again_writes_no_more(member):
    statuses = []
    for _ in range(OF_A_KIND * 2):
        member.post("/mon-dossier/renseignements/fermer", current=PASSWORD)
        member.identifies()
        statuses.append(member.chooses().status_code)
    said = Message.select().where(Message.recipient == OTHER, Message.subject.contains("compte a été créé"))
    assert said.count() == OF_A_KIND - 1, "the first was before"
    assert statuses == [303] * (OF_A_KIND - 1) + [429] * (OF_A_KIND + 1)


def test_what_the_city_is_asked_reaches_it_though_the_other_adult_hears_of_three(member):
    answers = [correction(member, n).status_code for n in range(OF_A_KIND * 2)]
    assert answers == [303] * OF_A_KIND * 2
    assert letters()[OTHER] == OF_A_KIND


def test_what_is_refused_changed_nothing(member):
    for n in range(OF_A_KIND + 1):
        new_username(member, n)
    assert Account.get().username == f"genevieve{OF_A_KIND - 1}"


def test_an_account_writes_to_ten_strangers_an_hour(app, citizen):
    citizen.joins()
    citizen.person.email = ""
    citizen.person.save()
    statuses = [new_email(citizen, n).status_code for n in range(STRANGERS + 3)]
    assert statuses == [303] * STRANGERS + [429] * 3


def test_one_address_hears_six_times_an_hour_from_all_accounts(app):
    for n in range(TO_ADDRESS + 3):
        other = Citizen(app.test_client())
        other.joins(username=f"une{n}", email="victime@example.com")
    assert letters()["victime@example.com"] == TO_ADDRESS
    assert Account.select().count() == TO_ADDRESS + 3


def test_what_is_waited_for_leaves_first(db):
    for n in range(outbox.AT_ONCE + 1):
        outbox.write(f"n{n}@example.com", "Rappel", "")
    outbox.write("marie@example.com", "Nouveau mot de passe", "", urgent=True)
    post = Post()
    outbox.send_due(post)
    assert post.sent[0][0] == "marie@example.com"


@pytest.fixture
def waits(citizen, paying):
    """Somebody who waits for a letter, her address confirmed and on her file."""
    citizen.person.email = "marie@example.com"
    citizen.person.save()
    citizen.joins()
    values = {"email": "marie@example.com", "email_key": "marie@example.com", "email_confirmed_at": clock.now()}
    Account.update(**values).execute()
    Message.delete().execute()
    return citizen


def forgot(waits: Citizen, _paying) -> None:
    for path in ("/oubli/code", "/oubli/mot-de-passe"):
        asks(waits, path, waits.person)


def closed_card(waits: Citizen, _paying) -> None:
    Account.delete().execute()
    asks(waits, "/oubli/carte", waits.person)


def at_the_counter(waits: Citizen, _paying) -> None:
    counter.read_out_code(make_staff(), waits.person, waits.client.application.extensions["portal"].letters)


def pays(waits: Citizen, paying) -> None:
    waits.pays(make_invoice(waits.household))
    paying()


@pytest.mark.parametrize(("act", "written"), [(forgot, 2), (closed_card, 1), (at_the_counter, 1), (pays, 1)])
def test_every_letter_that_somebody_waits_for_leaves_first(waits, simulator, paying, act, written):
    act(waits, paying)
    assert [message.priority for message in Message.select()] == [1] * written
