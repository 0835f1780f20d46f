"""An address counts once its link is pressed: the last link asked for, in time, once."""

from datetime import timedelta

import pytest

from domain.access import email_confirmation, email_undo
from domain.access.credentials import WrongCredentials
from domain.access.email_confirmation import AddressTaken, BadLink
from domain.common import clock
from models import (
    Account,
    AuditEvent,
    EmailConfirmation,
    LocalChange,
    Message,
    Person,
    UnverifiedAccount,
)
from tests.factories import make_account, make_person
from tests.walker import PASSWORD

SECOND = timedelta(seconds=1)


@pytest.fixture
def change(letters, city):
    """Return what has a new address confirmed."""

    def ask(account: Account, email: str, password: str = PASSWORD) -> None:
        email_confirmation.change(Account.get_by_id(account.id), password, email, letters, city)

    return ask


@pytest.fixture
def confirm(letters, city):
    """Return what confirms an address, whoever it is for being there."""

    def press(token: str) -> EmailConfirmation:
        return email_confirmation.confirm(token, letters, city)

    return press


def of(account: Account) -> Account:
    return Account.get_by_id(account.id)


def test_a_link_confirms_its_address_once(account, confirm):
    token = email_confirmation.ask_confirmation(account, " G@Example.com ")
    assert email_confirmation.pending(token).email == "G@Example.com"
    assert of(account).confirmed_email == ""
    assert confirm(token).account_id == account.id
    assert (of(account).confirmed_email, of(account).email_key) == ("G@Example.com", "g@example.com")
    for again in (email_confirmation.pending, confirm):
        with pytest.raises(BadLink):
            again(token)


def test_the_link_itself_is_not_kept(account):
    token = email_confirmation.ask_confirmation(account, "g@example.com")
    assert token not in str(EmailConfirmation.select().tuples().get())


def test_a_link_serves_for_forty_eight_hours_and_no_more(stopped, account, confirm):
    token = email_confirmation.ask_confirmation(account, "g@example.com")
    stopped.shift(timedelta(hours=48) - SECOND)
    assert email_confirmation.pending(token)
    stopped.shift(SECOND)
    with pytest.raises(BadLink):
        confirm(token)
    assert of(account).confirmed_email == ""


def test_only_the_last_link_serves_and_another_accounts_does_not_replace_it(account, confirm):
    first, last = (email_confirmation.ask_confirmation(account, f"{n}@example.com") for n in (1, 2))
    email_confirmation.ask_confirmation(make_account(), "other@example.com")
    with pytest.raises(BadLink):
        confirm(first)
    confirm(last)
    assert of(account).confirmed_email == "2@example.com"
    with pytest.raises(BadLink):
        confirm(first)


def test_an_address_belongs_to_the_first_who_confirms_it(account, confirm):
    other = make_account()
    tokens = [
        email_confirmation.ask_confirmation(one, email) for one, email in ((account, "g@b.ca"), (other, "G@B.ca"))
    ]
    confirm(tokens[1])
    with pytest.raises(AddressTaken):
        confirm(tokens[0])
    assert (of(account).confirmed_email, of(other).confirmed_email) == ("", "G@B.ca")
    assert EmailConfirmation.select().where(EmailConfirmation.used_at.is_null()).count() == 1


def test_until_the_new_one_is_confirmed_the_one_before_counts_and_is_told(account, change, confirm):
    confirm(email_confirmation.ask_confirmation(account, "old@example.com"))
    change(account, " new@example.com ")
    assert of(account).confirmed_email == "old@example.com"
    said = {message.recipient: message.subject for message in Message.select()}
    assert said == {
        "new@example.com": "Confirmez votre courriel",
        "old@example.com": "Votre courriel va changer",
        "file@example.com": "Votre courriel va changer",
    }
    assert [event.action for event in AuditEvent.select()] == ["email confirmed", "email changed"]


def test_the_letter_that_goes_to_the_new_address_bears_the_link_that_confirms_it(account, change, confirm):
    change(account, "new@example.com")
    letter = Message.get(Message.recipient == "new@example.com").body
    token = letter.partition("/courriel/")[2].split()[0]
    assert confirm(token).email == "new@example.com"
    assert token not in Message.get(Message.recipient == "file@example.com").body


def test_one_that_waited_is_replaced_by_the_next_that_waits(account, change):
    change(account, "first@example.com")
    change(account, "Second@example.com")
    assert (of(account).waiting_email, of(account).email_key) == ("Second@example.com", "second@example.com")


def test_without_the_password_nothing_is_asked(account, change):
    with pytest.raises(WrongCredentials):
        change(account, "new@example.com", "not this one 12")
    assert not EmailConfirmation.select().exists()
    assert not Message.select().exists()
    assert of(account).email == ""


def test_a_link_of_ones_own_making_confirms_nothing(account, confirm):
    email_confirmation.ask_confirmation(account, "g@example.com")
    with pytest.raises(BadLink):
        confirm("invented")


def test_a_stranger_who_reads_the_mail_is_not_its_owner_without_the_password(account):
    token = email_confirmation.ask_confirmation(account, "stranger@example.com")
    for by, password in ((None, ""), (None, "not this one 12"), (make_account(), "")):
        with pytest.raises(WrongCredentials):
            email_confirmation.want_owner(token, by, password)
    email_confirmation.want_owner(token, None, PASSWORD)
    email_confirmation.want_owner(token, account, "")


def test_the_letter_to_an_address_not_yet_confirmed_names_nobody(account, change):
    change(account, "stranger@example.com")
    letter = Message.get(Message.recipient == "stranger@example.com")
    person = account.person
    for words in (person.first_name, person.last_name, account.username, person.card_number):
        assert words.casefold() not in (letter.subject + letter.body).casefold()


def test_what_waits_is_told_and_cancelled(account, change, confirm):
    confirm(email_confirmation.ask_confirmation(account, "old@example.com"))
    assert email_confirmation.waiting(of(account)) == ""
    change(account, "new@example.com")
    link = Message.get(Message.recipient == "new@example.com").body.partition("/courriel/")[2].split()[0]
    assert email_confirmation.waiting(of(account)) == "new@example.com"
    email_confirmation.cancel(of(account))
    assert email_confirmation.waiting(of(account)) == ""
    assert of(account).confirmed_email == "old@example.com"
    with pytest.raises(BadLink):
        confirm(link)


def test_one_never_confirmed_is_gone_once_cancelled(account, change):
    change(account, "typo@example.com")
    email_confirmation.cancel(of(account))
    assert (of(account).email, of(account).email_key) == ("", "")


class TestTheCard:
    """What becomes of the e-mail in the card's file."""

    OLD, NEW = "file@example.com", "new@example.com"

    @pytest.fixture
    def account(self, account) -> Account:
        Account.update(email=self.OLD, email_key=self.OLD, email_confirmed_at=clock.now()).execute()
        Person.update(email="file@example.com").where(Person.id == account.person_id).execute()
        return of(account)

    def on_card(self, account: Account) -> str:
        return Person.get_by_id(account.person_id).email

    def changes(self, account: Account, confirm, email: str = NEW) -> None:
        confirm(email_confirmation.ask_confirmation(of(account), email))
        assert of(account).confirmed_email == email

    def test_a_changed_address_is_the_cards_too_and_the_nightly_file_does_not_undo_it(self, account, confirm):
        self.changes(account, confirm)
        assert self.on_card(account) == self.NEW
        [kept] = LocalChange.select()
        assert (kept.key, kept.field, kept.file_value, kept.value) == (
            account.person.card_number, "email", "file@example.com", self.NEW
        )  # fmt: skip

    def test_an_accounts_first_leaves_the_files_which_hears_of_what_a_stranger_does(self, account, confirm):
        Account.update(email="", email_key="", email_confirmed_at=None).execute()
        self.changes(account, confirm)
        assert self.on_card(account) == "file@example.com"

    def test_one_after_another_leave_it_too_where_the_file_has_what_was_never_confirmed(self, account, confirm):
        Person.update(email="hers@example.com").execute()
        for email in (self.NEW, "second@example.com"):
            self.changes(account, confirm, email)
            assert self.on_card(account) == "hers@example.com"

    def test_an_accounts_first_fills_a_card_that_has_none(self, account, confirm):
        Account.update(email="", email_key="", email_confirmed_at=None).execute()
        Person.update(email="").execute()
        self.changes(account, confirm)
        assert self.on_card(account) == self.NEW

    def test_nothing_of_a_card_changes_while_nobody_knows_whose_the_account_is(self, account, confirm):
        UnverifiedAccount.create(account=account, at=clock.now())
        self.changes(account, confirm)
        assert self.on_card(account) == "file@example.com"

    @pytest.mark.parametrize("shared", ["file@example.com", NEW, "File@Example.com"])
    def test_a_mailbox_that_two_adults_read_does_not_become_one_of_who_is_left_on_it(self, account, confirm, shared):
        make_person(email=shared)
        self.changes(account, confirm)
        assert self.on_card(account) == "file@example.com"
        assert not LocalChange.select().exists()

    def test_what_is_put_back_is_put_back_on_the_card_unless_it_was_changed_since(self, account, confirm):
        self.changes(account, confirm)
        self.changes(account, confirm, "thief@example.com")
        first = (
            Message.select().where(Message.recipient == self.OLD, Message.body.contains("/retablir-courriel/")).get()
        )
        email_undo.undo(first.body.partition("/retablir-courriel/")[2].split()[0])
        assert (of(account).confirmed_email, self.on_card(account)) == (self.OLD, "file@example.com")
        assert not LocalChange.select().exists(), "it says again what the file says"

    def test_a_card_that_the_city_corrected_since_stays_corrected(self, account, confirm):
        self.changes(account, confirm)
        Person.update(email="city@example.com").execute()
        first = Message.select().where(Message.body.contains("/retablir-courriel/")).get()
        email_undo.undo(first.body.partition("/retablir-courriel/")[2].split()[0])
        assert (of(account).confirmed_email, self.on_card(account)) == (self.OLD, "city@example.com")
