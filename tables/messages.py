"""What leaves for somebody, and what somebody at the city must look at."""

import json

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, TextField

from tables.access import Account
from tables.database import Table, utcnow


class Alert(Table):
    """Something a person at the city must look at; said once for a kind and a subject."""

    kind = CharField()
    subject = CharField()
    details = TextField(column_name="words")  # a JSON object: what its words need; of old ones, the words themselves
    created_at = DateTimeField(default=utcnow)
    closed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("kind", "subject"), True), (("closed_at",), False))

    @property
    def values(self) -> dict[str, str | int] | None:
        """What its words need; None when it keeps its words."""
        if not self.details.startswith("{"):
            return None
        values: dict[str, str | int] = json.loads(self.details)
        return values


class Message(Table):
    """The outbox: an e-mail written in the transaction that gives rise to it, sent afterwards."""

    recipient = CharField()
    subject = CharField()
    body = TextField()
    created_at = DateTimeField(default=utcnow)
    due_at = DateTimeField(default=utcnow)
    sent_at = DateTimeField(null=True)
    tries = IntegerField(default=0)
    problem = CharField(default="")
    priority = IntegerField(null=True)  # the higher leaves first
    open_to_all = BooleanField(null=True)  # tells nothing that another reader of the mailbox may not know

    class Meta:
        indexes = ((("sent_at", "due_at"), False), (("recipient", "created_at"), False))


class Reminder(Table):
    """A reminder that was written to an account: once for a kind and a subject."""

    account = ForeignKeyField(Account, on_delete="CASCADE", index=False)
    account_id: int
    kind = CharField()
    subject = CharField()  # an invoice's number, a card's person and expiry
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("account", "kind", "subject"), True),)


class ReceiptsAttached(Table):
    """An account that wants each receipt as a PDF in its letter, beside the link."""

    account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
    account_id: int


class RemindersStopped(Table):
    """An account that wants no reminder."""

    account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
    account_id: int
