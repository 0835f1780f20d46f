"""The messages' words: a subject, a body, in plain Quebec French, complete."""

from dataclasses import fields
from datetime import date, datetime, time
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest

from adapters.mail_templates import Letters
from city import City
from domain.activities.letters_of_places import Written
from domain.billing.invoices import PaidInvoice
from domain.care.readiness import Lack
from domain.common.facts import Fact
from domain.operations.health import Wrong
from domain.operations.watch import Count
from domain.staff.attention import Waiting
from models import (
    Accompaniment,
    Account,
    ChangeRequest,
    CreditNote,
    Dispute,
    GuestPayer,
    HandedBack,
    Invoice,
    Overpayment,
    Payment,
    Person,
    Receipt,
    Refund,
    ReviewRequest,
    TaxReceipt,
    UnmatchedCharge,
)

pytestmark = pytest.mark.usefixtures("db")  # a letter may ask what waits for a person
TEMPLATES = Path("templates/mail")
MARIE = Person(first_name="Marie", last_name="Trần", birth_date=date(1984, 2, 29), expires_on=date(2026, 12, 1))
MOMENT = datetime(2026, 11, 23, 18, 30)
PAYMENT = Payment(
    reference="P7KQ-AB3M", amount_cents=123_456, resolved_at=MOMENT, card_brand="Visa", card_last_four="1111"
)
INVOICES = [PaidInvoice(Invoice(number="F11001"), 100_000), PaidInvoice(Invoice(number="F11002"), 23_456)]
OWED = SimpleNamespace(number="F11003", balance_cents=12_345, due_on=date(2026, 12, 1))
NOTE = CreditNote(number="C000007", amount_cents=123_456, reason="settlement_declined")
GIVEN_BACK = CreditNote(number="C000008", amount_cents=123_456, reason="absence", refund=Refund())
UNDOING = CreditNote(number="C000009", amount_cents=-123_456, reason="refund declined", undoes=GIVEN_BACK)
WON = CreditNote(number="C000009", amount_cents=-2_500, reason="charged_back", undoes=NOTE)
DISPUTE = Dispute(
    kind=Dispute.CHARGEBACK, amount_cents=2_500, received_on=date(2026, 11, 20), answer_by=date(2026, 12, 1)
)
CAMP = SimpleNamespace(
    title="Club été, semaine 1",
    starts_on=date(2027, 6, 28),
    starts_at=time(9),
    place=SimpleNamespace(name="École des Deux-Soleils"),
    bring="Gourde",
)
CONTRACT = SimpleNamespace(number="P-000007")
PLANNED = SimpleNamespace(due_on=date(2027, 6, 28), total_cents=5_749)
CARD = SimpleNamespace(brand="Visa", last_four="1111")
PLACE = SimpleNamespace(person=MARIE, activity=CAMP)
VALUES = {
    "receipt": {
        "payment": PAYMENT,
        "receipt": Receipt(number="R000123"),
        "invoices": INVOICES,
        "guest": None,
        "attached": False,
    },
    "account_created": {"person": MARIE, "moment": MOMENT, "other": None},
    "unexpected": {"payment": PAYMENT, "charge": UnmatchedCharge(amount_cents=8_000, reason=UnmatchedCharge.NOT_OWED)},
    "handed_back": {
        "payment": PAYMENT,
        "handed": HandedBack(amount_cents=8_000, method="cheque", reference="412", given_at=MOMENT),
        "amount": "80,00\u00a0$",
        "guest": None,
    },
    "overpaid": {"overpayment": Overpayment(amount_cents=4_000, invoice=Invoice(number="F11001"))},
    "reversed": {"payment": PAYMENT, "note": NOTE, "invoices": INVOICES, "guest": None, "whole": True},
    "dispute_staff": {"payment": PAYMENT, "dispute": DISPUTE},
    "won_back": {
        "payment": PAYMENT,
        "note": WON,
        "invoices": [PaidInvoice(Invoice(number="F11001"), -2_500)],
        "guest": None,
    },
    "won_back_staff": {"payment": PAYMENT, "note": WON},
    "account_refused_staff": {"words": "AuthenticationError()"},
    "reversed_staff": {"payment": PAYMENT, "note": NOTE},
    "refunded": {"payment": PAYMENT, "note": GIVEN_BACK},
    "refund_declined": {"payment": PAYMENT, "note": UNDOING, "charge": None, "amount": "1\u00a0234,56\u00a0$"},
    "refund_declined_staff": {"payment": PAYMENT, "note": UNDOING, "charge": None, "amount": "1\u00a0234,56\u00a0$"},
    "forgotten_username": {"person": MARIE, "account": Account(username="marie.roy")},
    "forgotten_password": {"person": MARIE, "account": Account(username="marie.roy"), "token": "abc123"},
    "email_changing": {"person": MARIE, "moment": MOMENT},
    "new_browser": {"person": MARIE, "moment": MOMENT, "browser": "Chrome, Android"},
    "password_changed": {"person": MARIE, "moment": MOMENT},
    "reminder_due": {"account": None, "things": [OWED]},
    "reminder_overdue": {"account": None, "things": [OWED]},
    "reminder_card": {"account": None, "things": [MARIE]},
    "reminder_ready": {
        "account": None,
        "things": [SimpleNamespace(person=MARIE, lacks=list(Lack), last_day=date(2027, 7, 2))],
    },
    "accompaniment_to_decide": {"asked": Accompaniment(id=7)},
    "accompaniment_decided": {"asked": Accompaniment(id=7, asked_by=MARIE)},
    "phone_changed": {"person": MARIE, "moment": MOMENT},
    "username_changed": {"person": MARIE, "moment": MOMENT},
    "review_to_answer": {"asked": ReviewRequest(id=7)},
    "review_answered": {"person": MARIE},
    "account_unused": {"person": MARIE, "closes_on": date(2027, 1, 26)},
    "account_closed": {"person": MARIE, "moment": MOMENT},
    "change_at_home": {"person": MARIE, "moment": MOMENT, "letter": "password_changed"},
    "household_split": {"person": MARIE},
    "registered": {"person": MARIE, "places": [Written(PLACE, "Service de garde")]},
    "places_lapsed": {"person": MARIE, "items": [PLACE]},
    "change_unnamed": {"moment": MOMENT},
    "closed_card": {"person": MARIE, "token": "abc123"},
    "code_read_out": {"person": MARIE, "moment": MOMENT},
    "calendar_made": {"person": MARIE, "moment": MOMENT},
    "member_added": {"reader": MARIE, "person": MARIE, "asker": MARIE, "elsewhere": False, "moment": MOMENT},
    "asked_at_home": {"person": MARIE, "concerned": MARIE, "added": True},
    "correction_asked": {"person": MARIE},
    "correction_to_decide": {"asked": ChangeRequest(id=7)},
    "request_answered": {"asked": ChangeRequest(id=7, asked_by=MARIE, created_at=MOMENT)},
    "confirm_address": {"token": "abc123"},
    "email_changed": {"person": MARIE, "moment": MOMENT, "token": "abc123"},
    "file_corrected": {"person": MARIE, "moment": MOMENT},
    "tax_receipts": {
        "account": Account(person=MARIE),
        "receipts": [TaxReceipt(number="D000001", year=2026), TaxReceipt(number="G000002", year=2025, replaces=1)],
    },
    "instalment_announced": {"invoice": OWED, "charge_on": date(2026, 12, 1), "card": CARD},
    "instalment_not_charged": {"invoice": OWED},
    "instalment_declined": {"invoice": OWED, "payment": PAYMENT, "next_on": date(2026, 12, 4)},
    "contract": {"person": MARIE, "item": PLACE, "contract": CONTRACT, "planned": [PLANNED]},
    "contract_invoice": {"invoice": OWED, "item": PLACE, "contract": CONTRACT},
    "portal_attention": {"wrong": [Fact(one) for one in Wrong]},
    "what_waits": {"counts": [Count(one.name, 2) for one in fields(Waiting)]},
    "files_taken": {"files": [], "refused": 0, "folder": "/srv/portail-depot"},
    "service_failed": {"unit": "portail@5000", "machine": "portail", "at": MOMENT},
    "callback": {"phone": "8198431330", "best_time": "le matin", "stopped_at": "Étape 4, paiement"},
}


@pytest.fixture
def letters(city: City) -> Letters:
    return Letters(TEMPLATES, city, "https://dossier.example.org")


def plain(text: str) -> str:
    """Return a text with ordinary spaces, to be compared."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("name", VALUES)
def test_a_letter_has_a_subject_a_body_and_the_help_line(letters: Letters, name: str):
    subject, body = letters.write(name, **VALUES[name])
    assert subject
    assert "\n" not in subject
    assert body == body.strip() + "\n"
    assert "\n\n\n" not in body
    assert "Besoin d’aide? Bibliothèque Memphrémagog, 819 843-1330, option 2." in plain(body)


def test_every_letter_is_checked_here():
    assert {path.stem for path in TEMPLATES.glob("*.txt")} - {"signature"} == set(VALUES)


@pytest.mark.parametrize("name", VALUES)
def test_french_punctuation_never_stands_alone_at_a_lines_beginning(letters: Letters, name: str):
    _, body = letters.write(name, **VALUES[name])
    for broken in (" :", " $", " »", "« ", " ;", " !", " ?", "'"):
        assert broken not in body


@pytest.mark.parametrize(
    "expected",
    [
        "Votre paiement de 1 234,56 $ est reçu. Vous n’avez rien d’autre à faire.",
        "Facture F11001 : 1 000,00 $\nFacture F11002 : 234,56 $\n",
        "Reçu : R000123",
        "Date : 23 novembre 2026 à 13 h 30",
        "Carte : Visa se terminant par 1111",
        "https://dossier.example.org/mon-dossier/recus/R000123.pdf",
        "Votre relevé de carte dira « VILLE DE MAGOG ».",
    ],
)
def test_the_receipts_letter_says(letters: Letters, expected: str):
    assert expected in plain(letters.write("receipt", **VALUES["receipt"])[1])


def test_a_payment_without_a_card_speaks_of_no_card(letters: Letters):
    cash = Payment(reference="P1", amount_cents=100, resolved_at=MOMENT)
    _, body = letters.write(
        "receipt", payment=cash, receipt=Receipt(number="R000001"), invoices=[], guest=None, attached=False
    )
    assert "Carte" not in body
    assert "relevé" not in body


def test_a_guests_letters_lead_to_her_own_page_and_never_to_a_file(letters: Letters):
    guest = {"guest": GuestPayer(key="abc123")}
    _, receipt = letters.write("receipt", **VALUES["receipt"] | guest)
    assert "\nhttps://dossier.example.org/payer-une-facture/paiements/P7KQ-AB3M?cle=abc123\n" in receipt
    _, reversed_later = letters.write("reversed", **VALUES["reversed"] | guest)
    assert "\nhttps://dossier.example.org/payer-une-facture\n" in reversed_later
    assert "mon-dossier" not in receipt + reversed_later


def test_a_refund_that_did_not_arrive_is_told_with_whom_to_call(letters: Letters):
    subject, body = letters.write("refund_declined", **VALUES["refund_declined"])
    assert plain(subject) == "Votre remboursement de 1 234,56 $ n’est pas arrivé"
    for words in ("819 843-3333", "C000008", "C000009"):
        assert words in plain(body)


def test_the_holder_of_the_card_is_told_and_asked_to_call_if_it_was_not_her(letters: Letters):
    _, body = letters.write("account_created", **VALUES["account_created"])
    assert "avec votre carte de citoyen le 23 novembre 2026 à 13 h 30" in plain(body)
    assert "Sinon, appelez-nous" in body


def test_the_other_adults_are_told_who_created_an_account(letters: Letters):
    _, body = letters.write("account_created", person=MARIE, moment=MOMENT, other=Person(first_name="Luc"))
    assert "Marie, de votre famille, a créé son compte" in body
    assert "appelez-nous" in body


def test_the_link_that_confirms_an_address_lasts_48_hours_and_may_be_ignored(letters: Letters):
    _, body = letters.write("confirm_address", **VALUES["confirm_address"])
    assert "\nhttps://dossier.example.org/courriel/abc123\n" in body
    assert "48 heures" in body
    assert "rien ne change" in body


def test_the_library_learns_whom_to_call_when_and_where_she_stopped(letters: Letters):
    subject, body = letters.write("callback", **VALUES["callback"])
    assert plain(subject) == "Appel demandé : 819 843-1330"
    assert "Meilleur moment : le matin" in plain(body)
    assert "Étape 4, paiement" in body


def test_a_typed_line_break_adds_no_header_and_no_subject_line(letters: Letters):
    typed = VALUES["callback"] | {"phone": "1\r\nBcc: eve@example.org"}
    subject, _ = letters.write("callback", **typed)
    assert "\n" not in subject
    assert "\r" not in subject


def test_a_letter_never_goes_out_with_a_hole(letters: Letters):
    with pytest.raises(jinja2.UndefinedError):
        letters.write("confirm_address", person=MARIE)
