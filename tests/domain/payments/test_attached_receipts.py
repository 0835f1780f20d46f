"""A receipt's PDF in its letter: for who asked, to her alone, drawn as it leaves; without it the letter leaves too."""

import email
import io
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from pypdf import PdfReader

from adapters.documents import billing as documents
from domain.common import outbox
from domain.payments import attached_receipts, checkout
from domain.payments.attached_receipts import AttachedReceipts
from models import Account, Alert, GuestPayer, Message, Payment, Person, Receipt, UnverifiedAccount
from tests.factories import make_household, make_invoice, make_person

ADDRESS = "77, chemin du Refuge"


@pytest.fixture
def letters(app, tmp_path: Path) -> Callable[[], list[EmailMessage]]:
    """Return what sends the mail that is due as the portal does, and reads what is in the outbox."""

    def sent() -> list[EmailMessage]:
        app.extensions["portal"].worker.send_mail()
        files = sorted((tmp_path / "outbox").glob("*.eml"), key=lambda file: int(file.name.split("-")[1]))
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]

    return sent


@pytest.fixture
def payer(account: Account) -> Account:
    """Somebody with an address, who asked for her receipts so."""
    Person.update(address=ADDRESS).where(Person.id == account.person_id).execute()
    attached_receipts.want(account, True)
    return account


def attached(letter: EmailMessage) -> list[EmailMessage]:
    return list(letter.iter_attachments())


def text_of(part: EmailMessage) -> str:
    pages = PdfReader(io.BytesIO(part.get_content())).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def test_nobody_gets_one_unasked(home, charged, letters):
    charged(make_invoice(home))
    [letter] = letters()
    assert attached(letter) == []
    assert "joint en PDF" not in letter.get_content()


def test_who_asked_gets_hers_with_her_address_and_the_link(home, payer, charged, letters):
    payment = charged(make_invoice(home, 20_000, description="Natation"))
    [letter] = letters()
    number = Receipt.get().number
    [pdf] = attached(letter)
    assert letter["To"] == payer.confirmed_email
    assert (pdf.get_filename(), pdf.get_content_type()) == (f"recu-{number}.pdf", "application/pdf")
    said = text_of(pdf)
    assert [words for words in (number, payment.reference, ADDRESS, "Natation", "200,00 $") if words not in said] == []
    body = letter.get_body().get_content()
    assert f"/mon-dossier/recus/{number}.pdf" in body
    assert "joint en PDF" in body


def test_asked_no_more_nothing_is_attached_also_to_what_waits(home, payer, charged, letters):
    charged(make_invoice(home))
    for _ in range(2):
        attached_receipts.want(payer, False)
    assert attached(letters()[0]) == []
    for _ in range(2):
        attached_receipts.want(payer, True)
    assert attached_receipts.are_wanted(payer)


def test_no_other_letter_has_one(home, payer, charged, letters):
    charged(make_invoice(home))
    outbox.write(payer.confirmed_email, "Autre chose", "Bonjour\n")
    assert [len(attached(letter)) for letter in letters()] == [1, 0]


def other_adult(home, **values) -> Person:
    return make_person(home, first_name="Marc", **values)


def test_a_mailbox_that_another_adult_reads_gets_the_link_alone(home, payer, charged, letters):
    other_adult(home, email=payer.email.upper())
    charged(make_invoice(home))
    [letter] = letters()
    assert attached(letter) == []
    assert "/mon-dossier/recus/" in letter.get_content()
    assert not Alert.select().exists()


def test_set_apart_before_it_leaves_the_address_of_before_gets_the_link_alone(home, payer, charged, letters, app):
    other_adult(home)
    charged(make_invoice(home))
    words = ["household", "split", payer.person.card_number]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0
    [letter] = [one for one in letters() if "reçu" in one["Subject"]]
    assert attached(letter) == []


def test_an_account_that_the_city_has_not_verified_reads_no_address_in_it(home, payer, charged, letters):
    UnverifiedAccount.create(account=payer)
    charged(make_invoice(home))
    [pdf] = attached(letters()[0])
    assert ADDRESS not in text_of(pdf)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_guest_gets_what_she_paid_and_nothing_of_the_invoice(app, simulator, paying, letters, wanted):
    invoice = make_invoice(make_household(), 4_000, description="Camp confidentiel")
    who = ("Zoé Hébert", "club@example.org")
    checkout.create_for_guest(invoice, 4_000, "fake-valid-nonce", *who, wants_pdf=wanted)
    paying()
    [letter] = letters()
    assert [one.get_filename() for one in attached(letter)] == [f"recu-{Receipt.get().number}.pdf"] * wanted
    if wanted:
        said = text_of(attached(letter)[0])
        assert "Zoé Hébert" in said
        assert "confidentiel" not in said


def test_a_receipt_that_cannot_be_drawn_leaves_with_its_link_and_is_told_once(home, payer, charged, letters):
    charged(make_invoice(home))
    Receipt.update(printed="{}").execute()
    [letter] = letters()
    assert attached(letter) == []
    assert "/mon-dossier/recus/" in letter.get_content()
    Message.update(sent_at=None).execute()
    letters()
    [alert] = Alert.select()
    assert (alert.kind, alert.subject) == ("receipt not attached", Receipt.get().number)


@pytest.mark.parametrize(("size", "goes"), [(attached_receipts.LARGEST, True), (attached_receipts.LARGEST + 1, False)])
def test_one_too_large_stays_behind(home, payer, charged, city, size, goes):
    charged(make_invoice(home))
    found = AttachedReceipts(lambda _document: b"x" * size, city).of(Message.get())
    assert (found is not None) == goes
    assert Alert.select().exists() != goes


def test_of_an_account_closed_since_nothing_is_attached(home, payer, charged, city):
    charged(make_invoice(home))
    Payment.update(account=None).execute()
    assert AttachedReceipts(documents.receipt_pdf, city).of(Message.get()) is None
    assert not GuestPayer.select().exists()
