"""Money given back at the counter, as a file of payments brings it: what is owed back first, then refunds."""

from collections.abc import Sequence

from domain.billing import allocation, ledger, overpayments
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.batches import among
from domain.exports.payments import PREFIX
from domain.imports.outcome import Change, Outcome, Plan, Problem, Reason
from domain.imports.taken import Known, Taken
from domain.payments import refunds
from models import CounterRefund, Invoice, Payment, PaymentInvoice, hold

AT_THE_COUNTER = "given back at the counter:"  # the reason of a refund, then the file's key


def known(references: Sequence[str]) -> dict[str, Known]:
    """Return what is here of money given back: cents by invoice, method, payer, moment; by reference."""
    found: dict[str, Known] = {}
    for one in among(CounterRefund.select(), CounterRefund.reference, references):
        said = found.setdefault(one.reference, ({}, one.method, one.payer_id, one.paid_at))
        said[0][one.invoice_id] = -one.amount_cents
    return found


def plan(taken: Taken, owed_back: dict[int, int], listener: Listener, made: Plan) -> None:
    """Plan to book money given back, and leave its invoices as the rows after it will find them.

    `owed_back` holds what is owed back of each invoice, in cents. More than what was paid is left alone.
    """
    had = {one.id: one.paid_cents + owed_back.get(one.id, 0) for one in taken.invoices.values()}
    if problem := _beyond(taken, had):
        made.outcome.left_alone.append(problem)
        return
    for invoice in taken.invoices.values():
        cents = _takes_back(taken, invoice, had[invoice.id])
        first = min(cents, owed_back.get(invoice.id, 0))
        owed_back[invoice.id] = owed_back.get(invoice.id, 0) - first
        invoice.paid_cents -= cents - first
        invoice.credited_cents += cents - first
    made.changes.append(_give_back(taken, listener))
    made.outcome.created += 1


def _takes_back(taken: Taken, invoice: Invoice, had_cents: int) -> int:
    """Return what money given back takes off what was paid of an invoice, cash being given to the nickel."""
    cents = -taken.amounts[invoice.id]
    return cents - overpayments.rounding_of(taken.method, cents, had_cents)


def _beyond(taken: Taken, had: dict[int, int]) -> Problem | None:
    """Say of which invoice more is given back than was paid."""
    for line, invoice in taken.invoices.items():
        if _takes_back(taken, invoice, had[invoice.id]) > had[invoice.id]:
            given, paid = -taken.amounts[invoice.id], had[invoice.id]
            told: dict[str, str | int] = {"invoice": invoice.number, "given_cents": given, "paid_cents": paid}
            return taken.problem(line, "amount", Reason.GIVEN_BEYOND, told)
    return None


def _give_back(taken: Taken, listener: Listener) -> Change:
    """Plan to book money given back, unless less was paid meanwhile."""

    def change(outcome: Outcome) -> None:
        ids = list(taken.amounts)
        hold(Invoice.select().where(Invoice.id.in_(ids)))
        owed = overpayments.owed_by_invoice(ids)
        had = {one: owed.get(one, 0) + sum(most for _, most in _refundable(one)) for one in ids}
        if problem := _beyond(taken, had):
            outcome.not_created(problem)
            return
        for invoice in taken.invoices.values():
            _write(taken, invoice, _takes_back(taken, invoice, had[invoice.id]), listener)

    return change


def _write(taken: Taken, invoice: Invoice, cents: int, listener: Listener) -> None:
    """Give back so much of an invoice: what is owed back first, then of its payments, the latest first."""
    at, method = clock.noon(taken.paid_on), taken.method
    made = CounterRefund.create(
        reference=PREFIX + taken.key,
        invoice=invoice,
        amount_cents=-taken.amounts[invoice.id],
        paid_at=at,
        method=method,
        payer=taken.payer,
        rounding_cents=-taken.amounts[invoice.id] - cents,
    )
    ledger.post(ledger.rounded(f"rounding:{made.reference}:{invoice.number}", method, made.rounding_cents))
    left = cents - overpayments.give_back_part(invoice, cents, method, at)
    reason = f"{AT_THE_COUNTER} {taken.key}"
    for payment, most in _refundable(invoice.id):
        if part := min(left, most):
            refunds.hand_over(
                payment,
                part,
                refunds.left_cents(payment),
                reason,
                None,
                method,
                listener,
                cause="import",
                at=at,
                of_invoice=invoice.id,
                knowingly=True,  # disputed or not, it is given
            )
            left -= part


def _refundable(invoice_id: int) -> list[tuple[Payment, int]]:
    """Return an invoice's payments, the latest first, each with what can still be given back of it there."""
    mine = (
        Payment.select()
        .join(PaymentInvoice)
        .where(PaymentInvoice.invoice == invoice_id, Payment.state.in_(Payment.RECEIVED_STATES))
        .order_by(Payment.resolved_at.desc(), Payment.id.desc())
    )
    free = {payment: allocation.sum_by_invoice(allocation.free_by_line(payment)).get(invoice_id, 0) for payment in mine}
    return [(payment, min(cents, refunds.left_cents(payment))) for payment, cents in free.items()]
