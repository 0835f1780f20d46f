"""Accounts that everybody knows open by the ordinary door, also when their making was cut."""

import pyotp
import pytest

from domain.access import credentials
from domain.staff import accounts, demonstration, second_factor
from models import StaffAccount, StaffSession, digest

PASSWORD, SECRET = "huard tranquille 27", "DEMONSTRATIONSEULEMENTPASAILLEUR"


def opens() -> None:
    demonstration.open_account("comptoir", "counter", PASSWORD, SECRET, [])


def enters() -> StaffSession:
    token = accounts.sign_in("comptoir", PASSWORD)
    session = StaffSession.get(StaffSession.token_digest == digest(token))
    second_factor.confirm(session, pyotp.TOTP(SECRET).now())
    return StaffSession.get_by_id(session.id)


def test_it_opens_at_once_with_its_password_and_digits(db):
    opens()
    session = enters()
    assert session.confirmed_at
    assert session.staff.roles == ("counter",)


def test_one_that_was_cut_is_made_whole_and_one_that_is_whole_stays(db):
    accounts.add("comptoir", "counter")
    opens()
    kept = StaffAccount.get().password_hash
    opens()
    assert (StaffAccount.get().password_hash, StaffAccount.select().count()) == (kept, 1)
    assert enters().confirmed_at


def test_a_password_of_the_citys_words_is_refused_here_too(db):
    with pytest.raises(credentials.WeakPassword):
        demonstration.open_account("comptoir", "counter", "magog", SECRET, ["magog"])
