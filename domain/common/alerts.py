"""What a person at the city must look at."""

import json
from enum import StrEnum

from peewee import Case, IntegrityError

from domain.common import clock
from domain.common.facts import Fact, Values
from models import Alert, write


class Kind(StrEnum):
    """What an alert may be; its words stand in views/messages/facts."""

    BOOKS = "books disagree"
    GUESSING = "guessing"
    CARD_TESTING = "card testing"
    CARDS_CLOSED = "cards closed by guessing"
    UNMATCHED_CHARGE = "unmatched charge"
    PAYMENT_REVERSED = "payment reversed"
    REFUNDED_THEN_REVERSED = "refunded, then reversed"
    DISPUTE_OPENED = "dispute opened"
    DISPUTE_WON = "dispute won after all"
    LOST_TWICE = "dispute lost after a refund"
    CONTRADICTED = "payment contradicted"
    ACCOUNT_REFUSED = "gateway account refused"
    LISTENER_FAILED = "listener failed"
    DAILY_MATCH = "daily match"
    CHARGE_HELD = "charge lost by a restore"
    CHARGE_GUESSED = "charge booked by its amount"
    VOIDED_SINCE_COPY = "voided since the copy"
    DONE_SINCE_COPY = "done since the copy"
    TAKEN_SINCE_COPY = "taken since the copy"
    UNKNOWN_SINCE_COPY = "not known since the copy"
    REFUND_REFUSED = "refund refused"
    REFUND_DECLINED = "refund declined"
    REFUND_FOUND = "refund found"
    TAX_RECEIPTS = "tax receipts"
    MAILBOX_OF_TWO = "mailbox of two set apart"
    RECEIPT_NOT_ATTACHED = "receipt not attached"
    INVOICE_LOWERED = "invoice lowered"
    CREDIT_FOR_TAXES = "credit for taxes"
    PLACES_OWED = "places owed"
    REGISTERED_TWICE = "registered twice"
    HOLD_PAID_IN_PART = "hold paid in part"
    ACCOMPANIMENT_TO_DECIDE = "accompaniment to decide"
    INSTALMENT_UNPAID = "instalment unpaid"
    IMPORT_CUT = "import cut"
    IMPORT_CARDS = "import cards"
    IMPORT_INVOICES = "import invoices"
    IMPORT_PAYMENTS = "import payments"
    IMPORT_PLACES = "import places"
    IMPORT_ACTIVITIES = "import activities"
    IMPORT_PRICES = "import prices"
    IMPORT_REGISTRATIONS = "import registrations"
    IMPORT_RESERVATIONS = "import reservations"


def of_import(kind: str) -> Kind:
    """Return the kind of the alerts on what a kind of file left alone. Raises: ValueError when it has none."""
    return Kind(f"import {kind}")


def raise_alert(kind: Kind, subject: str, /, **values: str | int) -> Fact:
    """Say something once for a kind and a subject, in the caller's transaction; a closed alert is opened again.

    Returns what is said. Raises: ValueError for a kind that is not declared.
    """
    details = written(values)
    Alert.insert(kind=Kind(kind), subject=subject, details=details).on_conflict(
        conflict_target=[Alert.kind, Alert.subject], update={Alert.details: details, Alert.closed_at: None}
    ).execute()
    return Fact(kind, values)


def open_once(kind: Kind, subject: str, /, **values: str | int) -> bool:
    """Say something in the caller's transaction; return whether it was not being said already: then it is news."""
    details = written(values)
    closed = (Alert.kind == Kind(kind)) & (Alert.subject == subject) & Alert.closed_at.is_null(False)
    if Alert.update(details=details, closed_at=None).where(closed).execute():
        return True
    try:
        with write():
            Alert.create(kind=Kind(kind), subject=subject, details=details)
    except IntegrityError:
        return False
    return True


def is_open(kind: Kind) -> bool:
    """Tell whether something of this kind waits for a person."""
    return Alert.select().where(Alert.kind == Kind(kind), Alert.closed_at.is_null()).exists()


def list_once(kind: Kind, subject: str, /, **values: str | int) -> None:
    """Say something that comes again every night once, in the caller's transaction: closed, it stays closed.

    It is opened again when there is something else to say of it; of one written as a sentence nobody can tell, and what
    was closed stays closed. Raises: ValueError for a kind that is not declared.
    """
    details = written(values)
    closed_at = Case(None, [(Alert.details.startswith("{"), None)], Alert.closed_at)
    Alert.insert(kind=Kind(kind), subject=subject, details=details).on_conflict(
        conflict_target=[Alert.kind, Alert.subject],
        update={Alert.details: details, Alert.closed_at: closed_at},
        where=Alert.details != details,
    ).execute()


def written(values: Values) -> str:
    """Return the values of an alert as it keeps them: the same ones are always the same text."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def settle(kind: Kind, subject: str) -> None:
    """Note, in the caller's transaction, that what was said of a subject holds no more."""
    Alert.update(closed_at=clock.now()).where(
        Alert.kind == Kind(kind), Alert.subject == subject, Alert.closed_at.is_null()
    ).execute()


def settle_all(kind: Kind) -> None:
    """Note, in the caller's transaction, that nothing that was said of a kind holds any more."""
    Alert.update(closed_at=clock.now()).where(Alert.kind == Kind(kind), Alert.closed_at.is_null()).execute()


def open_alerts() -> list[Alert]:
    """Return what is not settled, the oldest first."""
    return list(Alert.select().where(Alert.closed_at.is_null()).order_by(Alert.created_at))


def close(alert_id: int) -> bool:
    """Note, in the caller's transaction, that a person has settled it; return whether it was open."""
    return bool(Alert.update(closed_at=clock.now()).where(Alert.id == alert_id, Alert.closed_at.is_null()).execute())
