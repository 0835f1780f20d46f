"""Payments taken elsewhere: at the counter, or in the old system. Nobody must be asked for what was paid there.

Several rows of one key are one payment of several invoices. Amounts below zero are money given back: counter_refunds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from domain.billing import overpayments
from domain.billing.listener import Listener
from domain.billing.overpayments import Parts
from domain.common import clock
from domain.common.batches import among, columns_among
from domain.exports import payments as exported
from domain.exports.payments import PREFIX
from domain.imports import belonging, counter_refunds, credit_uses, lookalikes
from domain.imports.belonging import Belonging
from domain.imports.outcome import Change, Outcome, Plan, Problem, Reason, Row, Watch, by_key
from domain.imports.taken import Known, Taken, group
from domain.imports.two_sources import Ours
from models import Invoice, Payment, PaymentEvent, PaymentInvoice, Person, hold


def plan(rows: Sequence[Row], ours: Ours, listener: Listener, progress: Watch = iter) -> Plan:
    """Plan the payments to book, and the money given back; nothing is written.

    One that cannot be booked as it stands (its invoice is cancelled, or being paid) or changed since is left alone and
    listed; what is paid twice is booked, owed back, and listed: the nightly import must not stop.
    """
    made = Plan()
    cards = {row.values["payer"] for row in rows} - {""}
    people = dict(columns_among(Person.select(Person.card_number, Person.id), Person.card_number, cards))
    invoices = by_key(among(Invoice.select(), Invoice.number, {row.values["invoice_number"] for row in rows}), "number")
    _reject_unknown(rows, invoices, people, made.outcome)
    grouped = group(rows, made.outcome)
    if made.outcome.rejected:
        return made
    known = _known(list(grouped))
    alike = lookalikes.by_zeros(list(grouped), PREFIX)
    credits = credit_uses.named(grouped) if ours.from_portal else {}
    being_paid = _being_paid([invoice.id for invoice in invoices.values()])
    owed_back = overpayments.owed_by_invoice([invoice.id for invoice in invoices.values()])
    belongs = belonging.of(people.values(), {invoice.household_id for invoice in invoices.values()})
    for key, same in progress(grouped.items()):
        of_lines = {row.line: invoices[row.values["invoice_number"]] for row in same}
        taken = Taken(same, of_lines, people.get(same[0].values["payer"]))
        if not ours.from_portal:
            taken = _with_her_payer(taken, belongs, known, made)
        if PREFIX + key in known:
            _compare(taken, known[PREFIX + key], made.outcome)
        elif key in credits:
            credit_uses.plan(taken, credits[key], listener, made)
        elif problem := _not_now(taken, being_paid, alike):
            made.outcome.left_alone.append(problem)
        elif not ours.may_create(made, taken.line, "payment", key):
            continue
        elif taken.is_given_back:
            counter_refunds.plan(taken, owed_back, listener, made)
        else:
            _plan_to_book(taken, owed_back, listener, made)
    return made


def _plan_to_book(taken: Taken, owed_back: dict[int, int], listener: Listener, made: Plan) -> None:
    """Plan to book a payment, and leave its invoices as the rows after it will find them."""
    for line, part in _parts(taken, made.outcome).items():
        invoice = taken.invoices[line]
        invoice.paid_cents += part.booked_cents
        owed_back[invoice.id] = owed_back.get(invoice.id, 0) + part.over_cents
    made.changes.append(_book(taken, listener))
    made.outcome.created += 1


def _with_her_payer(taken: Taken, belongs: Belonging, known: Mapping[str, Known], made: Plan) -> Taken:
    """Return a payment without a payer who has nothing to do with its invoices' households; that is listed.

    Money comes first: it is booked all the same. One that is here with its payer stays as it is.
    """
    payer = taken.payer
    if payer is None or (PREFIX + taken.key in known and known[PREFIX + taken.key][2] == payer):
        return taken
    if all(belongs.has_to_do_with(payer, invoice.household_id) for invoice in taken.invoices.values()):
        return taken
    made.outcome.listed.append(taken.problem(taken.line, "payer", Reason.PAYER_ELSEWHERE))
    return replace(taken, payer=None)


def _known(keys: Sequence[str]) -> dict[str, Known]:
    """Return what each payment, or money given back, that is here already says, by its reference as if a file's."""
    references = [PREFIX + key for key in keys]
    payments = list(among(Payment.select(), Payment.reference, references))
    brought = overpayments.brought([payment.id for payment in payments])
    booked = {
        payment.reference: (brought.get(payment.id, {}), payment.method, payment.payer_id, payment.resolved_at)
        for payment in payments
    }
    made_here = {
        PREFIX + key: (one.cents, one.method, one.payer, clock.noon(one.day))
        for key, one in exported.known(keys).items()
    }
    return made_here | booked | counter_refunds.known(references)


def _compare(taken: Taken, known: Known, outcome: Outcome) -> None:
    """Say what the file says of a payment that is here already."""
    if known == (taken.amounts, taken.method, taken.payer, clock.noon(taken.paid_on)):
        outcome.unchanged += 1
        return
    outcome.left_alone.append(taken.problem(taken.line, "payment", Reason.PAYMENT_CHANGED))


def _being_paid(invoices: Collection[int]) -> set[int]:
    """Return the invoices that are in a payment under way, of these."""
    links = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)
    return {invoice for (invoice,) in columns_among(links, PaymentInvoice.invoice, invoices)}


def _reject_unknown(
    rows: Sequence[Row], invoices: dict[str, Invoice], people: dict[str, int], outcome: Outcome
) -> None:
    for row in rows:
        values = row.values
        if values["invoice_number"] not in invoices:
            told = {"key": values["invoice_number"]}
            outcome.rejected.append(Problem(row.line, "invoice_number", Reason.UNKNOWN_INVOICE, told))
        if values["payer"] and values["payer"] not in people:
            outcome.rejected.append(Problem(row.line, "payer", Reason.UNKNOWN_CARD, {"key": values["payer"]}))
        if not values["amount"]:
            outcome.rejected.append(Problem(row.line, "amount", Reason.PAYMENT_OF_NOTHING))


def _book(taken: Taken, listener: Listener) -> Change:
    """Plan to book a payment, unless its invoices changed too much meanwhile."""

    def change(outcome: Outcome) -> None:
        hold(Invoice.select().where(Invoice.id.in_(list(taken.amounts))))
        now = Taken(taken.rows, _as_now(taken.invoices), taken.payer)
        if problem := _not_now(now, _being_paid(now.amounts), alike={}):
            outcome.not_created(problem)
            return
        at = clock.noon(taken.paid_on)
        payment = Payment.create(
            reference=PREFIX + taken.key,
            source="import",
            payer=taken.payer,
            method=taken.method,
            state=Payment.PAID,
            amount_cents=sum(taken.amounts.values()),
            created_at=at,
            resolved_at=at,
            due_at=None,  # the gateway has nothing to say of it
        )
        PaymentEvent.create(payment=payment, name="imported", to_state=Payment.PAID, cause="import")
        parts = {now.invoices[line]: part for line, part in _parts(now, outcome).items()}
        overpayments.book(payment, parts, listener)

    return change


def _as_now(invoices: dict[int, Invoice]) -> dict[int, Invoice]:
    return {line: Invoice.get_by_id(invoice.id) for line, invoice in invoices.items()}


def _parts(taken: Taken, outcome: Outcome) -> dict[int, Parts]:
    """Part what each row brings; what is owed back is said of its line."""
    parts = {}
    for row in taken.rows:
        invoice = taken.invoices[row.line]
        part = overpayments.parts_of(taken.method, row.values["amount"], invoice.balance_cents)
        if part.over_cents:
            left = invoice.balance_cents
            reason = Reason.PAYS_TOO_MUCH if left else Reason.PAYS_SETTLED
            told: dict[str, str | int] = {
                "invoice": invoice.number,
                "left_cents": left,
                "too_much_cents": part.over_cents,
            }
            outcome.tell(taken.problem(row.line, "amount", reason, told))
        else:
            outcome.written.pop(row.line, None)
        parts[row.line] = part
    return parts


def _not_now(taken: Taken, being_paid: Collection[int], alike: Mapping[str, str]) -> Problem | None:
    """Say why a payment cannot be booked: it may be another, or one invoice of it is cancelled or being paid."""
    if taken.key in alike:
        return taken.problem(taken.line, "payment", Reason.ZEROS_ALONE, {"other": alike[taken.key]})
    for line, invoice in taken.invoices.items():
        if invoice.id in being_paid:
            return taken.problem(line, "invoice_number", Reason.PAYMENT_MUST_WAIT, {"invoice": invoice.number})
        if invoice.status == Invoice.CANCELLED:
            told: dict[str, str | int] = {"invoice": invoice.number, "amount_cents": abs(taken.amounts[invoice.id])}
            return taken.problem(line, "amount", Reason.PAYS_CANCELLED, told)
    return None
