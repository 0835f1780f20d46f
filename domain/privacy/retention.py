"""What is past its time: deleted, or made anonymous where the books still need the row. Never the ledger.

Periods: settings.RETENTION. Someone is past hers when her card expired, and all that her household owed or paid lies as
far back; an account, an open balance or a request keeps her.
"""

from datetime import date
from typing import TypeAlias

from peewee import IntegrityError, ModelSelect

from domain.billing import receipts
from domain.common import clock, local_changes
from models import (
    Account,
    Alert,
    ChangeRequest,
    ElectronicConsent,
    EmergencyContact,
    Incident,
    Invoice,
    KnownBrowser,
    Membership,
    Message,
    Payment,
    Person,
    RefusedTry,
    TaxReceipt,
    write,
)
from settings import RETENTION

Past: TypeAlias = (
    "ModelSelect[Message] | ModelSelect[ChangeRequest] | ModelSelect[Alert] | ModelSelect[Incident]"
    " | ModelSelect[RefusedTry] | ModelSelect[KnownBrowser] | ModelSelect[Person]"
)
ERASED = "ANONYME-"


def due(today: date) -> dict[str, Past]:
    """Return the rows past their time, a query per kind."""
    now = clock.now()
    limit = {kind: now - period for kind, period in RETENTION.items()}
    return {
        "sent messages": Message.select().where(Message.sent_at < limit["sent messages"]),
        "decided requests": ChangeRequest.select().where(ChangeRequest.decided_at < limit["decided requests"]),
        "closed alerts": Alert.select().where(Alert.closed_at < limit["closed alerts"]),
        "refused tries": RefusedTry.select().where(RefusedTry.since < limit["refused tries"]),
        "known browsers": KnownBrowser.select().where(KnownBrowser.seen_at < limit["known browsers"]),
        "incidents": Incident.select().where(Incident.known_on < limit["incidents"].date()),
        "people": _people(today),
    }


def count(today: date) -> dict[str, int]:
    """Return how many rows of each kind are past their time."""
    return {kind: rows.count() for kind, rows in due(today).items()}


def apply(today: date) -> dict[str, int]:
    """Delete or make anonymous what is past its time; return how many of each kind."""
    done = {}
    for kind, rows in due(today).items():
        found = list(rows)
        for row in found:
            with write():
                _erase(row) if isinstance(row, Person) else row.delete_instance()
        done[kind] = len(found)
    return done


def _people(today: date) -> "ModelSelect[Person]":
    limit = today - RETENTION["people"]
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
        Person.id.not_in(ChangeRequest.select(ChangeRequest.asked_by).where(ChangeRequest.asked_by.is_null(False))),
    )


def _erase(person: Person) -> None:
    """Delete a person nothing refers to; else leave a row that tells nobody. Her tax receipts are as old: they go."""
    TaxReceipt.delete().where((TaxReceipt.payer == person) | (TaxReceipt.person == person)).execute()
    ElectronicConsent.delete().where(ElectronicConsent.person == person).execute()
    with write():
        local_changes.forget("cards", person.card_number)
    try:
        with write():
            person.delete_instance()
    except IntegrityError:
        Person.update(
            card_number=f"{ERASED}{person.id}",
            **Person.ERASED,
            birth_date=date(1900, 1, 1),
            **dict.fromkeys(("address", "city", "postal_code", "phone", "email"), ""),
        ).where(Person.id == person.id).execute()
        receipts.erase(person, Person.get_by_id(person.id).name)
        Membership.delete().where(Membership.person == person).execute()
        EmergencyContact.delete().where(EmergencyContact.person == person).execute()
