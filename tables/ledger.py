"""The books: what each payment pays of each line, the documents given for it, and the ledger."""

from peewee import BigIntegerField, CharField, Check, DateField, DateTimeField, ForeignKeyField, ModelSelect, TextField

from tables.billing import Invoice, InvoiceLine
from tables.database import Table, utcnow
from tables.messages import Message
from tables.payments import Payment, Refund
from tables.people import Household


class Allocation(Table):
    """The share of a payment that goes to one invoice line."""

    payment = ForeignKeyField(Payment, backref="allocations", index=False)
    payment_id: int
    line = ForeignKeyField(InvoiceLine, backref="allocations")
    line_id: int
    amount_cents = BigIntegerField()

    class Meta:
        indexes = ((("payment", "line"), True),)


class CreditNote(Table):
    """The numbered document that takes back a receipt, in whole or in part: a refund, or a payment reversed later.

    Without a payment it lowers what an invoice owes: nothing was paid, and nothing is given back. One that undoes
    another (a refund that the bank sent back, a dispute won after all) is below zero, of its amount or a part of it.
    """

    number = CharField(unique=True)
    payment = ForeignKeyField(Payment, null=True, backref="credit_notes")
    payment_id: int | None
    refund = ForeignKeyField(Refund, null=True, backref="credit_notes")
    refund_id: int | None
    amount_cents = BigIntegerField()
    reason = CharField()
    issued_at = DateTimeField(default=utcnow)
    invoice = ForeignKeyField(Invoice, null=True, backref="credit_notes")
    invoice_id: int | None
    undoes = ForeignKeyField("self", null=True, backref="undone_by")
    undoes_id: int | None
    allocations: "ModelSelect[CreditAllocation]"

    class Meta:
        constraints = [
            Check("(payment_id IS NULL) <> (invoice_id IS NULL)"),
            Check("(amount_cents > 0) = (undoes_id IS NULL) AND amount_cents <> 0"),
        ]
        indexes = ((("issued_at",), False),)


CreditNote.add_index(
    CreditNote.index(CreditNote.refund, unique=True, where=CreditNote.undoes.is_null(), name="one_credit_note")
)
CreditNote.add_index(  # what a dispute took may be won back in parts
    CreditNote.index(CreditNote.undoes, unique=True, where=CreditNote.refund.is_null(False), name="one_refund_undone")
)


class HouseholdCredit(Table):
    """A credit note that a file brings: it lowers what the household owes, and what is left of it waits."""

    number = CharField(unique=True)  # the file's
    household = ForeignKeyField(Household, backref="credits")
    household_id: int
    issued_on = DateField()
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    left_cents = BigIntegerField()
    lines = TextField()  # JSON: as the file says them

    class Meta:
        constraints = [Check("left_cents >= 0 AND left_cents <= amount_cents")]


class CreditUse(Table):
    """The credit note by which a household's credit lowered what an invoice owes."""

    credit = ForeignKeyField(HouseholdCredit, backref="uses")
    credit_id: int
    note = ForeignKeyField(CreditNote, unique=True)
    note_id: int


class RefundLine(Table):
    """What a refund gives back of one invoice line: named when it is asked."""

    refund = ForeignKeyField(Refund, backref="lines", on_delete="CASCADE", index=False)
    refund_id: int
    line = ForeignKeyField(InvoiceLine, backref="refund_lines")
    line_id: int
    amount_cents = BigIntegerField()

    class Meta:
        indexes = ((("refund", "line"), True),)


class CreditAllocation(Table):
    """The share of a credit note taken back from one invoice line."""

    credit_note = ForeignKeyField(CreditNote, backref="allocations", index=False)
    line = ForeignKeyField(InvoiceLine, backref="credit_allocations")
    line_id: int
    amount_cents = BigIntegerField()

    class Meta:
        indexes = ((("credit_note", "line"), True),)


class LedgerEntry(Table):
    """One side of a double entry. Entries that share a `posting` balance; the table is append-only."""

    posting = CharField(index=True)
    at = DateTimeField(default=utcnow)
    account = CharField(index=True)
    debit_cents = BigIntegerField(default=0, constraints=[Check("debit_cents >= 0")])
    credit_cents = BigIntegerField(default=0, constraints=[Check("credit_cents >= 0")])
    invoice = ForeignKeyField(Invoice, null=True)
    invoice_id: int | None
    payment = ForeignKeyField(Payment, null=True)
    payment_id: int | None

    class Meta:
        constraints = [Check("(debit_cents = 0) <> (credit_cents = 0)")]


class Receipt(Table):
    """The numbered document given for a payment. The PDF is drawn from what was written down then."""

    number = CharField(unique=True)
    payment = ForeignKeyField(Payment, unique=True, backref="receipts")
    payment_id: int
    issued_at = DateTimeField(default=utcnow)
    printed = TextField()  # JSON: all that stands on it, so that a duplicate is the same
    message = ForeignKeyField(Message, null=True, on_delete="SET NULL")  # the one that brings it to who paid
