"""What a household has charged to a card on its day, and what it owes a partner by a contract."""

from datetime import datetime

from peewee import BigIntegerField, CharField, Check, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from tables.access import Account
from tables.billing import Invoice
from tables.database import Table, utcnow
from tables.payments import Payment, SavedCard
from tables.people import Household
from tables.registrations import Registration


class CardConsent(Table):
    """That an account has the later invoices of a confirmation charged to the card that pays the first of them.

    It is kept with its day and the version of its words, also once withdrawn. Moments are UTC.
    """

    account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
    account_id: int | None
    first = ForeignKeyField(Invoice, unique=True)
    first_id: int
    words = CharField()  # their version
    given_at = DateTimeField(default=utcnow)
    withdrawn_at = DateTimeField(null=True)
    card = ForeignKeyField(SavedCard, null=True, on_delete="SET NULL")  # None: the first is not paid yet, or otherwise
    card_id: int | None


class Instalment(Table):
    """An invoice that is charged to a card on its day. Days are Montreal's."""

    PLANNED, ANNOUNCED, CHARGING = "planned", "announced", "charging"
    SETTLED, STOPPED, GIVEN_UP = "settled", "stopped", "given up"
    LIVE = (PLANNED, ANNOUNCED, CHARGING)  # the city charges it: nobody is reminded to pay it
    MOST_TRIES = 3

    consent = ForeignKeyField(CardConsent, backref="instalments")
    consent_id: int
    invoice = ForeignKeyField(Invoice, unique=True)
    invoice_id: int
    state = CharField(default=PLANNED)
    next_on = DateField()  # when it is announced, then charged
    tries = IntegerField(default=0, constraints=[Check("tries BETWEEN 0 AND 3")])
    payment = ForeignKeyField(Payment, null=True, unique=True)  # the last one that charged it
    payment_id: int | None

    class Meta:
        indexes = ((("state", "next_on"), False),)


class PartnerContract(Table):
    """What a household agreed to for an activity that is not the city's: what it printed is frozen."""

    number = CharField(unique=True)
    registration = ForeignKeyField(Registration, unique=True, on_delete="CASCADE")
    registration_id: int
    household = ForeignKeyField(Household)
    household_id: int
    made_at = DateTimeField(default=utcnow)
    total_cents = BigIntegerField(constraints=[Check("total_cents > 0")])
    printed = TextField()  # JSON
    to_come: "PlannedInvoice | None"  # where a query joins it

    @property
    def issued_at(self) -> datetime:
        return self.made_at


class PlannedInvoice(Table):
    """An invoice of a contract that is issued on its day: until then nothing is owed."""

    PLANNED, ISSUED, CANCELLED = "planned", "issued", "cancelled"

    contract = ForeignKeyField(PartnerContract, backref="planned", on_delete="CASCADE", index=False)
    contract_id: int
    position = IntegerField()
    due_on = DateField()
    total_cents = BigIntegerField(constraints=[Check("total_cents > 0")])
    lines = TextField()  # JSON: each line's columns, its part of the net and of the taxes in
    state = CharField(default=PLANNED)
    invoice = ForeignKeyField(Invoice, null=True, unique=True)
    invoice_id: int | None

    class Meta:
        indexes = ((("contract", "position"), True), (("state", "due_on"), False))
