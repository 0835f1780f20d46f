"""The line of those who sign in at once: served in order, whoever stays; a password is kept no longer than its turn."""

from time import monotonic, sleep

import pytest

from domain.access import credentials, sign_in_line
from domain.access.credentials import TooBusy, hash_password
from domain.access.sign_in_line import Turn
from models import Account
from tests.factories import make_account

PASSWORD = "chaloupe violette 27"

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def account(app) -> Account:
    return make_account(username="lea", password_hash=hash_password(PASSWORD))


def answered(ticket: str) -> Turn:
    last = monotonic() + 20
    while isinstance(found := sign_in_line.ask(ticket), int) and monotonic() < last:
        sleep(0.01)
    assert isinstance(found, Turn)
    return found


def test_each_has_her_place_and_her_answer_once(account):
    with credentials.in_turn():
        first, second = sign_in_line.join("lea", PASSWORD), sign_in_line.join("lea", "pas le bon")
        assert (sign_in_line.ask(first), sign_in_line.ask(second)) == (0, 1)
        with pytest.raises(TooBusy):
            sign_in_line.refuse_to_overtake()
    assert answered(second).account is None
    turn = answered(first)
    assert (turn.account, turn.password) == (account, "")
    assert sign_in_line.ask(first) is None
    sign_in_line.refuse_to_overtake()


def test_a_full_line_takes_nobody_more(account):
    with credentials.in_turn():
        tickets = [sign_in_line.join("nobody", PASSWORD) for _ in range(sign_in_line.MOST)]
        with pytest.raises(TooBusy):
            sign_in_line.join("lea", PASSWORD)
    assert answered(tickets[-1]).account is None


def test_an_answer_that_nobody_asks_for_is_forgotten(account, stopped):
    left = sign_in_line.join("lea", PASSWORD)
    sleep(0.5)
    stopped.shift(sign_in_line.ANSWER_KEPT_FOR * 2)
    answered(sign_in_line.join("lea", PASSWORD))
    assert sign_in_line.ask(left) is None
