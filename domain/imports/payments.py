"""Payments taken elsewhere: at the counter, or in the old system. Nobody must be asked for what was paid there."""

from collections.abc import Sequence

from domain.billing.allocation import book
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.formats import money
from domain.imports.outcome import Outcome, Problem
from models import Invoice, Payment, PaymentEvent, PaymentInvoice, Person, hold

PREFIX = "EXT-"  # the portal's own references begin with P and have no such part


def bring_in(rows: Sequence, listener: Listener, progress=iter) -> Outcome:
    """Book payments taken elsewhere, in the caller's transaction.

    One that cannot be booked as it stands (paid online meanwhile, or changed since) is left alone and listed: a person
    must settle it, and the nightly import must not stop.
    """
    outcome = Outcome()
    people = dict(Person.select(Person.card_number, Person.id).tuples())
    hold(Invoice.select().where(Invoice.number.in_(_not_in_yet(rows))))  # from who would pay them meanwhile
    invoices = {invoice.number: invoice for invoice in Invoice.select()}
    _reject_unknown(rows, invoices, people, outcome)
    if outcome.rejected:
        return outcome
    known = {link.payment.reference: link for link in _imported()}
    busy = {link.invoice_id for link in PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)}
    for row in progress(rows):
        link = known.get(PREFIX + row.values["payment"])
        invoice = invoices[row.values["invoice_number"]]
        if link is None and invoice.id in busy:
            reason = f"la facture {invoice.number} est en cours de paiement par carte : revenez-y au prochain import"
            outcome.left_alone.append(Problem(row.line, "invoice_number", reason))
        elif link is None:
            _book(row, invoice, people, listener, outcome)
        elif _same(link, row, people):
            outcome.unchanged += 1
        else:
            reason = f"le paiement {row.values['payment']} a changé depuis qu’il est entré : non modifié, à régler"
            outcome.left_alone.append(Problem(row.line, "payment", reason))
    return outcome


def _not_in_yet(rows: Sequence) -> list[str]:
    """Return the numbers of the invoices whose payments are not here yet."""
    known = {reference for (reference,) in Payment.select(Payment.reference).where(Payment.source == "import").tuples()}
    return [row.values["invoice_number"] for row in rows if PREFIX + row.values["payment"] not in known]


def _imported():
    return (
        PaymentInvoice.select(PaymentInvoice, Payment, Invoice)
        .join(Payment)
        .switch(PaymentInvoice)
        .join(Invoice)
        .where(Payment.source == "import")
    )


def _reject_unknown(rows: Sequence, invoices: dict, people: dict, outcome: Outcome) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        values = row.values
        if values["payment"] in seen:
            reason = f"ce paiement est déjà à la ligne {seen[values['payment']]}"
            outcome.rejected.append(Problem(row.line, "payment", reason))
        seen[values["payment"]] = row.line
        if values["invoice_number"] not in invoices:
            reason = f"la facture {values['invoice_number']} est inconnue"
            outcome.rejected.append(Problem(row.line, "invoice_number", reason))
        if values["payer"] and values["payer"] not in people:
            outcome.rejected.append(Problem(row.line, "payer", f"la carte {values['payer']} est inconnue"))
        if values["amount"] <= 0:
            outcome.rejected.append(Problem(row.line, "amount", "le montant doit être positif"))


def _same(link: PaymentInvoice, row, people: dict) -> bool:
    values = row.values
    return (
        link.invoice.number == values["invoice_number"]
        and link.amount_cents == values["amount"]
        and link.payment.method == values["method"]
        and link.payment.payer_id == people.get(values["payer"])
        and link.payment.resolved_at == clock.noon(values["paid_on"])
    )


def _book(row, invoice: Invoice, people: dict, listener: Listener, outcome: Outcome) -> None:
    amount, left = row.values["amount"], invoice.balance_cents
    if amount > left:
        reason = f"la facture {invoice.number} {_standing(invoice)} : {money(amount - left)} de trop, à régler"
        outcome.left_alone.append(Problem(row.line, "amount", reason))
        return
    at = clock.noon(row.values["paid_on"])
    payment = Payment.create(
        reference=PREFIX + row.values["payment"],
        source="import",
        payer=people.get(row.values["payer"]),
        method=row.values["method"],
        state=Payment.PAID,
        amount_cents=amount,
        created_at=at,
        resolved_at=at,
    )
    link = PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=amount)
    PaymentEvent.create(payment=payment, name="imported", to_state=Payment.PAID, cause="import")
    book(payment, [link], listener)
    invoice.paid_cents += amount
    outcome.created += 1


def _standing(invoice: Invoice) -> str:
    if invoice.status == Invoice.CANCELLED:
        return "est annulée"
    left = invoice.balance_cents
    return f"ne doit que {money(left)}" if left else "ne doit plus rien"
