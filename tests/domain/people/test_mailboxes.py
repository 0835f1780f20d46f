"""A mailbox that two adults share once they are set apart gets nothing of either; staff is told whom to call."""

import email
from collections.abc import Callable
from email.policy import default
from pathlib import Path

import pytest

from domain.access import email_confirmation, password_reset, separation
from domain.billing import reminders
from domain.common import clock, outbox
from domain.payments import payer_letters
from domain.people import household, mailboxes
from domain.staff import counter
from models import Account, Alert, Membership, Message, Person, Receipt, Separation, write
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_person,
    make_staff,
    pay_elsewhere,
)

SHARED, HERS = "famille@example.org", "genevieve@example.org"


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


@pytest.fixture
def sent(app, tmp_path: Path) -> Callable[[], list[tuple[str, str]]]:
    """Return what sends the mail that is due as the portal does, and tells to whom what went since the time before."""
    outbox_folder = tmp_path / "outbox"

    def send() -> list[tuple[str, str]]:
        app.extensions["portal"].worker.send_mail()
        files = sorted(outbox_folder.glob("*.eml")) if outbox_folder.exists() else []
        found = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
        for file in files:
            file.unlink()
        return [(one["To"], one["Subject"]) for one in found]

    return send


@pytest.fixture
def couple(app):
    """Two adults and their child, one mailbox on all three cards; she has an account by it."""
    home = make_household()
    her = make_person(home, first_name="Geneviève", email=SHARED)
    him = make_person(home, first_name="Marc", email=SHARED.upper())
    make_person(
        home, first_name="Zoé", birth_date=clock.today().replace(year=clock.today().year - 7, day=1), email=SHARED
    )
    values = {"email": SHARED, "email_key": SHARED, "email_confirmed_at": clock.now()}
    return make_account(her, "genevieve", **values), him


@pytest.fixture
def apart(couple, letters, city, sent):
    """The same, set apart; the letter that says so was sent."""
    account, him = couple
    separation.split([account.person], [], letters, city)
    assert [one for one in sent() if "séparés" in one[1]] == [(SHARED, "Vos dossiers sont séparés")] + [
        (SHARED.upper(), "Vos dossiers sont séparés")
    ]
    assert not Alert.select().exists()
    return account, him


def changes_password(account, letters, city) -> None:
    token = counter.read_out_code(make_staff(f"agente-{Message.select().count()}"), account.person, letters)
    password_reset.set_password(password_reset.plain(token), "chaloupe violette 27", letters, city)


def test_while_they_live_together_both_read_what_happens(couple, letters, city, sent):
    """The control: the same acts, the same mailbox."""
    changes_password(couple[0], letters, city)
    assert {subject for _to, subject in sent()} >= {
        "Un code a été lu pour votre compte",
        "Votre mot de passe a été changé",
    }
    assert not Alert.select().exists()


def test_set_apart_the_other_reads_neither_that_a_code_was_read_out_nor_a_new_password(apart, letters, city, sent):
    account, him = apart
    changes_password(account, letters, city)
    assert Message.select().where(Message.sent_at.is_null()).exists()
    assert sent() == []
    assert not Message.select().where(Message.sent_at.is_null()).exists(), "it waits for nothing, and is not given up"
    told = {(one.kind, one.subject) for one in Alert.select()}
    assert told == {("mailbox of two set apart", one.card_number) for one in (account.person, him)}


def test_no_letter_of_any_kind_goes_there_his_neither(apart, letters, city, sent):
    account, him = apart
    for person in (account.person, him):
        household.tell_other_adults(person, "asked_at_home", letters, city, concerned=person, added=False)
        outbox.write(household.address_of(person), "Votre reçu", "Bonjour\n", urgent=True)
    make_invoice(account.person.memberships.get().household, due_on=clock.today())
    reminders.remind(account, reminders.DUE, {"F1": make_invoice(make_household())}, letters)
    outbox.write(f" {SHARED.title()} ".strip(), "Autre chose", "Bonjour\n")
    assert sent() == []


def test_it_is_said_once_and_what_staff_closed_stays_closed(apart, sent):
    for _again in range(3):
        outbox.write(SHARED, "Votre reçu", "Bonjour\n")
        sent()
        Alert.update(closed_at=clock.now()).execute()
    assert Alert.select().count() == 2
    assert not Alert.select().where(Alert.closed_at.is_null()).exists()


def test_an_account_of_the_others_counts_as_his_card_does(apart, sent):
    _account, him = apart
    Account.update(email=HERS, email_key=HERS).execute()
    Person.update(email="").where(Person.id == him.id).execute()
    values = {"email": SHARED, "email_key": SHARED, "email_confirmed_at": clock.now()}
    make_account(him, "marc", **values)
    outbox.write(SHARED, "Son code", "Bonjour\n")
    assert sent() == [], "it is on her card, and his account confirmed it"


def test_with_an_address_of_her_own_she_is_written_to_and_staff_need_call_no_more(apart, letters, city, sent):
    account, him = apart
    outbox.write(SHARED, "Votre reçu", "Bonjour\n")
    sent()
    Account.update(email=HERS, email_key=HERS, email_confirmed_at=None).where(Account.id == account.id).execute()
    token = email_confirmation.ask_confirmation(account, HERS)
    payer_letters.confirm_address(token, account, "", letters, city)
    open_still = {one.subject for one in Alert.select().where(Alert.closed_at.is_null())}
    assert open_still == {him.card_number}
    changes_password(account, letters, city)
    assert {to for to, _subject in sent()} == {HERS}, "and nothing to the one on her card, which he reads"


def test_his_card_corrected_the_mailbox_is_hers_alone(apart, sent):
    _account, him = apart
    Person.update(email="marc@example.org").where(Person.id == him.id).execute()
    outbox.write(SHARED, "Votre reçu", "Bonjour\n")
    assert sent() == [(SHARED, "Votre reçu")]


def test_put_back_together_they_read_it_again(apart, sent):
    account, him = apart
    with write():
        household.join(him, account.person.memberships.get().household)
    outbox.write(SHARED, "Votre reçu", "Bonjour\n")
    assert sent() == [(SHARED, "Votre reçu")]


def test_the_link_that_she_asks_to_be_sent_there_goes(apart, letters, city, sent):
    outbox.write(SHARED, *letters.write("confirm_address", token="x"), open_to_all=True)
    assert sent() == [(SHARED, "Confirmez votre courriel")]


def test_two_who_share_a_mailbox_and_were_never_set_apart_read_it(app, city, sent):
    for first_name in ("Lise", "Rita"):
        make_person(make_household(), first_name=first_name, email=SHARED)
    outbox.write(SHARED, "Votre reçu", "Bonjour\n")
    assert sent() == [(SHARED, "Votre reçu")]


def test_who_has_no_address_shares_none(apart, city):
    Person.update(email="").execute()
    assert household.adults_at(" ", city) == []
    assert not mailboxes.is_divided("", city)


def test_a_receipt_withheld_is_sent_once_an_address_of_her_own_counts(apart, simulator, letters, city, sent):
    account, _him = apart
    token = email_confirmation.ask_confirmation(account, HERS)
    invoice = make_invoice(account.person.memberships.get().household)
    payment = pay_elsewhere((invoice, 10_000), account=account, payer=account.person)
    receipt = Receipt.create(number="R1", payment=payment, printed="{}", issued_at=clock.now())
    with write():
        payer_letters.send_receipt(receipt, letters)
    assert sent() == []
    assert Receipt.get().message is None
    payer_letters.confirm_address(token, account, "", letters, city)
    assert (HERS, "Votre reçu R1") in sent()


def test_a_child_who_grew_up_with_her_is_no_reader_set_apart(apart, city, sent):
    """She lives with her mother: they share what they share."""
    account, him = apart
    Person.update(email="marc@example.org").where(Person.id == him.id).execute()
    make_person(account.person.memberships.get().household, first_name="Lou", email=SHARED)
    assert Separation.select().exists()
    assert Membership.select().where(Membership.household == account.household_ids()[0]).count() == 2
    assert not mailboxes.is_divided(SHARED, city)
