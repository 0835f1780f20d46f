"""Receipts for taxes, and consents to receive them online."""

from peewee import BigIntegerField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, TextField

from tables.database import Table, utcnow
from tables.people import Person


class TaxReceipt(Table):
    """A numbered receipt for taxes, to the person who paid. Cancelled ones stay, as they were printed."""

    CHILD_CARE, ACTIVITY, DONATION = "child_care", "activity", "donation"
    KINDS = (CHILD_CARE, ACTIVITY, DONATION)

    number = CharField(unique=True)
    kind = CharField()
    year = IntegerField()
    payer = ForeignKeyField(Person, backref="tax_receipts", index=False)
    payer_id: int
    subject = CharField()  # the person it is for, or the payment that was a gift
    person = ForeignKeyField(Person, null=True)
    person_id: int | None
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    lacks = CharField(default="")  # what was not known when it was printed
    printed = TextField()  # JSON: all that stands on it, so that a duplicate is the same
    issued_at = DateTimeField(default=utcnow)
    cancelled_at = DateTimeField(null=True)
    replaces = ForeignKeyField("self", null=True, unique=True, backref="replaced_by")
    replaces_id: int | None

    class Meta:
        indexes = ((("payer", "year"), False), (("year", "kind"), False))


TaxReceipt.add_index(
    TaxReceipt.index(
        TaxReceipt.payer,
        TaxReceipt.year,
        TaxReceipt.kind,
        TaxReceipt.subject,
        unique=True,
        where=TaxReceipt.cancelled_at.is_null(),
        name="one_valid_tax_receipt",
    )
)


class ElectronicConsent(Table):
    """Someone's consent to receive tax receipts online instead of by mail, and its end."""

    person = ForeignKeyField(Person, backref="electronic_consents", on_delete="CASCADE")
    person_id: int
    given_at = DateTimeField(default=utcnow)
    withdrawn_at = DateTimeField(null=True)


ElectronicConsent.add_index(
    ElectronicConsent.index(
        ElectronicConsent.person, unique=True, where=ElectronicConsent.withdrawn_at.is_null(), name="one_consent"
    )
)
