"""The life of a card payment: each invoice charged at most once, every charge found, the page always true.

created → submitted → paid | refused | unknown → paid | refused. `submitted` is committed just before the gateway is
called; after a crash `created` is sent, `submitted` and `unknown` are only searched for. The order id is the payment's
reference and is never used twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from domain import booking, receipts
from domain.charging import Charge, Gateway, NotCharged, Uncertain
from models import Account, Invoice, Payment, PaymentEvent, PaymentInvoice, utcnow, write

CREATED, SUBMITTED, UNKNOWN = Payment.CREATED, Payment.SUBMITTED, Payment.UNKNOWN
PAID, REFUSED = Payment.PAID, Payment.REFUSED

TRANSITIONS = {
    CREATED: {SUBMITTED, REFUSED},
    SUBMITTED: {PAID, REFUSED, UNKNOWN},
    UNKNOWN: {PAID, REFUSED},
    PAID: set(),
    REFUSED: set(),
}
OPEN = Payment.OPEN_STATES

SEND_WITHIN = timedelta(minutes=15)  # a payment the server could not send by then is not sent behind someone's back
LOOK_AGAIN = timedelta(seconds=3)
EMPTY_LOOKS_NEEDED = 2  # one empty search proves nothing

Told = Callable[[Payment], None]


class NoSuchPayment(Exception):
    """Tried to see a payment that does not exist or is another household's."""


def last_for(account: Account, numbers: Sequence[str]) -> Payment | None:
    """Return the latest payment of any of these invoices of the account's household."""
    return (
        Payment.select()
        .join(PaymentInvoice)
        .join(Invoice)
        .where(Invoice.number.in_(numbers), Invoice.household.in_(account.household_ids()))
        .order_by(Payment.id.desc())
        .first()
    )


def find(reference: str, household_ids: list[int]) -> Payment:
    """Return a payment all of whose invoices belong to these households.

    Raises: NoSuchPayment.
    """
    payment = Payment.get_or_none(Payment.reference == reference)
    households = {invoice.household_id for invoice in invoices_of(payment)} if payment else set()
    if not households or not households <= set(household_ids):
        raise NoSuchPayment(reference)
    return payment


def invoices_of(payment: Payment) -> list[Invoice]:
    """Return the invoices a payment pays, by number."""
    return list(
        Invoice.select(Invoice, PaymentInvoice.amount_cents.alias("paid_here_cents"))
        .join(PaymentInvoice)
        .where(PaymentInvoice.payment == payment)
        .order_by(Invoice.number)
        .objects()
    )


def due_for_work(now: datetime | None = None) -> list[int]:
    """Return the ids of the payments a worker must advance: those created, and those due for another search."""
    now = now or utcnow()
    rows = (
        Payment.select(Payment.id)
        .where((Payment.state == CREATED) | ((Payment.state == UNKNOWN) & (Payment.next_look_at <= now)))
        .order_by(Payment.id)
        .tuples()
    )
    return [payment_id for (payment_id,) in rows]


def uncertain() -> list[Payment]:
    """Return the payments whose outcome is not known, whatever the hour of their next search."""
    return list(Payment.select().where(Payment.state == UNKNOWN).order_by(Payment.id))


def state_of(payment_id: int) -> str:
    """Return a payment's state as it is now."""
    return Payment.get_by_id(payment_id).state


def resume(under_way: set[int] = frozenset(), cause: str = "sweep") -> int:
    """Have the submitted payments that nobody is charging any more searched for, and return how many.

    `under_way` holds the ids of those being charged now. Call it only under the worker's exclusive lock: no other
    process can then be charging.
    """
    left = [payment for payment in Payment.select().where(Payment.state == SUBMITTED) if payment.id not in under_way]
    for payment in left:
        _doubt(payment, "the process stopped while the gateway was charging", cause)
    return len(left)


def advance(payment_id: int, gateway: Gateway, uncertain_for: timedelta, told: Told, cause: str = "worker") -> None:
    """Take a payment one step further: send it when created, search for it when its outcome is unknown.

    `told` writes the messages that follow, in the transaction that settles the payment.
    """
    payment = Payment.get_by_id(payment_id)
    if payment.state == CREATED:
        _send(payment, gateway, told, cause)
    elif payment.state == UNKNOWN:
        _look(payment, gateway, uncertain_for, told, cause)


def _send(payment: Payment, gateway: Gateway, told: Told, cause: str) -> None:
    if utcnow() - payment.created_at > SEND_WITHIN:
        _refuse(payment, "stopped", "never sent: the server was stopped", cause)
        return
    nonce = payment.nonce
    with write():
        # The nonce is no more needed: from here on this payment is only ever searched for.
        if not _move(payment, SUBMITTED, "submitted", cause, submitted_at=utcnow(), nonce=None):
            return
    try:
        charge = gateway.charge(payment.reference, payment.amount_cents, nonce)
    except NotCharged as refusal:
        _refuse(payment, refusal.reason, refusal.words, cause)
    except Uncertain as doubt:
        _doubt(payment, str(doubt), cause)
    else:
        _settle(payment, charge, told, cause)


def _look(payment: Payment, gateway: Gateway, uncertain_for: timedelta, told: Told, cause: str) -> None:
    asked_at = utcnow()
    try:
        charges = gateway.search(payment.reference)
    except Uncertain as doubt:
        _look_later(payment, empty_looks=0, words=str(doubt))
        return
    if charges:
        _settle(payment, charges[0], told, cause)
    elif asked_at - payment.submitted_at > uncertain_for and payment.empty_looks + 1 >= EMPTY_LOOKS_NEEDED:
        _refuse(payment, "not_found", f"nothing found at the gateway {uncertain_for} after sending", cause)
    else:
        _look_later(payment, empty_looks=payment.empty_looks + 1)


def _look_later(payment: Payment, empty_looks: int, words: str = "") -> None:
    with write():
        Payment.update(next_look_at=utcnow() + LOOK_AGAIN, empty_looks=empty_looks).where(
            Payment.id == payment.id
        ).execute()


def _settle(payment: Payment, charge: Charge, told: Told, cause: str) -> None:
    """Book a charge: state, invoices, ledger, receipt and messages in one transaction."""
    with write():
        moved = _move(
            payment,
            PAID,
            "charged",
            cause,
            words=charge.status,
            resolved_at=utcnow(),
            gateway_id=charge.gateway_id,
            card_brand=charge.card_brand,
            card_last_four=charge.card_last_four,
            settlement_batch=charge.settlement_batch,
        )
        if not moved:
            return
        booking.book(payment, list(payment.invoice_links), posting=f"payment:{payment.reference}")
        receipts.issue(payment)
        told(payment)


def _refuse(payment: Payment, reason: str, words: str, cause: str) -> None:
    with write():
        _move(payment, REFUSED, "refused", cause, words=words, resolved_at=utcnow(), refusal=reason)


def _doubt(payment: Payment, words: str, cause: str) -> None:
    with write():
        _move(payment, UNKNOWN, "uncertain", cause, words=words, next_look_at=utcnow() + LOOK_AGAIN)


def _move(payment: Payment, to_state: str, event: str, cause: str, words: str = "", **values: object) -> bool:
    """Change a payment's state once: one conditional UPDATE, its event, and the links' open flag.

    Returns whether this call made the change; another thread or process may have been first.
    """
    from_state = payment.state
    assert to_state in TRANSITIONS[from_state], (from_state, to_state)
    if to_state not in OPEN:
        values["nonce"] = None
    changed = (
        Payment.update(state=to_state, **values).where(Payment.id == payment.id, Payment.state == from_state).execute()
    )
    if not changed:
        return False
    payment.state = to_state
    for name, value in values.items():
        setattr(payment, name, value)
    PaymentInvoice.update(is_open=to_state in OPEN).where(PaymentInvoice.payment == payment).execute()
    PaymentEvent.create(
        payment=payment, name=event, from_state=from_state, to_state=to_state, cause=cause, words=words[:2000]
    )
    return True
