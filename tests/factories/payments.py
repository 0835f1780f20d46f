"""Payments, what takes them back, and saved cards."""

from datetime import timedelta

from domain.billing import allocation, credit_notes, ledger, overpayments
from domain.billing.listener import Listener
from domain.common import clock
from domain.payments import card_consents
from models import (
    Account,
    CardConsent,
    CreditNote,
    DeclinedReturn,
    Invoice,
    Payment,
    PaymentInvoice,
    Refund,
    SavedCard,
    UnmatchedCharge,
    write,
)
from tests.factories.numbers import numbers


def pay_elsewhere(
    *parts: tuple[Invoice, int], method: str = Payment.CASH, listener: Listener | None = None, **values
) -> Payment:
    """A payment taken at the counter, booked: so many cents of each invoice, even of one being paid by card."""
    defaults = {"source": "import", "method": method, "state": Payment.PAID, "resolved_at": clock.now(), "due_at": None}
    defaults |= {"reference": f"EXT-{next(numbers)}", "amount_cents": sum(cents for _, cents in parts)}
    with write():
        payment = Payment.create(**(defaults | values))
        links = [
            PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=cents) for invoice, cents in parts
        ]
        allocation.book(payment, links, listener or Listener())
    return payment


def pay_too_much(
    invoice: Invoice, cents: int, method: str = Payment.CASH, listener: Listener | None = None, **values
) -> Payment:
    """Money taken at the counter beyond what an invoice owes: the rest is owed back."""
    defaults = {"reference": f"EXT-{next(numbers)}", "source": "import", "state": Payment.PAID}
    defaults |= {"amount_cents": cents, "method": method, "resolved_at": clock.now()}
    with write():
        payment = Payment.create(**(defaults | values))
        now = Invoice.get_by_id(invoice.id)
        parts = {now: overpayments.parts_of(method, cents, now.balance_cents)}
        overpayments.book(payment, parts, listener or Listener())
    return payment


def make_payment_under_way(*invoices: Invoice, **values) -> Payment:
    """A payment by card of the whole of some invoices, its outcome not known yet."""
    due = sum(invoice.balance_cents for invoice in invoices)
    defaults = {"reference": f"P{next(numbers)}", "amount_cents": due, "state": Payment.UNKNOWN}
    payment = Payment.create(**(defaults | values))
    for invoice in invoices:
        PaymentInvoice.create(
            payment=payment, invoice=invoice, amount_cents=invoice.balance_cents, is_open=payment.is_open
        )
    return payment


def take_back(payment: Payment, cents: int, *, owed_again: bool = False, shares=None, **values) -> CreditNote:
    """A credit note on a payment: of a refund, or of money that came back when `owed_again`. No gateway is asked."""
    with write():
        made = {"payment": payment, "amount_cents": cents, "cause": "staff", "state": Refund.DONE}
        refund = None if owed_again else Refund.create(**made)
        note = credit_notes.issue(
            payment,
            shares or allocation.in_proportion(payment, cents),
            reason="absence",
            owed_again=owed_again,
            listener=Listener(),
            refund=refund,
        )
        if values:
            CreditNote.update(**values).where(CreditNote.id == note.id).execute()
    return note


def make_saved_card(account: Account, **values) -> SavedCard:
    """A card kept for an account; the gateway's vault is not told."""
    n = next(numbers)
    defaults = {
        "reference": f"guichet-{n}",
        "state": SavedCard.KEPT,
        "token": f"token{n}",
        "brand": "Visa",
        "last_four": "1111",
        "expires_on": clock.today() + timedelta(days=400),
    }
    return SavedCard.create(account=account, **(defaults | values))


def make_consent(account: Account, *invoices: Invoice) -> CardConsent:
    """A consent to have all but the first of these invoices charged to the card that pays the first."""
    with write():
        consent = card_consents.give(account.id, invoices, card_consents.WORDS)
    assert consent
    return consent


def make_declined_charge(payment: Payment, cents: int = 4_200, times: int = 2, **values) -> UnmatchedCharge:
    """A second charge of a payment that its bank sent back so often."""
    n = next(numbers)
    defaults = {"reference": payment.reference, "gateway_id": f"charge{n}", "reason": UnmatchedCharge.SECOND}
    charge = UnmatchedCharge.create(**(defaults | {"amount_cents": cents} | values))
    if charge.is_of_these_books and charge.state == UnmatchedCharge.OWED:
        ledger.post(ledger.unmatched(charge.gateway_id, cents))
    for time in range(times):
        DeclinedReturn.create(charge=charge.gateway_id, what=f"credit{n} {time}", amount_cents=cents)
    return charge
