"""The life of a card payment: each invoice charged at most once, every charge found, the page always true.

`submitted` is committed just before the gateway is called; after a crash `created` is sent, `submitted` and `unknown`
are only searched for. The order id is the payment's reference and is never used twice. docs/payments.md draws it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from domain.billing import allocation, receipts
from domain.common import clock, lifecycle
from domain.payments import card_consents, card_tries, saved_cards, unmatched_charges
from domain.payments.context import Context
from domain.payments.gateway import Charge, Item, NotCharged, Refusal, Uncertain
from models import Invoice, Payment, PaymentEvent, PaymentInvoice, SavedCard, UnmatchedCharge, Value, write

CREATED, SUBMITTED, UNKNOWN = Payment.CREATED, Payment.SUBMITTED, Payment.UNKNOWN
PAID, REFUSED, UNEXPECTED = Payment.PAID, Payment.REFUSED, Payment.UNEXPECTED

TRANSITIONS = {
    CREATED: {SUBMITTED, REFUSED},
    SUBMITTED: {PAID, REFUSED, UNKNOWN, UNEXPECTED},
    UNKNOWN: {PAID, REFUSED, UNEXPECTED},
    REFUSED: {PAID, UNEXPECTED},  # a charge that shows up after it was given up
    UNEXPECTED: set(),
    PAID: {
        Payment.SETTLED,
        Payment.SETTLEMENT_DECLINED,
        Payment.DISPUTED,
        Payment.VOIDED,
        Payment.REFUNDED,
        Payment.CHARGED_BACK,
    },
    Payment.SETTLED: {
        Payment.SETTLEMENT_DECLINED,
        Payment.DISPUTED,
        Payment.VOIDED,
        Payment.REFUNDED,
        Payment.CHARGED_BACK,
    },
    Payment.DISPUTED: {
        Payment.SETTLED,
        Payment.SETTLEMENT_DECLINED,
        Payment.VOIDED,
        Payment.REFUNDED,
        Payment.CHARGED_BACK,
    },
    Payment.SETTLEMENT_DECLINED: set(),
    Payment.CHARGED_BACK: {Payment.SETTLED, Payment.DISPUTED},  # a dispute won after all
    Payment.VOIDED: set(),
    Payment.REFUNDED: {Payment.SETTLED},  # the bank sent the refund back days later, or a dispute's part was won
}
OPEN = Payment.OPEN_STATES

SEND_WITHIN = timedelta(minutes=15)  # a payment the server could not send by then is not sent behind someone's back
LOOK_AGAIN = timedelta(seconds=3)
EMPTY_LOOKS_NEEDED = 2  # one empty search proves nothing
FOLLOWED_AFTER = timedelta(hours=24)  # money not settled yet is asked about, whether or not webhooks come


class Unsent(StrEnum):
    """Why a payment is refused, beside the gateway's reasons; its words stand in views/messages/paying."""

    STOPPED = "stopped"
    CHANGED = "changed"
    REMOVED = "removed"
    NOT_FOUND = "not_found"


def due_for_work(now: datetime | None = None) -> list[int]:
    """Return the ids of the payments a worker must advance: those created, and those due for another search."""
    due = Payment.state.in_((CREATED, UNKNOWN)) & lifecycle.is_due(Payment.due_at, now or clock.now(), LOOK_AGAIN)
    return list(Payment.select(Payment.id).where(due).order_by(Payment.id).scalars())


def uncertain() -> list[Payment]:
    """Return the payments whose outcome is not known, whatever the hour of their next search."""
    return list(Payment.select().where(Payment.state == UNKNOWN).order_by(Payment.id))


def resume(under_way: Collection[int] = ()) -> int:
    """Have the submitted payments that nobody is charging any more searched for, and return how many.

    `under_way` holds the ids of those being charged now. Call it only under the worker's exclusive lock: no other
    process can then be charging.
    """
    left = [payment for payment in Payment.select().where(Payment.state == SUBMITTED) if payment.id not in under_way]
    for payment in left:
        _doubt(payment, "the process stopped while the gateway was charging", "sweep")
    return len(left)


def advance(payment_id: int, context: Context) -> None:
    """Take a payment one step further: send it when created, search for it when its outcome is unknown."""
    payment = Payment.get_by_id(payment_id)
    if payment.state == CREATED:
        _send(payment, context)
    elif payment.state == UNKNOWN:
        _look_later(payment, payment.empty_looks)  # whatever happens below, not again at once
        _look(payment, context)


def _send(payment: Payment, context: Context) -> None:
    if clock.now() - payment.created_at > SEND_WITHIN:
        _refuse(payment, Unsent.STOPPED, "never sent: the server was stopped", context)
        return
    nonce = payment.nonce
    if not _still_owed(payment):
        _refuse(payment, Unsent.CHANGED, "not sent: an invoice was paid or cancelled meanwhile", context)
        return
    card = saved_cards.of(payment)
    if card and card.state not in (saved_cards.KEPT, saved_cards.WITH_PAYMENT):
        _refuse(payment, Unsent.REMOVED, "not sent: the saved card was removed meanwhile", context)
        return
    source = card_consents.source_of(payment)
    with write():
        # The nonce is no more needed: from here on this payment is only ever searched for.
        if not move(payment, SUBMITTED, "submitted", context.cause, submitted_at=clock.now(), nonce=None):
            return
    try:
        how = saved_cards.how_to_charge(card) | ({"source": source} if source else {})
        charge = context.gateway.charge(payment.reference, payment.amount_cents, nonce or "", _items(payment), **how)
    except NotCharged as refusal:
        _not_charged(payment, refusal, card, context)
    except Uncertain as doubt:
        _doubt(payment, str(doubt), context.cause)
    else:
        resolve(payment, [charge], context)


def _not_charged(payment: Payment, refusal: NotCharged, card: SavedCard | None, context: Context) -> None:
    """Refuse a payment; the city is told what it must mend, and a card that the vault has no more leaves the list."""
    with write():
        _refuse(payment, refusal.reason, refusal.words, context)
        if refusal.reason == Refusal.CITY:
            context.listener.account_refused(refusal.words)
        elif refusal.reason == Refusal.CARD_GONE and card:
            saved_cards.gone(card)


def _still_owed(payment: Payment) -> bool:
    """Tell whether every invoice of a payment still owes what it is to pay of it."""
    return all(link.invoice.balance_cents >= link.amount_cents for link in _links(payment))


def _items(payment: Payment) -> list[Item]:
    """Return what the gateway keeps beside the charge, for the day a backup older than it is restored."""
    payer = str(payment.payer_id or "")
    return [Item(link.invoice.number, link.amount_cents, payer) for link in _links(payment)]


def _links(payment: Payment) -> list[PaymentInvoice]:
    return list(PaymentInvoice.select(PaymentInvoice, Invoice).join(Invoice).where(PaymentInvoice.payment == payment))


def _look(payment: Payment, context: Context) -> None:
    asked_at, sent_at = clock.now(), payment.submitted_at or payment.created_at
    try:
        charges = context.gateway.search(payment.reference)
    except Uncertain:
        _look_later(payment, empty_looks=0)
        return
    if charges:
        resolve(payment, charges, context)
    elif asked_at - sent_at > context.uncertain_for and payment.empty_looks + 1 >= EMPTY_LOOKS_NEEDED:
        words = f"nothing found at the gateway {context.uncertain_for} after sending"
        _refuse(payment, Unsent.NOT_FOUND, words, context)
    else:
        _look_later(payment, empty_looks=payment.empty_looks + 1)


def _look_later(payment: Payment, empty_looks: int) -> None:
    with write():
        Payment.update(due_at=clock.now() + LOOK_AGAIN, empty_looks=empty_looks).where(
            Payment.id == payment.id
        ).execute()


def resolve(payment: Payment, charges: list[Charge], context: Context) -> None:
    """Book the charge that is the payment's, even one found after it was given up, and have any other given back.

    A charge that cannot be booked (the invoice was paid or cancelled meanwhile, the amount differs) is given back too;
    one in another currency, or of another merchant account, is never booked, and held for a person.
    """
    ours = (charge for charge in charges if not charge.foreign)
    fitting = next((charge for charge in ours if charge.amount_cents == payment.amount_cents), None)
    if fitting is None:
        _give_back(payment, charges[0], UnmatchedCharge.OTHER_AMOUNT, context)
    else:
        try:
            with write():
                _book(payment, fitting, context)
        except allocation.NotOwed:
            _give_back(payment, fitting, UnmatchedCharge.NOT_OWED, context)
    now = Payment.get_by_id(payment.id)
    if now.state in (*OPEN, REFUSED):  # another process doubted it while this one waited for the answer
        resolve(now, charges, context)
        return
    for other in charges:
        if other.gateway_id != now.gateway_id:
            with write():
                unmatched_charges.note(payment, other, UnmatchedCharge.SECOND, context)


def _give_back(payment: Payment, charge: Charge, why: str, context: Context) -> None:
    """Have a charge given back when none of its payment's can be booked."""
    payment = Payment.get_by_id(payment.id)  # what was tried on it is undone
    with write():
        if move(payment, UNEXPECTED, "unexpected", context.cause, words=charge.status, resolved_at=clock.now()):
            unmatched_charges.note(payment, charge, why, context)


def _book(payment: Payment, charge: Charge, context: Context) -> None:
    """Book a charge in the caller's transaction: state, invoices, ledger, receipt and messages."""
    moved = move(
        payment,
        PAID,
        "charged",
        context.cause,
        words=charge.status,
        resolved_at=clock.now(),
        refusal="",
        gateway_id=charge.gateway_id,
        card_brand=charge.card_brand,
        card_last_four=charge.card_last_four,
        settlement_batch=charge.settlement_batch,
        due_at=clock.now() + FOLLOWED_AFTER,
    )
    if moved:
        allocation.book(payment, list(payment.invoice_links), context.listener)
        receipts.issue(payment)
        saved_cards.charged(payment, charge.kept_card)
        context.listener.account_works()
        context.listener.paid(payment)


def given_up(since: datetime) -> list[Payment]:
    """Return the payments given up since then because nothing was found: a charge may still show up."""
    lately = Payment.select().where(Payment.submitted_at >= since, Payment.refusal == Unsent.NOT_FOUND)
    return [payment for payment in lately if payment.state == REFUSED]  # not by state: of those refused there are years


def doubt_all(cause: str) -> None:
    """Have every open payment searched for and none sent: another copy of this database may have sent it.

    In the caller's transaction.
    """
    for payment in Payment.select().where(Payment.state == CREATED):
        move(payment, SUBMITTED, "submitted", cause, submitted_at=payment.created_at, nonce=None)
    for payment in Payment.select().where(Payment.state == SUBMITTED):
        move(payment, UNKNOWN, "uncertain", cause, words="restored from a copy", due_at=clock.now())


def _refuse(payment: Payment, reason: Refusal | Unsent, words: str, context: Context) -> None:
    with write():
        if move(payment, REFUSED, "refused", context.cause, words=words, resolved_at=clock.now(), refusal=reason):
            context.listener.not_paid(payment)


def _doubt(payment: Payment, words: str, cause: str) -> None:
    with write():
        move(payment, UNKNOWN, "uncertain", cause, words=words, due_at=clock.now() + LOOK_AGAIN)


def move(payment: Payment, to_state: str, event: str, cause: str, words: str = "", **values: Value) -> bool:
    """Change a payment's state once, with its event and its links' open flag, in the caller's transaction.

    Returns whether this call made the change; another thread or process may have been first. Raises: NoSuchMove.
    """
    from_state = payment.state
    if to_state not in OPEN:
        values["nonce"] = None
    if not lifecycle.move(payment, TRANSITIONS, to_state, **values):
        return False
    PaymentInvoice.update(is_open=to_state in OPEN).where(PaymentInvoice.payment == payment).execute()
    if from_state in (*OPEN, REFUSED) and to_state not in OPEN:
        card_tries.ended(payment.reference, payment.refusal if to_state == REFUSED else "")
    note(payment, event, cause, words, from_state)
    return True


def note(payment: Payment, event: str, cause: str, words: str = "", from_state: str = "") -> None:
    """Write what happened to a payment, in the caller's transaction; without `from_state` its state stayed."""
    PaymentEvent.create(
        payment=payment,
        name=event,
        from_state=from_state or payment.state,
        to_state=payment.state,
        cause=cause,
        words=words[:2000],
    )
