"""The rows of the file of payments, as `flask import` reads them: what came in, what went back, how credits were used.

What was reversed (a payment that the bank took back) is in no row: nothing came in. A refund's row follows its
payment's, so that reading it again takes it off that one.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from peewee import Field, ModelSelect, fn

from domain.billing import household_credits, overpayments
from domain.common import clock
from domain.common.batches import among, columns_among, cut
from domain.exports.things import Cells, with_a_home
from models import (
    CounterRefund,
    CreditAllocation,
    CreditNote,
    Invoice,
    InvoiceLine,
    Overpayment,
    Payment,
    Person,
    Refund,
)

PREFIX = "EXT-"  # before a file's key; the portal's own references begin with P and have no such part
REFUNDED, RETURNED = "-R-", "-B-"  # after a payment's key: a refund by its credit note, money owed back and returned
AT_ONCE = 500  # payments read together
Order = tuple[date, int, datetime, int, int, int]  # day, refund of nothing known, moment, id, refund, its id


@dataclass(frozen=True)
class Entry:
    """What a payment brought for its invoices, or what was given back of them (below zero): cents by invoice's id."""

    key: str
    day: date
    method: str
    payer: int | None
    cents: dict[int, int]
    order: Order


@dataclass(frozen=True)
class Back:
    """A refund: its first credit note, how it went back, and cents by invoice's id."""

    note: CreditNote
    method: str
    cents: dict[int, int]


def rows() -> Iterator[Cells]:
    """Yield how credits were used, then payments day by day, each followed by its refunds; a row an invoice."""
    entries = sorted(_booked(), key=lambda one: one.order)
    for some in cut(entries, AT_ONCE):
        yield from _written(some)


def known(keys: Collection[str]) -> dict[str, Entry]:
    """Return, of keys of a file, what is here of them that no file brought under that key."""
    bases = {key.partition(REFUNDED)[0].partition(RETURNED)[0] for key in keys}
    references = [*bases, *(PREFIX + base for base in bases)]
    payments = list(among(Payment.select(), Payment.reference, references))
    found = {one.key: one for one in (*_of(payments), *_uses(keys))}
    return {key: found[key] for key in keys if key in found}


def key_of(reference: str) -> str:
    """Return the key that a file gives, or gave, to what bears a reference."""
    return reference.removeprefix(PREFIX)


def _booked() -> Iterator[Entry]:
    yield from _uses()
    places: dict[str, Order] = {}
    booked = Payment.select(Payment.id).where(Payment.state.in_(Payment.BOOKED_STATES)).order_by(Payment.id)
    for some in cut(list(booked.scalars()), AT_ONCE):
        for entry in _of(list(Payment.select().where(Payment.id.in_(some)))):
            places.setdefault(entry.key, entry.order)
            yield entry
    yield from _given_back_by_files(places)


def _uses(keys: Collection[str] = ()) -> Iterator[Entry]:
    """Yield how credits were used, of all or of those that keys name: before any payment, whatever its day.

    A payment takes what is left then, as it did.
    """
    for use in household_credits.uses({credit for credit, _number in map(household_credits.named, keys)}):
        order = (date.min, 0, use.at, use.id, 0, 0)
        yield Entry(use.key, _day(use.at), Payment.CREDIT, None, {use.invoice_id: use.cents}, order)


def _of(payments: Sequence[Payment]) -> Iterator[Entry]:
    """Yield what payments brought and what was given back of them, but for what a file gave back."""
    ids = [payment.id for payment in payments]
    brought, reversed_cents = overpayments.brought(ids), _reversed(ids)
    refunds, returned = _refunds(ids), _returned(ids)
    for payment in payments:
        at = payment.resolved_at or payment.created_at
        key, day = key_of(payment.reference), clock.local(at).date()
        place = (day, 0, at, payment.id)
        lost = reversed_cents.get(payment.id, {})
        kept = {one: cents - lost.get(one, 0) for one, cents in brought.get(payment.id, {}).items()}
        payer = payment.payer_id
        if cents := _above_zero(kept):
            yield Entry(key, day, payment.method, payer, cents, (*place, 0, 0))
        for back in refunds.get(payment.id, []):
            if cents := _below_zero(back.cents):
                of_it, order = f"{key}{REFUNDED}{back.note.number}", (*place, 1, back.note.id)
                yield Entry(of_it, _day(back.note.issued_at), back.method, payer, cents, order)
        for over in returned.get(payment.id, []):
            of_it, order, when = f"{key}{RETURNED}{over.id}", (*place, 2, over.id), over.returned_at or over.found_at
            yield Entry(of_it, _day(when), over.method, payer, {over.invoice_id: -over.amount_cents}, order)


def _reversed(payment_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Return what banks took back of payments, less what they gave again: cents by invoice's id, by payment's."""
    lost: dict[int, dict[int, int]] = {}
    for payment, invoice, cents in columns_among(
        _taken_back(CreditNote.payment).where(CreditNote.refund.is_null()), CreditNote.payment, payment_ids
    ):
        lost.setdefault(payment, {})[invoice] = int(cents)
    return lost


def _refunds(payment_ids: Sequence[int]) -> dict[int, list[Back]]:
    """Return payments' refunds, what the bank sent back being none."""
    by_refund: dict[int, dict[int, int]] = {}
    mine = CreditNote.select(CreditNote, Refund).join(Refund).where(Refund.cause != "import").order_by(CreditNote.id)
    notes = {note.refund_id: note for note in sorted(among(mine, CreditNote.payment, payment_ids), key=_newest_first)}
    for refund, invoice, cents in columns_among(_taken_back(CreditNote.refund), CreditNote.refund, list(notes)):
        by_refund.setdefault(refund, {})[invoice] = int(cents)
    found: dict[int, list[Back]] = {}
    for note in sorted(notes.values(), key=lambda one: one.id):
        if note.refund and note.payment_id:
            told = Back(note, note.refund.method, by_refund.get(note.refund.id, {}))
            found.setdefault(note.payment_id, []).append(told)
    return found


def _newest_first(note: CreditNote) -> int:
    return -note.id


def _taken_back(of: Field) -> "ModelSelect[CreditAllocation]":
    """Select the cents that credit notes take, by whose they are and by invoice."""
    rows = CreditAllocation.select(of, InvoiceLine.invoice, fn.SUM(CreditAllocation.amount_cents))
    return rows.join(CreditNote).switch(CreditAllocation).join(InvoiceLine).group_by(of, InvoiceLine.invoice)


def _returned(payment_ids: Sequence[int]) -> dict[int, list[Overpayment]]:
    """Return what was owed back of payments and a person returned; what a file says is its own row."""
    by_person = (Overpayment.state == Overpayment.RETURNED) & (Overpayment.returned_by != "")
    found: dict[int, list[Overpayment]] = {}
    for one in among(Overpayment.select().where(by_person).order_by(Overpayment.id), Overpayment.payment, payment_ids):
        found.setdefault(one.payment_id, []).append(one)
    return found


def _given_back_by_files(places: dict[str, Order]) -> Iterator[Entry]:
    """Yield what files gave back: after the payment that its key names, or else on its day."""
    given = CounterRefund.select().order_by(CounterRefund.reference, CounterRefund.id)
    for reference, rows in groupby(given, key=lambda one: one.reference):
        several = list(rows)
        first, key = several[0], key_of(reference)
        place = places.get(key.partition(REFUNDED)[0].partition(RETURNED)[0])
        order = (_day(first.paid_at), 1, first.paid_at, first.id, 0, 0)
        if place:
            order = (*place[:4], 1, first.id)
        cents = {one.invoice_id: -one.amount_cents for one in several}
        yield Entry(key, _day(first.paid_at), first.method, first.payer_id, cents, order)


def _day(moment_utc: datetime) -> date:
    return clock.local(moment_utc).date()


def _above_zero(cents: dict[int, int]) -> dict[int, int]:
    return {invoice: amount for invoice, amount in cents.items() if amount > 0}


def _below_zero(cents: dict[int, int]) -> dict[int, int]:
    return {invoice: -amount for invoice, amount in cents.items() if amount > 0}


def _written(entries: Iterable[Entry]) -> Iterator[Cells]:
    several = list(entries)
    invoices = {invoice for one in several for invoice in one.cents}
    numbers = dict(columns_among(Invoice.select(Invoice.id, Invoice.number), Invoice.id, invoices))
    homes = Person.select(Person.id, Person.card_number).where(Person.id.in_(with_a_home()))
    cards = dict(columns_among(homes, Person.id, {one.payer for one in several if one.payer}))
    for one in several:
        for number, cents in sorted((numbers[invoice], cents) for invoice, cents in one.cents.items()):
            yield {
                "payment": one.key,
                "invoice_number": number,
                "paid_on": one.day,
                "amount": cents,
                "method": one.method,
                "payer": cards.get(one.payer) if one.payer else None,
            }
