"""Money on its way, by card here or by any means elsewhere."""

from datetime import date
from typing import TYPE_CHECKING

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from tables.access import Account
from tables.billing import Invoice
from tables.database import Table, utcnow
from tables.people import Person

if TYPE_CHECKING:
    from tables.disputes import Dispute
    from tables.ledger import CreditNote, Receipt


class Payment(Table):
    """One attempt to settle one or several invoices, by card here or by any means elsewhere."""

    CREATED, SUBMITTED, UNKNOWN = "created", "submitted", "unknown"
    PAID, REFUSED, UNEXPECTED = "paid", "refused", "unexpected"
    SETTLED, SETTLEMENT_DECLINED, DISPUTED = "settled", "settlement_declined", "disputed"
    VOIDED, REFUNDED, CHARGED_BACK = "voided", "refunded", "charged_back"
    RECEIVED_STATES = (PAID, SETTLED, DISPUTED)  # the city has, or will have, the money
    REVERSED_STATES = (SETTLEMENT_DECLINED, CHARGED_BACK, VOIDED)  # not by a refund of ours: owed again
    BOOKED_STATES = (*RECEIVED_STATES, *REVERSED_STATES, REFUNDED)  # a receipt was given
    OPEN_STATES = (CREATED, SUBMITTED, UNKNOWN)
    # To be told by, where a payer or a day is asked too: SQLite would go by IN (nearly all) and read nearly all.
    NOT_BOOKED_STATES = (*OPEN_STATES, REFUSED, UNEXPECTED)
    CARD, CASH, CHEQUE, DEBIT, TERMINAL = "card", "cash", "cheque", "debit", "terminal"
    TRANSFER, CREDIT, OTHER = "transfer", "credit", "other"
    METHODS = (CASH, CHEQUE, DEBIT, TERMINAL, TRANSFER, CREDIT, CARD, OTHER)

    reference = CharField(unique=True)  # also the gateway's order id; never reused
    source = CharField(default="portal")  # portal, or import: taken elsewhere
    account = ForeignKeyField(Account, null=True, backref="payments")
    account_id: int | None
    payer = ForeignKeyField(Person, null=True)
    payer_id: int | None
    method = CharField(default=CARD)
    state = CharField(default=CREATED)
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    nonce = CharField(null=True)  # erased when it is sent: from then on the payment is only searched for
    created_at = DateTimeField(default=utcnow)
    submitted_at = DateTimeField(null=True)
    resolved_at = DateTimeField(null=True)
    due_at = DateTimeField(null=True, default=utcnow)  # when there is something to do, or to ask, for it
    empty_looks = IntegerField(default=0)  # searches in a row that found nothing
    gateway_id = CharField(null=True, unique=True)
    settlement_batch = CharField(default="")
    card_brand = CharField(default="")
    card_last_four = CharField(default="")
    refusal = CharField(default="")
    refunded_cents = BigIntegerField(default=0)
    invoice_links: "ModelSelect[PaymentInvoice]"
    guests: "ModelSelect[GuestPayer]"
    refunds: "ModelSelect[Refund]"
    receipts: "ModelSelect[Receipt]"
    credit_notes: "ModelSelect[CreditNote]"
    overpayments: "ModelSelect[Overpayment]"
    disputes: "ModelSelect[Dispute]"

    class Meta:
        constraints = [Check("refunded_cents >= 0 AND refunded_cents <= amount_cents")]
        indexes = ((("state", "due_at"), False), (("resolved_at",), False), (("submitted_at",), False))

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def is_reversed(self) -> bool:
        return self.state in self.REVERSED_STATES


class PaymentInvoice(Table):
    """What a payment pays of an invoice. `is_open` is true while the outcome is not known."""

    payment = ForeignKeyField(Payment, backref="invoice_links", on_delete="CASCADE", index=False)
    payment_id: int
    invoice = ForeignKeyField(Invoice, backref="payment_links")
    invoice_id: int
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    is_open = BooleanField(default=False)

    class Meta:
        indexes = ((("payment", "invoice"), True),)


PaymentInvoice.add_index(
    PaymentInvoice.index(PaymentInvoice.invoice, unique=True, where=PaymentInvoice.is_open, name="one_open_payment")
)


class CashRounding(Table):
    """What cash to the nickel added to what an invoice took of a payment, or took from it."""

    payment = ForeignKeyField(Payment, on_delete="CASCADE", index=False)
    payment_id: int
    invoice = ForeignKeyField(Invoice)
    invoice_id: int
    cents = IntegerField(constraints=[Check("cents <> 0 AND cents BETWEEN -2 AND 2")])

    class Meta:
        indexes = ((("payment", "invoice"), True),)


class Overpayment(Table):
    """What came in elsewhere beyond what its invoice owed: owed back to who paid, until it is returned."""

    OWED, RETURNED = "owed", "returned"

    payment = ForeignKeyField(Payment, backref="overpayments")
    payment_id: int
    invoice = ForeignKeyField(Invoice, backref="overpayments")
    invoice_id: int
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    state = CharField(default=OWED, index=True)
    found_at = DateTimeField(default=utcnow)
    returned_at = DateTimeField(null=True)
    returned_by = CharField(default="")  # a staff user name; nothing for a file
    method = CharField(default="")  # how it was returned


class CounterRefund(Table):
    """Money given back at the counter of the city's other system, as its file says it: its key, one row an invoice."""

    reference = CharField()
    invoice = ForeignKeyField(Invoice)
    invoice_id: int
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    paid_at = DateTimeField()
    method = CharField()
    payer = ForeignKeyField(Person, null=True)
    payer_id: int | None
    rounding_cents = IntegerField(default=0)  # of cash to the nickel: what was given beyond what it takes back

    class Meta:
        indexes = ((("reference", "invoice"), True),)


class GuestPayer(Table):
    """Who says to have paid, when nobody was signed in."""

    payment = ForeignKeyField(Payment, unique=True, backref="guests", on_delete="CASCADE")
    payment_id: int
    name = CharField()
    email = CharField(default="")
    key = CharField(null=True, unique=True)  # in the link that opens this payment, and nothing else, for who paid
    wants_pdf = BooleanField(null=True)  # in the letter that brings her receipt


class SavedCard(Table):
    """A card kept in the gateway's vault for an account, under a customer of its own there: what may be shown of it."""

    ADDING, WITH_PAYMENT = "adding", "with payment"
    KEPT, REFUSED, REMOVING, REMOVED = "kept", "refused", "removing", "removed"

    reference = CharField(unique=True)  # also the customer's id at the gateway; never reused
    account = ForeignKeyField(Account, null=True, backref="saved_cards", on_delete="SET NULL")
    account_id: int | None
    state = CharField(default=ADDING)
    nonce = CharField(null=True)  # erased once the vault has answered
    token = CharField(null=True, unique=True)  # the vault's
    number_key = CharField(default="")  # the vault's: the same for the same number, and tells nothing of it
    brand = CharField(default="")
    last_four = CharField(default="")
    expires_on = DateField(null=True)
    is_default = BooleanField(default=False)
    tries = IntegerField(default=0)
    problem = CharField(default="")
    created_at = DateTimeField(default=utcnow)
    changed_at = DateTimeField(default=utcnow)
    due_at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("state", "due_at"), False),)

    def is_expired_on(self, day: date) -> bool:
        return self.expires_on is None or self.expires_on < day


SavedCard.add_index(
    SavedCard.index(SavedCard.account, unique=True, where=SavedCard.is_default, name="one_default_card")
)


class PaymentCard(Table):
    """How a payment uses the vault: the saved card that pays, or the one to keep if the payment succeeds."""

    payment = ForeignKeyField(Payment, unique=True, backref="saved_cards", on_delete="CASCADE")
    payment_id: int
    card = ForeignKeyField(SavedCard, backref="payments", on_delete="CASCADE")


class PaymentEvent(Table):
    """One change in a payment's life; written once, never changed."""

    payment = ForeignKeyField(Payment, backref="events")
    payment_id: int
    at = DateTimeField(default=utcnow)
    name = CharField()
    from_state = CharField(default="")
    to_state = CharField()
    cause = CharField()  # browser, worker, sweep, webhook, staff, import, restore, instalment
    words = TextField(default="")  # the gateway's


class Refund(Table):
    """Money given back, whole or in part: a void while the charge is unsettled, a refund after."""

    CREATED, SUBMITTED, UNKNOWN, DONE, REFUSED = "created", "submitted", "unknown", "done", "refused"
    DECLINED = "declined"  # done, and sent back by the bank days later
    PAYMENT_GONE, NOTHING_FOUND, BY_GATEWAY = "payment gone", "nothing found", "by the gateway"
    REFUSALS = (PAYMENT_GONE, NOTHING_FOUND, BY_GATEWAY)  # why one is refused; views/messages/facts has the words
    OPEN_STATES = (CREATED, SUBMITTED, UNKNOWN)

    payment = ForeignKeyField(Payment, backref="refunds")
    payment_id: int
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    reason = CharField(default="")
    cause = CharField()
    state = CharField(default=CREATED)
    created_at = DateTimeField(default=utcnow)
    submitted_at = DateTimeField(null=True)
    resolved_at = DateTimeField(null=True)
    due_at = DateTimeField(null=True, default=utcnow)
    gateway_id = CharField(null=True, unique=True)
    words = TextField(default="")
    method = CharField(default=Payment.CARD)  # how it goes back; by card, the worker has the gateway do it
    credit_notes: "ModelSelect[CreditNote]"

    class Meta:
        indexes = ((("state", "due_at"), False), (("submitted_at",), False))


class WebhookEvent(Table):
    """A notice from the gateway, verified and kept once; the truth is then asked from the gateway itself."""

    digest = CharField(unique=True)
    kind = CharField()
    gateway_id = CharField(default="")
    received_at = DateTimeField(default=utcnow)
    handled_at = DateTimeField(null=True)
    due_at = DateTimeField(default=utcnow)


WebhookEvent.add_index(
    WebhookEvent.index(WebhookEvent.due_at, where=WebhookEvent.handled_at.is_null(), name="webhook_event_waiting")
)
