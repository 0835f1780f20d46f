"""What a resident may do about what is held on her: see it, take it along, have it corrected, close her account."""

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
from domain.privacy.plain_rows import Columns, Item, Plain, Section, Told, plain
from models import (
    Account,
    Activity,
    AuditEvent,
    CardConsent,
    CartItem,
    ChangeRequest,
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
    ReviewRequest,
    SavedCard,
    Session,
    StaffAccount,
    TaxReceipt,
    write,
)

Document = TypeVar("Document", Receipt, CreditNote)
EVENT_FIELDS = ("at", "by", "action", "subject")


class PaymentUnderWay(Exception):
    """Tried to close an account while one of its payments is not known to be done."""


def everything(account: Account, city: City, today: date) -> dict[str, list[Plain]]:
    """Return all that is held on an account's person as JSON has it, by section."""
    return {name: plain(section) for name, section in sections(account, city, today).items()}


def sections(account: Account, city: City, today: date) -> dict[str, Section]:
    """Return all that is held on an account's person, by section.

    Of the others of her household only the names: one adult's contact details and cards are not another's. Of her
    children what Ma famille shows her.
    """
    return {
        **_person(account),
        **_household(account),
        **children_data.sections(account, city, today),
        **_leisure(account),
        **_ways_in(account),
        **_invoices(account),
        **_payments(account),
        **_tax_papers(account),
        **_asked_and_seen(account),
    }


def _person(account: Account) -> dict[str, Section]:
    kept_back = () if household.reads_contacts(account) else children_data.CONTACTS
    secret = ("id", "person", "password_hash", "username_key", "email_key")
    return {
        "person": Columns(Person, ("id", *kept_back)).of([account.person]),
        "account": Columns(Account, secret).of([account]),
    }


def _household(account: Account) -> dict[str, Section]:
    households, reads = account.household_ids(), household.reads_contacts(account)
    others = Person.select(Person.first_name, Person.last_name).join(Membership)
    others = others.where(Membership.household.in_(households)).distinct()
    not_told = ("id", "person", "household", "rank")
    hers = EmergencyContact.select().where(
        EmergencyContact.person == account.person_id, EmergencyContact.household.in_(households if reads else [])
    )
    return {
        "household": Columns(Household, ("id",)).of(Household.select().where(Household.id.in_(households))),
        "household_members": Section(("name",), [{"name": other.name} for other in others]),
        "emergency_contact": Columns(EmergencyContact, not_told).of(contacts.in_order(hers)),
    }


def _leisure(account: Account) -> dict[str, Section]:
    registrations = Registration.select(Registration, Activity).join(Activity)
    registrations = registrations.where(Registration.person == account.person_id)
    reservations = Reservation.select(Reservation, Place).join(Place)
    reservations = reservations.where(Reservation.household.in_(account.household_ids()))
    told_activity: Told[Registration] = {"activity": lambda row: row.activity.title}
    told_place: Told[Reservation] = {"place": lambda row: row.place.name}
    return {
        "registrations": Columns(Registration, ("id", "person"), instead=told_activity).of(registrations),
        "reservations": Columns(Reservation, ("id", "household"), instead=told_place).of(reservations),
    }


def _ways_in(account: Account) -> dict[str, Section]:
    opened = Session.select().where(Session.account == account)
    known = KnownBrowser.select().where(KnownBrowser.account == account)
    refused = RefusedTry.select().where(RefusedTry.account == account)
    return {
        "sessions": Columns(Session, ("token_digest", "account", "id")).of(opened),
        "known_browsers": Columns(KnownBrowser, ("id", "account", "key_digest")).of(known),
        "refused_tries": Columns(RefusedTry, ("id", "account", "staff")).of(refused),
    }


def _invoices(account: Account) -> dict[str, Section]:
    households = account.household_ids()
    invoices = Invoice.select().where(Invoice.household.in_(households))
    overpayments = Overpayment.select(Overpayment, Invoice).join(Invoice).where(Invoice.household.in_(households))
    contracts = PartnerContract.select().where(PartnerContract.household.in_(households))
    credits = HouseholdCredit.select().where(HouseholdCredit.household.in_(households))
    of_line: Told[InvoiceLine] = {"invoice": lambda row: row.invoice.number}
    of_money: Told[Overpayment] = {"invoice": lambda row: row.invoice.number}
    not_told = ("id", "registration", "household", "printed")
    return {
        "invoices": Columns(Invoice, ("id", "household")).of(invoices),
        "contracts": Columns(PartnerContract, not_told).of(contracts),
        "invoice_lines": Columns(InvoiceLine, ("id", "person"), instead=of_line).of(_lines(invoices)),
        "overpayments": Columns(Overpayment, ("id", "payment", "returned_by"), instead=of_money).of(overpayments),
        "credits": Columns(HouseholdCredit, ("id", "household", "lines")).of(credits),
    }


def _payments(account: Account) -> dict[str, Section]:
    mine = Payment.select().where((Payment.payer == account.person_id) | (Payment.account == account))
    cards = SavedCard.select().where(SavedCard.account == account)
    consents = CardConsent.select(CardConsent, Invoice).join(Invoice).where(CardConsent.account == account)
    first: Told[CardConsent] = {"first": lambda row: row.first.number}
    of_payment = ("id", "account", "payer", "nonce", "due_at", "empty_looks")
    of_card = ("id", "account", "nonce", "token", "number_key", "tries", "due_at")
    return {
        "payments": Columns(Payment, of_payment).of(mine),
        "saved_cards": Columns(SavedCard, of_card).of(cards),
        "card_consents": Columns(CardConsent, ("id", "account", "card"), instead=first).of(consents),
        "receipts": _of_payments(Receipt, mine),
        "credit_notes": _of_payments(CreditNote, mine),
    }


def _tax_papers(account: Account) -> dict[str, Section]:
    printed = () if household.reads_contacts(account) else ("printed",)
    receipts = TaxReceipt.select().where(TaxReceipt.payer == account.person_id)
    consents = ElectronicConsent.select().where(ElectronicConsent.person == account.person_id)
    not_told = ("id", "payer", "subject", "person", "replaces", *printed)
    return {
        "tax_receipts": Columns(TaxReceipt, not_told).of(receipts),
        "electronic_consents": Columns(ElectronicConsent, ("id", "person")).of(consents),
    }


def _asked_and_seen(account: Account) -> dict[str, Section]:
    about: Told[ChangeRequest] = {"about": lambda row: row.person.name}
    asked = Columns(ChangeRequest, ("person", "asked_by", "decided_by"), instead=about)
    events = [_event(event) for event in audit.of(account.person, limit=10_000)]
    return {
        "requests": asked.of(requests.by(account.person)),
        "reviews": Columns(ReviewRequest, ("id", "person", "decided_by")).of(reviews.by(account.person)),
        "file_events": Section(EVENT_FIELDS, events),
    }


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


def close_a_strangers(staff: StaffAccount, account: Account, letters: Letters, city: City) -> None:
    """Delete an account that somebody opened in another's name, the holder of the card having said so at the counter.

    Nothing less takes it from him: the address that he confirmed gives him any new password. Raises: PaymentUnderWay.
    """
    with write():
        audit.by_staff(staff, audit.Act.ACCOUNT_CLOSED, account.person)
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


def _of_payments(table: type[Document], mine: "ModelSelect[Payment]") -> Section:
    rows = table.select(table, Payment).join(Payment).where(table.payment.in_(mine))
    reference: Told[Document] = {"payment": lambda row: row.payment.reference if row.payment else ""}
    return Columns(table, ("id", "refund", "invoice", "printed", "undoes", "message"), instead=reference).of(rows)


def _event(event: AuditEvent) -> Item:
    return {"at": event.at, "by": event.actor_kind, "action": event.action, "subject": event.subject}
