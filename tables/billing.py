"""What is owed: invoices and their lines."""

from peewee import (
    BigIntegerField,
    CharField,
    Check,
    DateField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    fn,
)

from tables.database import Table
from tables.people import Household, Person


class Invoice(Table):
    """What a household owes for a set of lines. Taxes are those of the taxable subtotal."""

    OPEN, CANCELLED = "open", "cancelled"

    number = CharField(unique=True)
    household = ForeignKeyField(Household, backref="invoices", index=False)
    household_id: int
    issued_on = DateField()
    due_on = DateField()
    status = CharField(default=OPEN)
    subtotal_cents = BigIntegerField()
    tps_cents = BigIntegerField(default=0)
    tvq_cents = BigIntegerField(default=0)
    total_cents = BigIntegerField(constraints=[Check("total_cents >= 0")])
    paid_cents = BigIntegerField(default=0)
    credited_cents = BigIntegerField(default=0)  # given back: neither owed nor kept any more

    class Meta:
        constraints = [Check("paid_cents >= 0 AND credited_cents >= 0 AND paid_cents + credited_cents <= total_cents")]
        indexes = ((("household", "issued_on"), False), (("due_on",), False))

    @property
    def balance_cents(self) -> int:
        return 0 if self.status == self.CANCELLED else self.total_cents - self.paid_cents - self.credited_cents

    @classmethod
    def bears(cls, number: str) -> bool:
        """Tell whether an invoice bears this number, whatever the case of its letters."""
        return cls.select().where(fn.LOWER(cls.number) == number.lower()).exists()

    @classmethod
    def left(cls) -> Expression:
        """Return the SQL expression of what is left to pay of an open invoice, in cents."""
        return cls.total_cents - cls.paid_cents - cls.credited_cents

    @classmethod
    def of(cls, household_ids: list[int]) -> "ModelSelect[Invoice]":
        """Select the households' invoices, the latest first."""
        return cls.select().where(cls.household.in_(household_ids)).order_by(cls.issued_on.desc(), cls.number.desc())

    @classmethod
    def payable(cls, household_ids: list[int]) -> "ModelSelect[Invoice]":
        """Select the households' invoices on which something is due, the most urgent first."""
        return (
            cls.select()
            .where(cls.household.in_(household_ids), cls.status == cls.OPEN, cls.left() > 0)
            .order_by(cls.due_on, cls.number)
        )


Invoice.add_index(Invoice.index(fn.LOWER(Invoice.number), name="invoice_number_typed"))  # in capitals or not


class InvoiceLine(Table):
    """One thing on an invoice, and whom it is for."""

    TAXABLE, EXEMPT = "taxable", "exempt"
    ERASED = "Texte effacé"  # what stands for words that are past their time
    CATEGORIES = ("activity", "child_care", "rental", "donation", "other")

    invoice = ForeignKeyField(Invoice, backref="lines", on_delete="CASCADE", index=False)
    invoice_id: int
    position = IntegerField()
    person = ForeignKeyField(Person, null=True)
    person_id: int | None
    description = CharField()
    quantity_thousandths = BigIntegerField()
    unit_price_cents = BigIntegerField()
    net_cents = BigIntegerField()
    tps_cents = BigIntegerField(default=0)
    tvq_cents = BigIntegerField(default=0)
    tax_code = CharField()
    category = CharField()
    ledger_account = CharField()

    class Meta:
        indexes = ((("invoice", "position"), True),)

    @property
    def total_cents(self) -> int:
        return self.net_cents + self.tps_cents + self.tvq_cents
