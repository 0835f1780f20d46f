"""Reminders by e-mail: before an invoice is due, the day after, and before a card expires. Confirmed addresses only.

Each is written once; what a stopped server missed is written when it is back, while it still helps.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from peewee import fn

from city import City
from domain.common import clock, outbox
from domain.common.batches import among
from domain.common.letters import Letters
from models import (
    Account,
    Instalment,
    Invoice,
    Membership,
    PaymentInvoice,
    Person,
    Reminder,
    RemindersStopped,
    Table,
    write,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

DUE, OVERDUE, CARD = "due", "overdue", "card"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
CARD_WARNING = timedelta(days=30)
DAYTIME = range(8, 20)  # nobody wants a bill in the night


def is_daytime() -> bool:
    """Tell whether it is an hour at which people may be written to."""
    return clock.local(clock.now()).hour in DAYTIME


def write_due(letters: Letters, city: City, today: date) -> int:
    """Write every reminder that was not written yet, a message an account and kind; return how many messages."""
    written = 0
    for kind, first, last in ((DUE, today + DAY, today + WEEK), (OVERDUE, today - WEEK, today - DAY)):
        for account, invoices in _owing(first, last).items():
            written += remind(account, kind, {one.number: one for one in invoices}, letters)
    for account, people in _expiring(today, city).items():
        subjects = {f"{person.id} {person.expires_on}": person for person in people}
        written += remind(account, CARD, subjects, letters)
    return written


def want(account: Account, wanted: bool) -> None:
    """Have reminders written to an account, or no more."""
    with write():
        if wanted:
            RemindersStopped.delete().where(RemindersStopped.account == account).execute()
        else:
            RemindersStopped.insert(account=account).on_conflict_ignore().execute()


def are_wanted(account: Account) -> bool:
    """Tell whether reminders are written to an account."""
    return not RemindersStopped.select().where(RemindersStopped.account == account).exists()


def remind(account: Account, kind: str, subjects: "Mapping[str, Table | DataclassInstance]", letters: Letters) -> int:
    """Write one message of what this account was not reminded of yet; return how many messages."""
    with write():
        known = Reminder.select(Reminder.subject).where(Reminder.account == account, Reminder.kind == kind)
        fresh = {key: thing for key, thing in subjects.items() if key not in {row.subject for row in known}}
        if not fresh:
            return 0
        Reminder.insert_many([{"account": account, "kind": kind, "subject": key} for key in fresh]).execute()
        things = list(fresh.values())
        outbox.write(account.confirmed_email, *letters.write(f"reminder_{kind}", account=account, things=things))
    return 1


def _owing(first: date, last: date) -> dict[Account, list[Invoice]]:
    """Return who is to be reminded of invoices due between two days, those being paid or charged by us left out."""
    being_paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    charged_by_us = Instalment.select(Instalment.invoice).where(Instalment.state.in_(Instalment.LIVE))
    invoices = Invoice.select().where(
        Invoice.status == Invoice.OPEN,
        Invoice.left() > 0,
        Invoice.due_on.between(first, last),
        Invoice.id.not_in(being_paid),
        Invoice.id.not_in(charged_by_us),
    )
    by_household: dict[int, list[Invoice]] = {}
    for invoice in invoices.order_by(Invoice.due_on, Invoice.number):
        by_household.setdefault(invoice.household_id, []).append(invoice)
    found: dict[Account, list[Invoice]] = {}
    for account, household in accounts(by_household):
        found.setdefault(account, []).extend(by_household[household])
    return found


def _expiring(today: date, city: City) -> dict[Account, list[Person]]:
    """Return who is to be reminded of cards that expire: her own, and the children's of her households."""
    soon = Person.expires_on.between(today, today + CARD_WARNING)
    rows = Membership.select(Membership.household, Person).join(Person).where(soon, Person.status == Person.ACTIVE)
    by_household: dict[int, list[Person]] = {}
    for row in rows:
        by_household.setdefault(row.household_id, []).append(row.person)
    found: dict[Account, list[Person]] = {}
    for account, household in accounts(by_household):
        for person in by_household[household]:
            if person.id == account.person_id or person.age_on(today) < city.adult_age:
                found.setdefault(account, []).append(person)
    return found


def accounts(households: Collection[int]) -> Iterator[tuple[Account, int]]:
    """Return the accounts of these households that may be written to, each with each of those that are its own."""
    stopped = RemindersStopped.select().where(RemindersStopped.account == Account.id)
    reachable = (
        Account.select(Account, Person)
        .join(Person)
        .where(
            Account.email_confirmed_at.is_null(False),
            ~fn.EXISTS(stopped),
            Person.status != Person.DECEASED,
        )
    )
    members = list(among(Membership.select(), Membership.household, households))
    people = {row.person_id for row in members}
    by_person = {account.person_id: account for account in among(reachable, Account.person, people)}
    for row in members:
        if row.person_id in by_person:
            yield by_person[row.person_id], row.household_id
