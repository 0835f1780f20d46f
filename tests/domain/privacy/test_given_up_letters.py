"""A letter that never left keeps no words, and its links open nothing; one that left, or may yet, is not touched."""

import secrets
from datetime import timedelta

import pytest

from domain.access import email_confirmation, password_reset
from domain.common import clock
from domain.common.outbox import FAR
from domain.privacy import given_up_letters
from models import GuestPayer, Message, Payment, PreviousEmail, digest, write
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("db")


def letter(token: str, **values) -> Message:
    body = f"Bonjour,\nhttps://dossier.example.org/x/{token}\nMerci."
    return Message.create(recipient="a@example.com", subject="Un lien", body=body, **values)


def test_its_words_go_and_whom_it_was_for_stays():
    letter("x", due_at=FAR, problem="550 no such user")
    assert given_up_letters.erase() == 1
    kept = Message.get()
    assert (kept.body, kept.recipient, kept.problem) == ("", "a@example.com", "550 no such user")
    assert given_up_letters.erase() == 0


def test_its_links_open_nothing():
    account = make_account()
    with write():
        reset = password_reset.open_link(account)
    confirmation = email_confirmation.ask_confirmation(account, "new@example.com")
    undo, key = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    week = clock.now() + timedelta(days=7)
    PreviousEmail.create(token_digest=digest(undo), account=account, email="old@example.com", expires_at=week)
    GuestPayer.create(payment=Payment.create(reference="P1", amount_cents=1), name="Luc", key=key)
    for token in (reset, confirmation, undo, f"?cle={key}"):
        letter(token, due_at=FAR)
    assert given_up_letters.erase() == 4
    with pytest.raises(password_reset.BadReset):
        password_reset.waiting(reset)
    with pytest.raises(email_confirmation.BadLink):
        email_confirmation.pending(confirmation)
    assert PreviousEmail.get().expires_at <= clock.now()
    assert GuestPayer.get().key is None


@pytest.mark.parametrize("values", [{}, {"sent_at": clock.now(), "due_at": FAR}])
def test_one_that_left_or_may_yet_is_as_it_was(values):
    with write():
        token = password_reset.open_link(make_account())
    letter(token, **values)
    assert given_up_letters.erase() == 0
    assert token in Message.get().body
    assert password_reset.waiting(token)
