"""What a resident may do about what is held on her: see it, take it along, have it corrected, close her account."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TypeVar

from peewee import ModelSelect

from city import City
from domain.access import credentials
from domain.common import audit
from domain.common.letters import Letters
from domain.payments import saved_cards
from domain.people import household, requests
from models import (
    Account,
    Activity,
    AuditEvent,
    CreditNote,
    ElectronicConsent,
    EmergencyContact,
    Household,
    HouseholdCredit,
    Invoice,
    InvoiceLine,
    Membership,
    Overpayment,
    Payment,
    Person,
    Place,
    Receipt,
    Registration,
    Reservation,
    SavedCard,
    Session,
    Table,
    TaxReceipt,
    write,
)

Row = TypeVar("Row", bound=Table)
Document = TypeVar("Document", Receipt, CreditNote)
Item = dict[str, str | int | None]  # what JSON has: a moment or a day is its text
CONTACTS = ("address", "city", "postal_code", "phone", "email")  # of the file: hidden until it is verified whose it is
CSV_HEADER = ("section", "item", "field", "value")


class PaymentUnderWay(Exception):
    """Tried to close an account while one of its payments is not known to be done."""


def everything(account: Account) -> dict[str, list[Item]]:
    """Return all that is held on an account's person, as lists of plain values by section.

    Of the others of her household only the names: one adult's contact details and cards are not another's.
    """
    person, households = account.person, account.household_ids()
    kept_back, printed = ((), ()) if household.reads_contacts(account) else (CONTACTS, ("printed",))
    invoices = Invoice.select().where(Invoice.household.in_(households))
    mine = Payment.select().where((Payment.payer == person) | (Payment.account == account))
    others = Person.select(Person.first_name, Person.last_name).join(Membership)
    return {
        "person": [_plain(person, without=("id", *kept_back))],
        "account": [_plain(account, without=("id", "person", "password_hash", "username_key", "email_key"))],
        "household": [_plain(home, without=("id",)) for home in Household.select().where(Household.id.in_(households))],
        "household_members": [
            {"name": other.name} for other in others.where(Membership.household.in_(households)).distinct()
        ],
        "emergency_contact": _rows(
            EmergencyContact.select().where(
                EmergencyContact.person == person, EmergencyContact.household.in_(households)
            ),
            ("id", "person", "household"),
        ),
        "registrations": _rows(
            Registration.select(Registration, Activity).join(Activity).where(Registration.person == person),
            ("id", "person"),
            {"activity": lambda row: row.activity.title},
        ),
        "reservations": _rows(
            Reservation.select(Reservation, Place).join(Place).where(Reservation.household.in_(households)),
            ("id", "household"),
            {"place": lambda row: row.place.name},
        ),
        "sessions": _rows(Session.select().where(Session.account == account), ("token_digest", "account", "id")),
        "invoices": _rows(invoices, ("id", "household")),
        "invoice_lines": _rows(_lines(invoices), ("id", "person"), {"invoice": lambda row: row.invoice.number}),
        "payments": _rows(mine, ("id", "account", "payer", "nonce", "due_at", "empty_looks")),
        "saved_cards": _rows(
            SavedCard.select().where(SavedCard.account == account),
            ("id", "account", "nonce", "token", "number_key", "tries", "due_at"),
        ),
        "receipts": _of_payments(Receipt, mine),
        "overpayments": _rows(
            Overpayment.select(Overpayment, Invoice).join(Invoice).where(Invoice.household.in_(households)),
            ("id", "payment", "returned_by"),
            {"invoice": lambda row: row.invoice.number},
        ),
        "credits": _rows(
            HouseholdCredit.select().where(HouseholdCredit.household.in_(households)), ("id", "household", "lines")
        ),
        "credit_notes": _of_payments(CreditNote, mine),
        "tax_receipts": _rows(
            TaxReceipt.select().where(TaxReceipt.payer == person),
            ("id", "payer", "subject", "person", "replaces", *printed),
        ),
        "electronic_consents": _rows(
            ElectronicConsent.select().where(ElectronicConsent.person == person), ("id", "person")
        ),
        "requests": _rows(requests.by(person), ("person", "asked_by", "decided_by")),
        "file_events": [_event(event) for event in audit.of(person, limit=10_000)],
    }


def as_table(held: dict[str, list[Item]]) -> Iterator[tuple[str, int, str, str | int]]:
    """Return the same as rows of CSV_HEADER."""
    for section, items in held.items():
        for number, item in enumerate(items, 1):
            for field, value in item.items():
                yield section, number, field, "" if value is None else value


def note_download(account: Account) -> None:
    """Note that the whole file left by the browser."""
    with write():
        audit.by_resident(account, audit.Act.DATA_DOWNLOADED)


def close_account(account: Account, password: str, letters: Letters, city: City) -> None:
    """Delete an account, the password being known; invoices, payments and the card stay.

    Raises: WrongCredentials, PaymentUnderWay.
    """
    credentials.verify(account, password)
    with write():
        if Payment.select().where(Payment.account == account, Payment.state.in_(Payment.OPEN_STATES)).exists():
            raise PaymentUnderWay
        household.tell_of_change(account, "account_closed", letters, city, whatever=True)
        audit.by_resident(account, audit.Act.ACCOUNT_CLOSED)
        saved_cards.remove_all(account)
        Payment.update(account=None).where(Payment.account == account).execute()
        account.delete_instance()


def _lines(invoices: "ModelSelect[Invoice]") -> "ModelSelect[InvoiceLine]":
    return InvoiceLine.select(InvoiceLine, Invoice).join(Invoice).where(InvoiceLine.invoice.in_(invoices))


def _of_payments(table: type[Document], mine: "ModelSelect[Payment]") -> list[Item]:
    rows = table.select(table, Payment).join(Payment).where(table.payment.in_(mine))
    return _rows(
        rows,
        ("id", "refund", "invoice", "printed", "undoes", "message"),
        {"payment": lambda row: row.payment.reference if row.payment else ""},
    )


def _rows(
    rows: Iterable[Row], without: tuple[str, ...], instead: Mapping[str, Callable[[Row], str]] | None = None
) -> list[Item]:
    return [_plain(row, without) | {name: tell(row) for name, tell in (instead or {}).items()} for row in rows]


def _plain(row: Table, without: tuple[str, ...]) -> Item:
    """Return a row's own columns as JSON has them, dates in ISO 8601, moments in UTC."""
    values = {name: value for name, value in row.__data__.items() if name not in without}
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()}


def _event(event: AuditEvent) -> Item:
    return {"at": event.at.isoformat(), "by": event.actor_kind, "action": event.action, "subject": event.subject}
