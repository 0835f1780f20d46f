"""Payments taken elsewhere: at the counter, or in the old system. Nobody must be asked for what was paid there."""

from collections.abc import Collection, Sequence

from domain.billing.allocation import book
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.batches import among, columns_among
from domain.imports.outcome import Change, Outcome, Plan, Problem, Reason, Row, Watch, by_key
from domain.imports.two_sources import Ours
from models import Invoice, Payment, PaymentEvent, PaymentInvoice, Person, hold

PREFIX = "EXT-"  # the portal's own references begin with P and have no such part


def plan(rows: Sequence[Row], ours: Ours, listener: Listener, progress: Watch = iter) -> Plan:
    """Plan the payments to book; nothing is written.

    One that cannot be booked as it stands (paid online meanwhile, or changed since) is left alone and listed: a person
    must settle it, and the nightly import must not stop.
    """
    made = Plan()
    cards = {row.values["payer"] for row in rows} - {""}
    people = dict(columns_among(Person.select(Person.card_number, Person.id), Person.card_number, cards))
    invoices = by_key(among(Invoice.select(), Invoice.number, {row.values["invoice_number"] for row in rows}), "number")
    _reject_unknown(rows, invoices, people, made.outcome)
    if made.outcome.rejected:
        return made
    known = _imported([PREFIX + row.values["payment"] for row in rows])
    being_paid = _being_paid([invoice.id for invoice in invoices.values()])
    for row in progress(rows):
        invoice = invoices[row.values["invoice_number"]]
        if link := known.get(PREFIX + row.values["payment"]):
            _compare(link, row, people, made.outcome)
        elif problem := _not_now(row, invoice, is_being_paid=invoice.id in being_paid):
            made.outcome.left_alone.append(problem)
        elif ours.may_create(made, row.line, "payment", row.values["payment"]):
            invoice.paid_cents += row.values["amount"]  # as the rows after this one will find it
            made.changes.append(_book(row, invoice.id, people.get(row.values["payer"]), listener))
            made.outcome.created += 1
    return made


def _compare(link: PaymentInvoice, row: Row, people: dict[str, int], outcome: Outcome) -> None:
    """Say what the file says of a payment that is here already."""
    if _same(link, row, people):
        outcome.unchanged += 1
        return
    key = row.values["payment"]
    outcome.left_alone.append(Problem(row.line, "payment", Reason.PAYMENT_CHANGED, {"payment": key}, key))


def _being_paid(invoices: Collection[int]) -> set[int]:
    """Return the invoices that are in a payment under way, of these."""
    links = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    return {invoice for (invoice,) in columns_among(links, PaymentInvoice.invoice, invoices)}


def _imported(references: Sequence[str]) -> dict[str, PaymentInvoice]:
    links = PaymentInvoice.select(PaymentInvoice, Payment, Invoice).join(Payment).switch(PaymentInvoice).join(Invoice)
    return {link.payment.reference: link for link in among(links, Payment.reference, references)}


def _reject_unknown(
    rows: Sequence[Row], invoices: dict[str, Invoice], people: dict[str, int], outcome: Outcome
) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        values = row.values
        if values["payment"] in seen:
            told = {"line": seen[values["payment"]]}
            outcome.rejected.append(Problem(row.line, "payment", Reason.PAYMENT_TWICE, told))
        seen[values["payment"]] = row.line
        if values["invoice_number"] not in invoices:
            told = {"key": values["invoice_number"]}
            outcome.rejected.append(Problem(row.line, "invoice_number", Reason.UNKNOWN_INVOICE, told))
        if values["payer"] and values["payer"] not in people:
            outcome.rejected.append(Problem(row.line, "payer", Reason.UNKNOWN_CARD, {"key": values["payer"]}))
        if values["amount"] <= 0:
            outcome.rejected.append(Problem(row.line, "amount", Reason.PAYMENT_NOT_POSITIVE))


def _same(link: PaymentInvoice, row: Row, people: dict[str, int]) -> bool:
    values = row.values
    return (
        link.invoice.number == values["invoice_number"]
        and link.amount_cents == values["amount"]
        and link.payment.method == values["method"]
        and link.payment.payer_id == people.get(values["payer"])
        and link.payment.resolved_at == clock.noon(values["paid_on"])
    )


def _book(row: Row, invoice_id: int, payer: int | None, listener: Listener) -> Change:
    """Plan to book a payment, unless its invoice changed too much meanwhile."""

    def change(outcome: Outcome) -> None:
        hold(Invoice.select().where(Invoice.id == invoice_id))
        invoice = Invoice.get_by_id(invoice_id)
        if problem := _not_now(row, invoice, is_being_paid=bool(_being_paid([invoice_id]))):
            outcome.not_created(problem)
            return
        at = clock.noon(row.values["paid_on"])
        payment = Payment.create(
            reference=PREFIX + row.values["payment"],
            source="import",
            payer=payer,
            method=row.values["method"],
            state=Payment.PAID,
            amount_cents=row.values["amount"],
            created_at=at,
            resolved_at=at,
            due_at=None,  # the gateway has nothing to say of it
        )
        link = PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=payment.amount_cents)
        PaymentEvent.create(payment=payment, name="imported", to_state=Payment.PAID, cause="import")
        book(payment, [link], listener)

    return change


def _not_now(row: Row, invoice: Invoice, *, is_being_paid: bool) -> Problem | None:
    """Tell why a payment cannot be booked: its invoice is being paid by card, or owes less."""
    key = row.values["payment"]
    told = {"payment": key, "invoice": invoice.number}
    if is_being_paid:
        return Problem(row.line, "invoice_number", Reason.PAYMENT_MUST_WAIT, told, key)
    too_much = row.values["amount"] - invoice.balance_cents
    if too_much <= 0:
        return None
    told |= {"too_much_cents": too_much, "left_cents": invoice.balance_cents}
    return Problem(row.line, "amount", _beyond(invoice), told, key)


def _beyond(invoice: Invoice) -> Reason:
    """Tell how an invoice stands of which too much was paid."""
    if invoice.status == Invoice.CANCELLED:
        return Reason.PAYS_CANCELLED
    return Reason.PAYS_TOO_MUCH if invoice.balance_cents else Reason.PAYS_SETTLED
