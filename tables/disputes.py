"""What cardholders dispute at their banks."""

from peewee import BigIntegerField, CharField, DateField, DateTimeField, ForeignKeyField

from tables.database import Table, utcnow
from tables.payments import Payment


class Dispute(Table):
    """A cardholder's dispute of a charge, as the gateway tells it: `lost_cents` is what it took, once decided."""

    OPEN, WON, LOST = "open", "won", "lost"
    CHARGEBACK, PRE_ARBITRATION, RETRIEVAL = "chargeback", "pre_arbitration", "retrieval"  # the last moves no money

    gateway_id = CharField(unique=True)
    payment = ForeignKeyField(Payment, backref="disputes")
    kind = CharField()
    state = CharField()
    amount_cents = BigIntegerField()
    lost_cents = BigIntegerField()
    follows = CharField()  # the gateway's id of the dispute that this one goes on with
    received_on = DateField(null=True)
    answer_by = DateField(null=True)
    seen_at = DateTimeField(default=utcnow)
    changed_at = DateTimeField(default=utcnow)
