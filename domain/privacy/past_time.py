"""What of each series is past its time, and how it goes: whole, or only what tells of somebody. Never the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import Expression, Field, Function, IntegrityError, ModelSelect, fn

from city import City
from domain.billing import receipts
from domain.common import local_changes
from domain.common.letters import Letters
from domain.common.outbox import FAR
from domain.privacy import unused_accounts
from models import (
    Account,
    AccountUse,
    Activity,
    Alert,
    AskedField,
    CartItem,
    CartLine,
    ChangeRequest,
    CreditNote,
    ElectronicConsent,
    EmergencyContact,
    GuestPayer,
    HouseholdCredit,
    Incident,
    Invoice,
    InvoiceLine,
    Membership,
    Message,
    Payment,
    Person,
    Receipt,
    Refund,
    Registration,
    Reservation,
    ReviewRequest,
    Table,
    TaxReceipt,
    write,
)

ERASED = "ANONYME-"
NO_LINES = "[]"  # JSON
TELLING = ("address", "city", "postal_code", "phone", "email", "price_class", "school", "levels")

Rows = Sequence[Any]  # of the rule's table
Destroy = Callable[[Rows, Letters, City], None]


@dataclass(frozen=True)
class Rule:
    """Which rows of a table are older than a moment and needed by nothing, by which of their moments, and how they go.

    `destroy` works in the caller's transaction.
    """

    table: type[Table]
    moment: Field | Function
    past: Callable[[datetime, City], "ModelSelect[Any]"]
    destroy: Destroy

    def figures(self, before: datetime, city: City) -> tuple[int, date | None, date | None]:
        """Return how many rows are past their time, and the first and last of their days."""
        found = self.past(before, city).select(fn.COUNT(self.table.id), fn.MIN(self.moment), fn.MAX(self.moment))
        rows, first, last = found.tuples().get()
        return rows, _day(first), _day(last)


def _day(moment: str | date | datetime | None) -> date | None:
    """Return the day of what a database gives for the least of some moments: SQLite's is a text."""
    return date.fromisoformat(str(moment)[:10]) if moment else None


def deleted(table: type[Table], moment: Field, *conditions: Expression) -> Rule:
    """Return the rule of rows that go whole once a moment of theirs is past."""

    def _past(before: datetime, _city: City) -> "ModelSelect[Any]":
        return table.select().where(moment < before, *conditions)

    return Rule(table, moment, _past, lambda rows, _letters, _city: _delete(table, rows))


def _delete(table: type[Table], rows: Rows) -> None:
    table.delete().where(table.id.in_([row.id for row in rows])).execute()


def _messages(before: datetime, _city: City) -> "ModelSelect[Message]":
    given_up = Message.sent_at.is_null() & (Message.due_at == FAR) & (Message.created_at < before)
    return Message.select().where((Message.sent_at < before) | given_up)


def _registrations(before: datetime, _city: City) -> "ModelSelect[Registration]":
    return Registration.select().join(Activity).where(Activity.ends_on < before.date())


def _cart(before: datetime, _city: City) -> "ModelSelect[CartItem]":
    """Return what was chosen of activities that ended long ago, once no registration comes of it."""
    registered = Registration.select(Registration.item).where(Registration.item.is_null(False))
    return CartItem.select().join(Activity).where(Activity.ends_on < before.date(), CartItem.id.not_in(registered))


def _empty_cart(rows: Rows, _letters: Letters, _city: City) -> None:
    CartLine.delete().where(CartLine.item.in_([row.id for row in rows])).execute()
    _delete(CartItem, rows)


def _guests(before: datetime, _city: City) -> "ModelSelect[GuestPayer]":
    """Return who paid without an account that may still be written to; of who did not pay, her name too."""
    tells = (GuestPayer.email != "") | GuestPayer.key.is_null(False) | (Payment.state == Payment.REFUSED)
    return (
        GuestPayer.select(GuestPayer, Payment)
        .join(Payment)
        .where(Payment.resolved_at < before, Payment.state.not_in(Payment.OPEN_STATES), tells)
    )


def _forget_guests(rows: Rows, _letters: Letters, _city: City) -> None:
    """Erase where to write to them and the link to their receipt; her name is the receipt's, if there is one."""
    _delete(GuestPayer, [row for row in rows if row.payment.state == Payment.REFUSED])
    GuestPayer.update(email="", key=None).where(GuestPayer.id.in_([row.id for row in rows])).execute()


def _invoices(before: datetime, _city: City) -> "ModelSelect[Invoice]":
    settled = (Invoice.status == Invoice.CANCELLED) | (Invoice.left() == 0)
    worded = InvoiceLine.select(InvoiceLine.invoice).where(InvoiceLine.description != InvoiceLine.ERASED)
    return Invoice.select().where(Invoice.issued_on < before.date(), settled, Invoice.id.in_(worded))


def _forget_lines(rows: Rows, _letters: Letters, _city: City) -> None:
    """Erase the words of their lines: typed elsewhere, they may name anybody. Amounts, taxes and accounts stay."""
    InvoiceLine.update(description=InvoiceLine.ERASED).where(
        InvoiceLine.invoice.in_([row.id for row in rows])
    ).execute()


def _credits(before: datetime, _city: City) -> "ModelSelect[HouseholdCredit]":
    used = (HouseholdCredit.left_cents == 0) & (HouseholdCredit.lines != NO_LINES)
    return HouseholdCredit.select().where(HouseholdCredit.issued_on < before.date(), used)


def _forget_credits(rows: Rows, _letters: Letters, _city: City) -> None:
    HouseholdCredit.update(lines=NO_LINES).where(HouseholdCredit.id.in_([row.id for row in rows])).execute()


def _receipts(before: datetime, _city: City) -> "ModelSelect[Receipt]":
    return Receipt.select().where(Receipt.issued_at < before, receipts.tells_who_paid())


def _forget_names(rows: Rows, _letters: Letters, _city: City) -> None:
    """Erase who paid, where she lives, her card's digits, and why money was given back; the money's rows stay."""
    for receipt in rows:
        receipts.forget_names(receipt)
    paid = [row.payment_id for row in rows]
    GuestPayer.delete().where(GuestPayer.payment.in_(paid)).execute()
    Payment.update(card_last_four="").where(Payment.id.in_(paid)).execute()
    Refund.update(reason="").where(Refund.payment.in_(paid)).execute()
    CreditNote.update(reason="").where(CreditNote.payment.in_(paid), CreditNote.refund.is_null(False)).execute()


def _people(before: datetime, _city: City) -> "ModelSelect[Person]":
    """Return whose card expired, when all that her household owed or paid lies as far back.

    An account, an open balance or a request keeps her.
    """
    limit = before.date()
    alive = Invoice.select(Invoice.household).where(
        (Invoice.issued_on > limit) | ((Invoice.status == Invoice.OPEN) & (Invoice.left() > 0))
    )
    return Person.select().where(
        Person.expires_on < limit,
        ~Person.card_number.startswith(ERASED),
        Person.id.not_in(Account.select(Account.person)),
        Person.id.not_in(Membership.select(Membership.person).where(Membership.household.in_(alive))),
        Person.id.not_in(Payment.select(Payment.payer).where(Payment.created_at > limit, Payment.payer.is_null(False))),
        Person.id.not_in(ChangeRequest.select(ChangeRequest.person)),
        Person.id.not_in(AskedField.select(AskedField.person)),
        Person.id.not_in(ChangeRequest.select(ChangeRequest.asked_by).where(ChangeRequest.asked_by.is_null(False))),
        Person.id.not_in(ReviewRequest.select(ReviewRequest.person).where(ReviewRequest.person.is_null(False))),
    )


def _erase_people(rows: Rows, _letters: Letters, _city: City) -> None:
    for person in rows:
        _erase(person)


def _erase(person: Person) -> None:
    """Delete a person nothing refers to; else leave a row that tells nobody. Her tax receipts are as old: they go."""
    TaxReceipt.delete().where((TaxReceipt.payer == person) | (TaxReceipt.person == person)).execute()
    ElectronicConsent.delete().where(ElectronicConsent.person == person).execute()
    local_changes.forget("cards", person.card_number)
    try:
        with write():
            person.delete_instance()
    except IntegrityError:
        Person.update(
            card_number=f"{ERASED}{person.id}",
            **Person.ERASED,
            birth_date=date(1900, 1, 1),
            **dict.fromkeys(TELLING, ""),
        ).where(Person.id == person.id).execute()
        receipts.erase(person, Person.get_by_id(person.id).name)
        Membership.delete().where(Membership.person == person).execute()
        EmergencyContact.delete().where(EmergencyContact.person == person).execute()


CARDS = Rule(Person, Person.expires_on, _people, _erase_people)
ACCOUNTS = Rule(Account, AccountUse.used_at, unused_accounts.past, unused_accounts.close_all)
GUESTS = Rule(GuestPayer, Payment.resolved_at, _guests, _forget_guests)
INVOICES = Rule(Invoice, Invoice.issued_on, _invoices, _forget_lines)
CREDITS = Rule(HouseholdCredit, HouseholdCredit.issued_on, _credits, _forget_credits)
RECEIPTS = Rule(Receipt, Receipt.issued_at, _receipts, _forget_names)
REGISTRATIONS = Rule(
    Registration, Activity.ends_on, _registrations, lambda rows, _letters, _city: _delete(Registration, rows)
)
CART = Rule(CartItem, Activity.ends_on, _cart, _empty_cart)
RESERVATIONS = deleted(Reservation, Reservation.ends_at)
MESSAGES = Rule(Message, Message.created_at, _messages, lambda rows, _letters, _city: _delete(Message, rows))
REQUESTS = deleted(ChangeRequest, ChangeRequest.decided_at)
REVIEWS = deleted(ReviewRequest, ReviewRequest.decided_at)
ALERTS = deleted(Alert, Alert.closed_at)
INCIDENTS = deleted(Incident, Incident.known_on)
