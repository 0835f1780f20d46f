"""A refund the bank sends back has its credit note undone by another; receipts know their message; guests a link."""

from peewee import (
    BigIntegerField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    Model,
    PostgresqlDatabase,
    TextField,
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    if isinstance(db, PostgresqlDatabase):
        alter(db)
    else:
        rebuild(Table, db)


def alter(db):
    """Change the three tables in place."""
    for statement in (
        'ALTER TABLE "credit_note" DROP CONSTRAINT "credit_note_amount_cents_check"',
        'ALTER TABLE "credit_note" ADD COLUMN "undoes_id" INTEGER NULL REFERENCES "credit_note" ("id")',
        'ALTER TABLE "credit_note" ADD CHECK ((amount_cents > 0) = (undoes_id IS NULL) AND amount_cents <> 0)',
        'DROP INDEX "credit_note_refund_id"',
        'CREATE INDEX "credit_note_refund_id" ON "credit_note" ("refund_id")',
        'CREATE UNIQUE INDEX "one_credit_note" ON "credit_note" ("refund_id") WHERE ("undoes_id" IS NULL)',
        'CREATE UNIQUE INDEX "credit_note_undoes_id" ON "credit_note" ("undoes_id")',
        'ALTER TABLE "receipt" ADD COLUMN "message_id" INTEGER NULL REFERENCES "message" ("id") ON DELETE SET NULL',
        'CREATE INDEX "receipt_message_id" ON "receipt" ("message_id")',
        'ALTER TABLE "guest_payer" ADD COLUMN "email" VARCHAR(255) NOT NULL DEFAULT \'\'',
        'ALTER TABLE "guest_payer" ALTER COLUMN "email" DROP DEFAULT',
        'ALTER TABLE "guest_payer" ADD COLUMN "key" VARCHAR(255) NULL',
        'CREATE UNIQUE INDEX "guest_payer_key" ON "guest_payer" ("key")',
    ):
        db.execute_sql(statement)


def rebuild(Table, db):  # noqa: N803
    """Make the three tables anew, with their rows: SQLite changes no column. Foreign keys are off meanwhile."""

    class Payment(Table):
        pass

    class Invoice(Table):
        pass

    class Refund(Table):
        pass

    class Message(Table):
        pass

    class CreditNote(Table):
        pass

    class NewCreditNote(Table):
        number = CharField(unique=True)
        payment = ForeignKeyField(Payment, null=True)
        refund = ForeignKeyField(Refund, null=True)
        amount_cents = BigIntegerField()
        reason = CharField()
        issued_at = DateTimeField()
        invoice = ForeignKeyField(Invoice, null=True)
        undoes = ForeignKeyField(CreditNote, null=True, unique=True)

        class Meta:
            constraints = [
                Check("(payment_id IS NULL) <> (invoice_id IS NULL)"),
                Check("(amount_cents > 0) = (undoes_id IS NULL) AND amount_cents <> 0"),
            ]
            indexes = ((("issued_at",), False),)

    class NewReceipt(Table):
        number = CharField(unique=True)
        payment = ForeignKeyField(Payment, unique=True)
        issued_at = DateTimeField()
        printed = TextField()
        message = ForeignKeyField(Message, null=True, on_delete="SET NULL")

    class NewGuestPayer(Table):
        payment = ForeignKeyField(Payment, unique=True, on_delete="CASCADE")
        name = CharField()
        email = CharField()
        key = CharField(null=True, unique=True)

    swap(db, NewCreditNote, "credit_note", {"undoes_id": "NULL"})
    once = {"unique": True, "where": NewCreditNote.undoes.is_null(), "name": "one_credit_note"}
    db.execute(NewCreditNote.index(NewCreditNote.refund, **once))
    swap(db, NewReceipt, "receipt", {"message_id": "NULL"})
    swap(db, NewGuestPayer, "guest_payer", {"email": "''", "key": "NULL"})


def swap(db, new, name, filled):
    """Put a new table with the old one's rows in its place; `filled` gives the SQL of the columns it had not."""
    columns = [field.column_name for field in new._meta.sorted_fields]
    new._schema.create_table()
    given = ", ".join(filled.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    db.execute_sql(f'INSERT INTO "new_{name}" ({names}) SELECT {given} FROM "{name}"')  # noqa: S608
    db.execute_sql(f'DROP TABLE "{name}"')
    db.execute_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    new._meta.set_table_name(name)
    new._schema.create_indexes()
