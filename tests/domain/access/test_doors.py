"""Whatever closes an account's doors closes every one of them: whoever came in by one is out, and stays out."""

import pytest

from domain.access import account_settings, doors, email_confirmation, email_undo, password_reset, separation, sessions
from domain.common import clock
from domain.privacy import own_data
from domain.staff import counter
from models import Account, Message, Session, write
from tests.factories import make_account, make_person, make_staff
from tests.walker import PASSWORD

NEW = "tartine des érables 4"


class Acts:
    """What people do when somebody may have got in; `mine` is the browser of who does it, where there is one."""

    def __init__(self, account, letters, city):
        self.account, self.letters, self.city = account, letters, city
        self.mine = sessions.start(account)[1]

    def password_changed(self):
        account_settings.change_password(self.mine, PASSWORD, NEW, self.letters, self.city)

    def others_closed(self):
        account_settings.close_others(self.mine)

    def password_reset(self):
        password_reset.set_password(
            password_reset.read_out(self.account).replace("-", ""), NEW, self.letters, self.city
        )

    def counter_button(self):
        counter.end_sessions(make_staff(), self.account.person)

    def household_split(self):
        home = self.account.person.memberships.get().household
        make_person(home)
        separation.split([self.account.person], [], self.letters, self.city)

    def account_closed(self):
        own_data.close_account(self.account, PASSWORD, self.letters, self.city)

    def email_put_back(self):
        values = {"email": "old@example.com", "email_key": "old@example.com", "email_confirmed_at": clock.now()}
        Account.update(**values).where(Account.id == self.account.id).execute()
        self.account = Account.get_by_id(self.account.id)
        token = email_confirmation.ask_confirmation(self.account, "taken@example.com")
        email_confirmation.confirm(token, self.letters, self.city)
        email_undo.undo(undo_link())


def undo_link() -> str:
    return Message.get(Message.body.contains("/retablir-courriel/")).body.partition("/retablir-courriel/")[2].split()[0]


ACTS = [name for name in vars(Acts) if not name.startswith("_")]


def browser(account):
    token = sessions.start(account)[0]
    return lambda: sessions.find(token) is not None


def link(account):
    with write():
        token = password_reset.open_link(account)
    return opens(password_reset.waiting, token, password_reset.BadReset)


def code(account):
    return opens(password_reset.waiting, password_reset.read_out(account).replace("-", ""), password_reset.BadReset)


def address(account):
    token = email_confirmation.ask_confirmation(account, "thief@example.com")
    return opens(email_confirmation.pending, token, email_confirmation.BadLink)


def opens(look, token, refused):
    """Return what tells whether a token still opens something."""

    def is_open() -> bool:
        try:
            look(token)
        except refused:
            return False
        return True

    return is_open


@pytest.mark.parametrize("way", [browser, link, code, address])
@pytest.mark.parametrize("act", ACTS)
def test_every_act_closes_every_way_of_hers_and_nobody_elses(account, letters, city, act, way):
    acts, hers = Acts(account, letters, city), way(make_account())
    way_in = way(account)
    assert way_in()
    getattr(acts, act)()
    assert not way_in()
    assert hers()


@pytest.mark.parametrize("act", ["password_changed", "others_closed"])
def test_the_browser_in_which_she_does_it_stays(account, letters, city, act):
    acts = Acts(account, letters, city)
    getattr(acts, act)()
    assert Session.get_or_none(Session.id == acts.mine.id)


def test_how_many_browsers_were_signed_out_is_told(account):
    for _ in range(3):
        sessions.start(account)
    with write():
        assert doors.close_of(account.person) == 3
        assert doors.close_of(make_person()) == 0
