"""What the city's accounting books: payments by invoice and ledger account."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeVar

from peewee import ModelSelect

from domain.billing import ledger
from domain.common import clock, money
from domain.common.batches import among, columns_among
from domain.common.formats import plain_amount
from models import (
    Allocation,
    CashRounding,
    CounterRefund,
    CreditAllocation,
    CreditNote,
    CreditUse,
    GuestPayer,
    HandedBack,
    Invoice,
    InvoiceLine,
    Overpayment,
    Payment,
    Person,
    Refund,
    UnmatchedCharge,
)

Row = list[str | int]
Beside = TypeVar("Beside", Overpayment, CashRounding)
HEADER = (
    "payment", "kind", "date", "invoice_number", "payer_card", "payer", "method", "amount", "amount_cents",
    "ledger_account", "gateway_id", "settlement_batch", "source", "credit_note",
)  # fmt: skip
Shares = Sequence[Allocation] | Sequence[CreditAllocation]


def payments(first: date, last: date) -> Iterator[Row]:
    """Return a row per document, invoice and ledger account, for these days (Montreal's, inclusive).

    Payments first, then what took them back (refunds and reversals, negative). A document's rows add up to its amount:
    revenue before tax by account, then TPS and TVQ; then what came in beyond what was owed, and cash to the nickel.
    """
    start, end = clock.montreal_day(first)[0], clock.montreal_day(last)[1]
    booked, taken_back = list(_booked(start, end)), list(_taken_back(start, end))
    yield from _rows(booked, _paid_before(_lines(booked)), _guests(booked), sign=1)
    yield from _beside(start, end)
    yield from _rows(taken_back, _taken_before(_lines(taken_back)), _guests(taken_back), sign=-1)
    yield from _returned(start, end)
    yield from _handed_back(start, end)


def _beside(start: datetime, end: datetime) -> Iterator[Row]:
    """Yield what payments brought that no invoice took: owed back, or cash to the nickel."""
    period = (Payment.resolved_at >= start) & (Payment.resolved_at < end)
    for over in _with_whose(Overpayment).where(period).order_by(Payment.resolved_at, Overpayment.id):
        payment, cents = over.payment, over.amount_cents
        at, method = payment.resolved_at or payment.created_at, payment.method
        yield _line(payment, "payment", at, over.invoice.number, method, ledger.OWED_BACK, cents)
    for off in _with_whose(CashRounding).where(period).order_by(Payment.resolved_at, CashRounding.id):
        payment, at = off.payment, off.payment.resolved_at or off.payment.created_at
        yield _line(payment, "payment", at, off.invoice.number, payment.method, ledger.ROUNDING, off.cents)


def _returned(start: datetime, end: datetime) -> Iterator[Row]:
    """Yield what was owed back and is returned, and cash to the nickel given back; both are below zero."""
    period = (Overpayment.returned_at >= start) & (Overpayment.returned_at < end)
    for over in _with_whose(Overpayment).where(period).order_by(Overpayment.returned_at, Overpayment.id):
        at, cents = over.returned_at or over.found_at, -over.amount_cents
        yield _line(over.payment, "refund", at, over.invoice.number, over.method, ledger.OWED_BACK, cents)
    rows = CounterRefund.select(CounterRefund, Invoice, Person).join(Invoice).switch(CounterRefund)
    day = (CounterRefund.paid_at >= start) & (CounterRefund.paid_at < end)
    for given in rows.left_outer_join(Person).where(day, CounterRefund.rounding_cents != 0):
        refund = Payment(reference=given.reference, payer=given.payer, source="import")
        at, cents, number = given.paid_at, -given.rounding_cents, given.invoice.number
        yield _line(refund, "refund", at, number, given.method, ledger.ROUNDING, cents)


def _handed_back(start: datetime, end: datetime) -> Iterator[Row]:
    """Yield each charge that paid nothing and was given back another way: from then on the city keeps what it took."""
    mine = (HandedBack.given_at >= start) & (HandedBack.given_at < end)
    rows = HandedBack.select(HandedBack, UnmatchedCharge).join(UnmatchedCharge).order_by(HandedBack.given_at)
    given = [one for one in rows.where(mine) if one.charge.is_of_these_books]
    named = Payment.select(Payment, Person).left_outer_join(Person)
    payments = among(named, Payment.reference, {one.charge.reference for one in given})
    by_reference = {payment.reference: payment for payment in payments}
    guests = _guests_of(payment.id for payment in by_reference.values())
    for one in given:
        payment, cents = by_reference[one.charge.reference], one.amount_cents
        charge = Payment(reference=payment.reference, payer=payment.payer, gateway_id=one.charge.gateway_id)
        for kind, method, part in (("payment", Payment.CARD, cents), ("refund", one.method, -cents)):
            guest = guests.get(payment.id, "")
            yield _line(charge, kind, one.given_at, "", method, ledger.OWED_BACK, part, guest)


def _with_whose(table: type[Beside]) -> "ModelSelect[Beside]":
    rows = table.select(table, Payment, Person, Invoice).join(Payment).left_outer_join(Person)
    return rows.switch(table).join(Invoice)


def _booked(start: datetime, end: datetime) -> "ModelSelect[Allocation]":
    return (
        Allocation.select(Allocation, Payment, InvoiceLine, Invoice, Person)
        .join(Payment)
        .left_outer_join(Person)
        .switch(Allocation)
        .join(InvoiceLine)
        .join(Invoice)
        .where(Payment.resolved_at >= start, Payment.resolved_at < end)
        .order_by(Payment.resolved_at, Payment.id, Invoice.number, InvoiceLine.position)
    )


def _taken_back(start: datetime, end: datetime) -> "ModelSelect[CreditAllocation]":
    return (
        CreditAllocation.select(CreditAllocation, CreditNote, Payment, Refund, InvoiceLine, Invoice, Person)
        .join(CreditNote)
        .left_outer_join(Refund)
        .switch(CreditNote)
        .join(Payment)
        .left_outer_join(Person)
        .switch(CreditAllocation)
        .join(InvoiceLine)
        .join(Invoice)
        .where(CreditNote.issued_at >= start, CreditNote.issued_at < end)
        .order_by(CreditNote.id, Invoice.number, InvoiceLine.position)
    )


def _lines(allocations: Shares) -> set[int]:
    """Return the ids of the lines of these shares: nothing else of the years before is looked at."""
    return {one.line_id for one in allocations}


def _guests(allocations: Shares) -> dict[int, str]:
    """Return who paid without an account, by payment."""
    return _guests_of(_payment(one).id for one in allocations)


def _guests_of(payment_ids: Iterable[int]) -> dict[int, str]:
    guests = among(GuestPayer.select(), GuestPayer.payment, set(payment_ids))
    return {guest.payment_id: guest.name for guest in guests}


def _paid_before(lines: set[int]) -> dict[int, int]:
    """Return what was paid of each line before each of its allocations, in cents, by the allocation's id."""
    rows = Allocation.select(Allocation.id, Allocation.line, Allocation.amount_cents)
    return _running(sorted(columns_among(rows, Allocation.line, lines)))


def _taken_before(lines: set[int]) -> dict[int, int]:
    """Return the same of what was taken back, reversals for themselves, as the ledger has them.

    What was let go goes with the refunds: both are earned no more.
    """
    is_reversal = CreditNote.payment.is_null(False) & CreditNote.refund.is_null()
    rows = CreditAllocation.select(
        CreditAllocation.id, CreditAllocation.line, is_reversal, CreditAllocation.amount_cents
    ).join(CreditNote)
    rows = rows.where(CreditNote.id.not_in(CreditUse.select(CreditUse.note)))  # they take back nothing earned
    found = sorted(columns_among(rows, CreditAllocation.line, lines))
    return _running((key, (line, bool(reversal)), cents) for key, line, reversal, cents in found)


def _running(rows: Iterable[tuple[int, Hashable, int]]) -> dict[int, int]:
    sums: dict[Hashable, int] = {}
    before = {}
    for key, of, cents in rows:
        before[key] = sums.get(of, 0)
        sums[of] = before[key] + cents
    return before


def _rows(allocations: Shares, before: dict[int, int], guests: dict[int, str], sign: int) -> Iterator[Row]:
    """Add up allocations by document, invoice and account."""
    sums: dict[tuple[str, str, str], int] = {}
    seen: dict[tuple[str, str, str], Allocation | CreditAllocation] = {}
    for allocation in allocations:
        for account, cents in _split(allocation, before[allocation.id]).items():
            key = (_document(allocation), allocation.line.invoice.number, account)
            sums[key] = sums.get(key, 0) + sign * cents
            seen.setdefault(key, allocation)
    for key, cents in sums.items():
        if cents:
            yield _row(seen[key], key[2], cents, guests)


def _document(allocation: Allocation | CreditAllocation) -> str:
    if isinstance(allocation, CreditAllocation):
        return allocation.credit_note.number
    return allocation.payment.reference


def _payment(allocation: Allocation | CreditAllocation) -> Payment:
    if isinstance(allocation, CreditAllocation):
        return allocation.credit_note.payment  # type: ignore[return-value]  # _taken_back() joins it
    return allocation.payment


def _moment(allocation: Allocation | CreditAllocation) -> datetime:
    if isinstance(allocation, CreditAllocation):
        return allocation.credit_note.issued_at
    return allocation.payment.resolved_at  # type: ignore[return-value]  # _booked() asks for it


def _split(allocation: Allocation | CreditAllocation, before_cents: int) -> dict[str, int]:
    """Split what was paid of a line into revenue, TPS and TVQ, so that its instalments add up to the line's own."""
    line = allocation.line
    parts = money.share_next(before_cents, allocation.amount_cents, [line.net_cents, line.tps_cents, line.tvq_cents])
    return dict(zip((line.ledger_account, ledger.TPS, ledger.TVQ), parts, strict=True))


def _row(allocation: Allocation | CreditAllocation, account: str, cents: int, guests: dict[int, str]) -> Row:
    note = allocation.credit_note if isinstance(allocation, CreditAllocation) else None
    payment = _payment(allocation)
    method = note.refund.method if note and note.refund else payment.method
    at, number = _moment(allocation), allocation.line.invoice.number
    return _line(
        payment,
        _kind(note),
        at,
        number,
        method,
        account,
        cents,
        guests.get(payment.id, ""),
        note.number if note else "",
    )


def _line(
    payment: Payment,
    kind: str,
    at: datetime,
    number: str,
    method: str,
    account: str,
    cents: int,
    guest: str = "",
    note_number: str = "",
) -> Row:
    payer = payment.payer
    return [
        payment.reference,
        kind,
        clock.local(at).date().isoformat(),
        number,
        payer.card_number if payer else "",
        payer.name if payer else guest,
        method,
        plain_amount(cents),
        cents,
        account,
        payment.gateway_id or "",
        payment.settlement_batch,
        payment.source,
        note_number,
    ]


def _kind(note: CreditNote | None) -> str:
    if note is None:
        return "payment"
    if note.undoes_id:
        return "refund_declined"
    return "refund" if note.refund_id else "reversal"
