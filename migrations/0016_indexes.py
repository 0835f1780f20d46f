"""Indexes for what is asked again and again of a table that grows with the town's history.

A payment taken elsewhere has nothing to be asked for: its `due_at` goes, or the sweep would look at every one of them.
"""

from peewee import CharField, DateField, DateTimeField, Model, fn


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Invoice(Table):
        number = CharField()
        due_on = DateField()

        class Meta:
            indexes = ((("due_on",), False),)

    Invoice.add_index(Invoice.index(fn.LOWER(Invoice.number), name="invoice_number_typed"))

    class Payment(Table):
        submitted_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("submitted_at",), False),)

    class Refund(Table):
        state = CharField()
        submitted_at = DateTimeField(null=True)
        due_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("state", "due_at"), False), (("submitted_at",), False))

    class UnmatchedCharge(Table):
        reference = CharField()

        class Meta:
            indexes = ((("reference",), False),)

    class WebhookEvent(Table):
        handled_at = DateTimeField(null=True)
        due_at = DateTimeField()

    WebhookEvent.add_index(
        WebhookEvent.index(WebhookEvent.due_at, where=WebhookEvent.handled_at.is_null(), name="webhook_event_waiting")
    )

    class CreditNote(Table):
        issued_at = DateTimeField()

        class Meta:
            indexes = ((("issued_at",), False),)

    class Person(Table):
        expires_on = DateField()

        class Meta:
            indexes = ((("expires_on",), False),)

    class ChangeRequest(Table):
        decided_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("decided_at",), False),)

    class Alert(Table):
        closed_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("closed_at",), False),)

    class Message(Table):
        recipient = CharField()
        created_at = DateTimeField()

        class Meta:
            indexes = ((("recipient", "created_at"), False),)

    class ImportRun(Table):
        finished_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("finished_at",), False),)

    class TaxReceipt(Table):
        year = CharField()
        kind = CharField()

        class Meta:
            indexes = ((("year", "kind"), False),)

    grown = (Invoice, Payment, Refund, UnmatchedCharge, WebhookEvent, CreditNote)
    for table in (*grown, Person, ChangeRequest, Alert, Message, ImportRun, TaxReceipt):
        table._schema.create_indexes()
    db.execute_sql("UPDATE payment SET due_at = NULL WHERE gateway_id IS NULL AND state = 'paid'")
