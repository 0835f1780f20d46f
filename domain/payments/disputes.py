"""What disputes take of a payment and bring back, by their own amounts and kinds, however often they turn.

The gateway's word is written down; what follows is reckoned anew each time, so that a notice may come late or twice:
lost there = owed again by the invoices (credit notes) + lost by the city, which had given it back before.
"""

from collections import Counter as Tally

from peewee import Expression, fn

from domain.billing import allocation, credit_notes, ledger
from domain.billing.allocation import Shares
from domain.common import clock, lifecycle, money
from domain.payments import lifecycle as life
from domain.payments import unmatched_charges
from domain.payments.context import Context
from domain.payments.gateway import CardDispute, Charge, lost_cents
from models import CreditAllocation, CreditNote, Dispute, Invoice, Payment, PaymentInvoice, UnmatchedCharge, hold

OPEN, WON, LOST = Dispute.OPEN, Dispute.WON, Dispute.LOST
TRANSITIONS = {OPEN: {WON, LOST}, WON: {OPEN, LOST}, LOST: {OPEN, WON}}  # the bank has the last word, again and again

FOLLOWED = (*Payment.RECEIVED_STATES, Payment.CHARGED_BACK, Payment.REFUNDED)  # of the others there is no money to lose


class BeingDisputed(Exception):
    """Tried to refund a payment that its cardholder disputes, without knowing so: the city may lose it twice."""


def refuse_if_open(payment: Payment) -> None:
    """Raises: BeingDisputed."""
    if open_of(payment):
        raise BeingDisputed(payment.reference)


def note(payment: Payment, charge: Charge, context: Context) -> None:
    """Write down how the disputes of a payment's charge stand, and what follows, in the caller's transaction."""
    if not charge.disputes:
        return
    hold(Payment.select().where(Payment.id == payment.id))
    for told in charge.disputes:
        _write_down(Payment.get_by_id(payment.id), told, context)
    align(payment, context)


def _write_down(payment: Payment, told: CardDispute, context: Context) -> None:
    values = {
        name: getattr(told, name)
        for name in ("kind", "amount_cents", "lost_cents", "follows", "received_on", "answer_by")
    }
    dispute = Dispute.get_or_none(Dispute.gateway_id == told.gateway_id)
    if dispute is None:
        dispute = Dispute.create(payment=payment, gateway_id=told.gateway_id, state=told.state, **values)
    elif dispute.state != told.state:
        lifecycle.move(dispute, TRANSITIONS, told.state, changed_at=clock.now(), **values)
    else:
        Dispute.update(**values).where(Dispute.id == dispute.id).execute()
        return
    words = f"{told.kind} {told.gateway_id}: {told.amount_cents} ¢"
    life.note(payment, f"dispute {told.state}", context.cause, words)
    context.listener.disputed(payment, dispute)


def align(payment: Payment, context: Context) -> None:
    """Have invoices, ledger and state follow what disputes took of a payment, in the caller's transaction.

    What was given back before, or is about to be, is not owed again: the city loses it twice.
    """
    hold(Payment.select().where(Payment.id == payment.id))
    payment = Payment.get_by_id(payment.id)
    if payment.state not in FOLLOWED:
        return
    lost, taken = lost_cents(payment.disputes), taken_cents(payment)
    owed = min(lost, payment.amount_cents - payment.refunded_cents)
    _follow_state(payment, owed, context)
    if owed > taken:
        shares = allocation.in_proportion(payment, owed - taken)
        back = credit_notes.issue(
            payment, shares, reason=Payment.CHARGED_BACK, owed_again=True, listener=context.listener
        )
        context.listener.reversed(payment, back)
    elif owed < taken:
        _win_back(payment, taken - owed - _returned_cents(payment), context)
    rest = taken_cents(payment) - owed - _returned_cents(payment)  # what came back, and the invoices owe no more
    unmatched_charges.owe_won_back(payment, max(rest, 0), context)
    _book_lost_twice(payment, lost, context)


def release(shares: Shares, payment: Payment, context: Context) -> None:
    """Have owed again what was taken back of a payment but for these shares: a refund had reserved or had them."""
    if payment.disputes.exists() and payment.state in FOLLOWED:
        align(payment, context)
    elif payment.is_reversed:
        owed = credit_notes.issue(payment, shares, reason=payment.state, owed_again=True, listener=context.listener)
        context.listener.reversed(payment, owed)


def taken_cents(payment: Payment) -> int:
    """Return what disputes took of a payment and its invoices owe again, in cents."""
    mine = CreditNote.select(fn.SUM(CreditNote.amount_cents)).where(_reversals(payment))
    return int(mine.scalar() or 0)


def open_of(payment: Payment) -> list[Dispute]:
    """Return the disputes of a payment that are not decided and may take money."""
    moving = (Dispute.state == OPEN) & (Dispute.kind != Dispute.RETRIEVAL)
    return list(Dispute.select().where(Dispute.payment == payment, moving).order_by(Dispute.id))


def _reversals(payment: Payment) -> Expression:
    of_disputes = CreditNote.refund.is_null() & (CreditNote.reason == Payment.CHARGED_BACK)
    return (CreditNote.payment == payment) & of_disputes


def _follow_state(payment: Payment, owed: int, context: Context) -> None:
    """Move a payment where its disputes leave it: charged back once nothing is left; what is disputed was settled."""
    left = payment.amount_cents - payment.refunded_cents - owed
    if payment.state == Payment.REFUNDED:
        to_state = Payment.SETTLED if left else Payment.REFUNDED
    elif owed and not left:
        to_state = Payment.CHARGED_BACK
    elif open_of(payment):
        to_state = Payment.DISPUTED
    elif payment.state in (Payment.DISPUTED, Payment.CHARGED_BACK):
        to_state = Payment.SETTLED
    else:
        to_state = payment.state
    if to_state != payment.state:
        life.move(payment, to_state, to_state, context.cause)


def _win_back(payment: Payment, cents: int, context: Context) -> None:
    """Undo credit notes by what came back and was not returned, as far as their invoices owe it still."""
    left = max(cents, 0)
    for note in _to_undo(payment):
        shares = _still_owed(note, left)
        if shares:
            undoing = credit_notes.undo(
                note, reason=Payment.CHARGED_BACK, listener=context.listener, shares=shares, owed_again=True
            )
            context.listener.won_back(payment, undoing)
            left -= sum(shares.values())


def _to_undo(payment: Payment) -> list[CreditNote]:
    """Return the credit notes of what disputes took, the latest first, their invoices held."""
    notes = CreditNote.select().where(_reversals(payment), CreditNote.undoes.is_null())
    invoices = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.payment == payment)
    hold(Invoice.select().where(Invoice.id.in_(invoices)))
    return list(notes.order_by(CreditNote.id.desc()))


def _still_owed(note: CreditNote, cents: int) -> dict[int, int]:
    """Share an amount out to the lines a note took of, no invoice getting more than it owes, or than was taken."""
    shares: dict[int, int] = {}
    for invoice_id, lines in allocation.by_invoice(_still_taken(note)).items():
        part = max(min(cents, Invoice.get_by_id(invoice_id).balance_cents, sum(lines.values())), 0)
        cents -= part
        shares |= dict(zip(lines, money.share(part, list(lines.values())), strict=True))
    return {line: part for line, part in shares.items() if part}


def _still_taken(note: CreditNote) -> Shares:
    """Return what a note took of each line, in cents, without what came back of it before."""
    of_it = (CreditNote.id == note.id) | (CreditNote.undoes == note)
    left: Tally[int] = Tally()
    for share in CreditAllocation.select().join(CreditNote).where(of_it):
        left[share.line_id] += share.amount_cents
    return {line: cents for line, cents in left.items() if cents}


def _returned_cents(payment: Payment) -> int:
    """Return what was won and went back to the payer: its invoices had been paid otherwise."""
    return unmatched_charges.won_back_cents(payment, UnmatchedCharge.RETURNED)


def _book_lost_twice(payment: Payment, lost: int, context: Context) -> None:
    won_back = unmatched_charges.won_back_cents(payment, UnmatchedCharge.OWED, UnmatchedCharge.RETURNED)
    twice = lost - taken_cents(payment) + won_back
    before = ledger.lost_cents(payment.gateway_id or "")
    if twice != before:
        ledger.post(ledger.lost(payment.gateway_id or "", twice - before, payment))
        context.listener.lost_twice(payment, twice)
