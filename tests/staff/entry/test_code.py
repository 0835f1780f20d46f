"""The second factor."""

import pyotp
import pytest

from domain.common import rate_limits
from models import AuditEvent, StaffAccount
from settings import LIMITS


@pytest.fixture
def half_in(clerk):
    clerk.signs_out()
    clerk.gives_password()
    return clerk


def test_page_comes_whole_and_as_fragment(half_in):
    assert "Code de votre téléphone" in half_in.client.get_page("/personnel/code")


def test_the_phones_code_opens(half_in):
    assert half_in.post("/personnel/code", code=half_in.code()).status_code == 303
    assert half_in.client.get("/personnel").status_code == 200
    assert AuditEvent.get(AuditEvent.action == "staff signed in").actor == half_in.username


def test_a_code_counts_once(half_in):
    code = half_in.code()
    half_in.post("/personnel/code", code=code)
    half_in.signs_out()
    half_in.gives_password()
    answer = half_in.post("/personnel/code", code=code)
    assert answer.status_code == 422
    assert "a déjà servi" in answer.text


@pytest.mark.parametrize("wrong", ["000000", "", "abc", "é" * 6, "1" * 300, "ABCDE-FGHJK"])
def test_anything_else_is_refused(half_in, wrong):
    assert half_in.post("/personnel/code", code=wrong).status_code == 422
    assert half_in.client.get("/personnel").status_code == 303


def test_an_old_code_is_refused(half_in):
    old = pyotp.TOTP(half_in.account.totp_secret).at(0)
    assert half_in.post("/personnel/code", code=old).status_code == 422


def test_codes_cannot_be_guessed(half_in):
    for _ in range(LIMITS[rate_limits.STAFF_CODES].most):
        half_in.post("/personnel/code", code="000000")
    answer = half_in.post("/personnel/code", code=half_in.code())
    assert answer.status_code == 422
    assert "quinze minutes" in answer.text


def test_a_spaced_code_is_read(half_in):
    code = half_in.code()
    assert half_in.post("/personnel/code", code=f"{code[:3]} {code[3:]}").status_code == 303


def test_someone_without_a_phone_set_up_is_sent_to_set_it_up(half_in):
    StaffAccount.update(totp_confirmed_at=None).execute()
    assert half_in.client.get("/personnel/code").location.endswith("/personnel/premiere-fois")
