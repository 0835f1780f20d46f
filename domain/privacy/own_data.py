"""What a resident may do about what is held on her: see it, take it along, have it corrected, close her account."""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from peewee import ModelSelect

from city import City
from domain.access import credentials, unsent_forms
from domain.common import audit
from domain.common.letters import Letters
from domain.payments import card_consents, saved_cards
from domain.people import contacts, household, requests, reviews
from domain.privacy import children_data
from domain.privacy.plain_rows import Item, item, items
from models import (
    Account,
    Activity,
    AuditEvent,
    CardConsent,
    CartItem,
    CreditNote,
    ElectronicConsent,
    EmergencyContact,
    Household,
    HouseholdCredit,
    Invoice,
    InvoiceLine,
    KnownBrowser,
    Membership,
    Overpayment,
    PartnerContract,
    Payment,
    Person,
    Place,
    Receipt,
    RefusedTry,
    Registration,
    Reservation,
    SavedCard,
    Session,
    TaxReceipt,
    write,
)

Document = TypeVar("Document", Receipt, CreditNote)
CSV_HEADER = ("section", "item", "field", "value")


class PaymentUnderWay(Exception):
    """Tried to close an account while one of its payments is not known to be done."""


def everything(account: Account, city: City, today: date) -> dict[str, list[Item]]:
    """Return all that is held on an account's person, as lists of plain values by section.

    Of the others of her household only the names: one adult's contact details and cards are not another's. Of her
    children what Ma famille shows her.
    """
    return {
        **_person(account),
        **_household(account),
        **children_data.everything(account, city, today),
        **_leisure(account),
        **_ways_in(account),
        **_invoices(account),
        **_payments(account),
        **_tax_papers(account),
        **_asked_and_seen(account),
    }


def _person(account: Account) -> dict[str, list[Item]]:
    kept_back = () if household.reads_contacts(account) else children_data.CONTACTS
    return {
        "person": [item(account.person, without=("id", *kept_back))],
        "account": [item(account, without=("id", "person", "password_hash", "username_key", "email_key"))],
    }


def _household(account: Account) -> dict[str, list[Item]]:
    households = account.household_ids()
    others = Person.select(Person.first_name, Person.last_name).join(Membership)
    hers = EmergencyContact.select().where(
        EmergencyContact.person == account.person_id, EmergencyContact.household.in_(households)
    )
    return {
        "household": items(Household.select().where(Household.id.in_(households)), ("id",)),
        "household_members": [
            {"name": other.name} for other in others.where(Membership.household.in_(households)).distinct()
        ],
        "emergency_contact": items(contacts.in_order(hers), ("id", "person", "household", "rank")),
    }


def _leisure(account: Account) -> dict[str, list[Item]]:
    registrations = Registration.select(Registration, Activity).join(Activity)
    reservations = Reservation.select(Reservation, Place).join(Place)
    return {
        "registrations": items(
            registrations.where(Registration.person == account.person_id),
            ("id", "person"),
            {"activity": lambda row: row.activity.title},
        ),
        "reservations": items(
            reservations.where(Reservation.household.in_(account.household_ids())),
            ("id", "household"),
            {"place": lambda row: row.place.name},
        ),
    }


def _ways_in(account: Account) -> dict[str, list[Item]]:
    known = KnownBrowser.select().where(KnownBrowser.account == account)
    refused = RefusedTry.select().where(RefusedTry.account == account)
    return {
        "sessions": items(Session.select().where(Session.account == account), ("token_digest", "account", "id")),
        "known_browsers": items(known, ("id", "account", "key_digest")),
        "refused_tries": items(refused, ("id", "account", "staff")),
    }


def _invoices(account: Account) -> dict[str, list[Item]]:
    households = account.household_ids()
    invoices = Invoice.select().where(Invoice.household.in_(households))
    overpayments = Overpayment.select(Overpayment, Invoice).join(Invoice).where(Invoice.household.in_(households))
    contracts = PartnerContract.select().where(PartnerContract.household.in_(households))
    credits = HouseholdCredit.select().where(HouseholdCredit.household.in_(households))
    return {
        "invoices": items(invoices, ("id", "household")),
        "contracts": items(contracts, ("id", "registration", "household", "printed")),
        "invoice_lines": items(_lines(invoices), ("id", "person"), {"invoice": lambda row: row.invoice.number}),
        "overpayments": items(
            overpayments, ("id", "payment", "returned_by"), {"invoice": lambda row: row.invoice.number}
        ),
        "credits": items(credits, ("id", "household", "lines")),
    }


def _payments(account: Account) -> dict[str, list[Item]]:
    mine = Payment.select().where((Payment.payer == account.person_id) | (Payment.account == account))
    cards = SavedCard.select().where(SavedCard.account == account)
    consents = CardConsent.select(CardConsent, Invoice).join(Invoice).where(CardConsent.account == account)
    return {
        "payments": items(mine, ("id", "account", "payer", "nonce", "due_at", "empty_looks")),
        "saved_cards": items(cards, ("id", "account", "nonce", "token", "number_key", "tries", "due_at")),
        "card_consents": items(consents, ("id", "account", "card"), {"first": lambda row: row.first.number}),
        "receipts": _of_payments(Receipt, mine),
        "credit_notes": _of_payments(CreditNote, mine),
    }


def _tax_papers(account: Account) -> dict[str, list[Item]]:
    printed = () if household.reads_contacts(account) else ("printed",)
    receipts = TaxReceipt.select().where(TaxReceipt.payer == account.person_id)
    consents = ElectronicConsent.select().where(ElectronicConsent.person == account.person_id)
    return {
        "tax_receipts": items(receipts, ("id", "payer", "subject", "person", "replaces", *printed)),
        "electronic_consents": items(consents, ("id", "person")),
    }


def _asked_and_seen(account: Account) -> dict[str, list[Item]]:
    asked, about = requests.by(account.person), {"about": lambda row: row.person.name}
    return {
        "requests": items(asked, ("person", "asked_by", "decided_by"), about),
        "reviews": items(reviews.by(account.person), ("id", "person", "decided_by")),
        "file_events": [_event(event) for event in audit.of(account.person, limit=10_000)],
    }


def as_table(held: dict[str, list[Item]]) -> Iterator[tuple[str, int, str, str | int]]:
    """Return the same as rows of CSV_HEADER."""
    for section, rows in held.items():
        for number, row in enumerate(rows, 1):
            for field, value in row.items():
                yield section, number, field, "" if value is None else value


def note_download(account: Account) -> None:
    """Note that the whole file left by the browser."""
    with write():
        audit.by_resident(account, audit.Act.DATA_DOWNLOADED)


def close_account(account: Account, password: str, letters: Letters, city: City) -> None:
    """Delete an account, the password being known; invoices, payments and the card stay.

    Raises: WrongCredentials, PaymentUnderWay.
    """
    checked = credentials.verify(account, password)
    with write():
        credentials.want_unchanged(checked)
        audit.by_resident(account, audit.Act.ACCOUNT_CLOSED)
        close(account, letters, city)


def close(account: Account, letters: Letters, city: City) -> None:
    """Close every way into an account and delete it, in the caller's transaction; what was billed stays the city's.

    Raises: PaymentUnderWay.
    """
    if Payment.select().where(Payment.account == account, Payment.state.in_(Payment.OPEN_STATES)).exists():
        raise PaymentUnderWay
    household.tell_of_change(account, "account_closed", letters, city, whatever=True)
    card_consents.withdraw_all(account)
    saved_cards.remove_all(account)
    Payment.update(account=None).where(Payment.account == account).execute()
    CartItem.update(account_id=None).where(CartItem.account_id == account.id).execute()
    unsent_forms.forget_of(account)
    account.delete_instance()  # its ways in go with it: ON DELETE CASCADE


def _lines(invoices: "ModelSelect[Invoice]") -> "ModelSelect[InvoiceLine]":
    return InvoiceLine.select(InvoiceLine, Invoice).join(Invoice).where(InvoiceLine.invoice.in_(invoices))


def _of_payments(table: type[Document], mine: "ModelSelect[Payment]") -> list[Item]:
    rows = table.select(table, Payment).join(Payment).where(table.payment.in_(mine))
    return items(
        rows,
        ("id", "refund", "invoice", "printed", "undoes", "message"),
        {"payment": lambda row: row.payment.reference if row.payment else ""},
    )


def _event(event: AuditEvent) -> Item:
    return {"at": event.at.isoformat(), "by": event.actor_kind, "action": event.action, "subject": event.subject}
