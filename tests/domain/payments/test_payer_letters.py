"""Who is written to of a payment, and what an address confirmed later still receives."""

from datetime import timedelta

import pytest

from domain.access import email_confirmation
from domain.access.credentials import WrongCredentials, hash_password
from domain.common import clock
from domain.payments import checkout, payer_letters
from models import Account, Message, Payment, Receipt
from tests.factories import make_account, make_invoice, make_person
from tests.walker import PASSWORD


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


def asks(account, email: str) -> str:
    """Give an address that waits for its confirmation; return its link's token."""
    Account.update(email=email, email_key=email.lower(), email_confirmed_at=None).where(
        Account.id == account.id
    ).execute()
    return email_confirmation.ask_confirmation(account, email)


def sent_to() -> list[str]:
    return [message.recipient for message in Message.select().order_by(Message.id)]


def test_a_receipt_remembers_the_message_that_brings_it(home, account, charged):
    charged(make_invoice(home))
    assert Receipt.get().message.recipient == account.email


def test_what_was_paid_while_an_address_waited_is_sent_once_it_counts_and_once(home, account, charged, letters, city):
    first = asks(account, "neuf@example.org")
    charged(make_invoice(home))
    token = asks(account, "neuf@example.org")
    charged(make_invoice(home))
    assert first != token
    assert sent_to() == []
    payer_letters.confirm_address(token, account, "", letters, city)
    assert sent_to() == ["neuf@example.org"] * 2
    assert {receipt.message.recipient for receipt in Receipt.select()} == {"neuf@example.org"}
    again = asks(account, "autre@example.org")
    payer_letters.confirm_address(again, account, "", letters, city)
    assert len(sent_to()) == 2


def test_without_the_password_a_stranger_has_no_address_count(account, letters, city):
    Account.update(password_hash=hash_password(PASSWORD)).execute()
    token = asks(account, "neuf@example.org")
    with pytest.raises(WrongCredentials):
        payer_letters.confirm_address(token, None, "not this one 12", letters, city)
    assert Account.get_by_id(account.id).confirmed_email == ""


def test_what_was_paid_long_before_by_another_or_taken_back_is_not(home, account, charged, letters, city):
    Account.update(email="", email_key="", email_confirmed_at=None).execute()
    charged(make_invoice(home))
    Receipt.update(issued_at=clock.now() - timedelta(days=9)).execute()
    token = asks(account, "neuf@example.org")
    back = charged(make_invoice(home))
    Payment.update(state=Payment.CHARGED_BACK).where(Payment.id == back.id).execute()
    other = charged(make_invoice(home))
    Payment.update(account=make_account(make_person(home))).where(Payment.id == other.id).execute()
    payer_letters.confirm_address(token, account, "", letters, city)
    assert sent_to() == []


def test_a_bad_link_sends_nothing(account, letters, city):
    with pytest.raises(email_confirmation.BadLink):
        payer_letters.confirm_address("rien", account, "", letters, city)


@pytest.mark.parametrize(("email", "expected"), [("", []), ("club@example.org", ["club@example.org"])])
def test_a_guest_is_written_to_where_she_says_with_a_link_of_her_own(home, simulator, paying, email, expected):
    payment = checkout.create_for_guest(make_invoice(home, 4_000), 4_000, "fake-valid-nonce", "Zoé Hébert", email)
    paying()
    assert sent_to() == expected
    guest = payer_letters.guest_of(payment)
    assert len(guest.key) >= 32
    assert all(guest.key in message.body for message in Message.select())
