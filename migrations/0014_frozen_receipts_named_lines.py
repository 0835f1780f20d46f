"""Receipts keep what they printed; refunds name their lines and their way; a credit note may have no payment."""

import json

from peewee import (
    BigIntegerField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
    fn,
)

OPEN = ("created", "submitted", "unknown")


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    if isinstance(db, PostgresqlDatabase):
        alter(db)
    else:
        rebuild(Table, db)
    freeze_receipts(Table)
    name_lines(Table, db)


def alter(db):
    """Change the three tables in place."""
    for statement in (
        'ALTER TABLE "refund" ADD COLUMN "method" VARCHAR(255) NOT NULL DEFAULT \'card\'',
        'ALTER TABLE "refund" ALTER COLUMN "method" DROP DEFAULT',
        'ALTER TABLE "receipt" ADD COLUMN "printed" TEXT NOT NULL DEFAULT \'{}\'',
        'ALTER TABLE "receipt" ALTER COLUMN "printed" DROP DEFAULT',
        'ALTER TABLE "credit_note" ALTER COLUMN "payment_id" DROP NOT NULL',
        'ALTER TABLE "credit_note" ADD COLUMN "invoice_id" INTEGER NULL REFERENCES "invoice" ("id")',
        'CREATE INDEX "credit_note_invoice_id" ON "credit_note" ("invoice_id")',
        'ALTER TABLE "credit_note" ADD CHECK ((payment_id IS NULL) <> (invoice_id IS NULL))',
    ):
        db.execute_sql(statement)


def rebuild(Table, db):  # noqa: N803
    """Make the three tables anew, with their rows: SQLite changes no column. Foreign keys are off meanwhile."""

    class Payment(Table):
        pass

    class Invoice(Table):
        pass

    class NewRefund(Table):
        payment = ForeignKeyField(Payment)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        reason = CharField()
        cause = CharField()
        state = CharField()
        created_at = DateTimeField()
        submitted_at = DateTimeField(null=True)
        resolved_at = DateTimeField(null=True)
        due_at = DateTimeField(null=True)
        gateway_id = CharField(null=True, unique=True)
        words = TextField()
        method = CharField()

    class NewReceipt(Table):
        number = CharField(unique=True)
        payment = ForeignKeyField(Payment, unique=True)
        issued_at = DateTimeField()
        printed = TextField()

    class Refund(Table):
        pass

    class NewCreditNote(Table):
        number = CharField(unique=True)
        payment = ForeignKeyField(Payment, null=True)
        refund = ForeignKeyField(Refund, null=True, unique=True)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        reason = CharField()
        issued_at = DateTimeField()
        invoice = ForeignKeyField(Invoice, null=True)

        class Meta:
            constraints = [Check("(payment_id IS NULL) <> (invoice_id IS NULL)")]

    swap(db, NewRefund, "refund", {"method": "'card'"})
    swap(db, NewReceipt, "receipt", {"printed": "'{}'"})
    swap(db, NewCreditNote, "credit_note", {"invoice_id": "NULL"})


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


def freeze_receipts(Table):  # noqa: N803
    """Write down what each receipt prints: the name of who paid, and no address, for hers of that day is not known."""

    class Person(Table):
        first_name = CharField()
        last_name = CharField()

    class Payment(Table):
        payer = ForeignKeyField(Person, null=True)
        amount_cents = BigIntegerField()
        card_brand = CharField()
        card_last_four = CharField()

    class GuestPayer(Table):
        payment = ForeignKeyField(Payment)
        name = CharField()

    class Invoice(Table):
        number = CharField()
        issued_on = DateField()
        subtotal_cents = BigIntegerField()
        tps_cents = BigIntegerField()
        tvq_cents = BigIntegerField()
        total_cents = BigIntegerField()

    class InvoiceLine(Table):
        invoice = ForeignKeyField(Invoice)
        position = IntegerField()
        person = ForeignKeyField(Person, null=True)
        description = CharField()
        quantity_thousandths = BigIntegerField()
        unit_price_cents = BigIntegerField()
        net_cents = BigIntegerField()
        category = CharField()

    class PaymentInvoice(Table):
        payment = ForeignKeyField(Payment)
        invoice = ForeignKeyField(Invoice)
        amount_cents = BigIntegerField()

    class Receipt(Table):
        payment = ForeignKeyField(Payment)
        printed = TextField()

    names = {person.id: f"{person.first_name} {person.last_name}" for person in Person.select()}
    guests = dict(GuestPayer.select(GuestPayer.payment, GuestPayer.name).tuples())

    def lines_of(invoice):
        fields = ("description", "quantity_thousandths", "unit_price_cents", "net_cents", "category")
        rows = InvoiceLine.select().where(InvoiceLine.invoice == invoice).order_by(InvoiceLine.position)
        return [{name: getattr(row, name) for name in fields} | {"whom": names.get(row.person_id, "")} for row in rows]

    def invoices_of(payment):
        fields = ("number", "subtotal_cents", "tps_cents", "tvq_cents", "total_cents")
        links = PaymentInvoice.select(PaymentInvoice, Invoice).join(Invoice).where(PaymentInvoice.payment == payment)
        return [
            {name: getattr(link.invoice, name) for name in fields}
            | {"issued_on": link.invoice.issued_on.isoformat(), "lines": lines_of(link.invoice)}
            | {"paid_cents": link.amount_cents}
            for link in links.order_by(Invoice.number)
        ]

    for receipt in Receipt.select(Receipt, Payment).join(Payment):
        payment = receipt.payment
        card = f"{payment.card_brand} se terminant par {payment.card_last_four}" if payment.card_last_four else ""
        printed = {
            "payer": names.get(payment.payer_id) or guests.get(payment.id, ""),
            "payer_address": [],
            "card": card,
            "invoices": invoices_of(payment),
            "total_cents": payment.amount_cents,
        }
        Receipt.update(printed=json.dumps(printed, ensure_ascii=False)).where(Receipt.id == receipt.id).execute()


def name_lines(Table, db):  # noqa: N803
    """Name the lines of the refunds there are: those of their credit notes, else in proportion to what is kept."""

    class Payment(Table):
        pass

    class InvoiceLine(Table):
        pass

    class Refund(Table):
        payment = ForeignKeyField(Payment)
        amount_cents = BigIntegerField()
        state = CharField()

    class CreditNote(Table):
        payment = ForeignKeyField(Payment, null=True)
        refund = ForeignKeyField(Refund, null=True)

    class Allocation(Table):
        payment = ForeignKeyField(Payment)
        line = ForeignKeyField(InvoiceLine)
        amount_cents = BigIntegerField()

    class CreditAllocation(Table):
        credit_note = ForeignKeyField(CreditNote)
        line = ForeignKeyField(InvoiceLine)
        amount_cents = BigIntegerField()

    class RefundLine(Table):
        refund = ForeignKeyField(Refund, on_delete="CASCADE")
        line = ForeignKeyField(InvoiceLine)
        amount_cents = BigIntegerField()

        class Meta:
            indexes = ((("refund", "line"), True),)

    db.create_tables([RefundLine])
    done = (
        CreditAllocation.select(CreditAllocation, CreditNote).join(CreditNote).where(CreditNote.refund.is_null(False))
    )
    for row in done:
        RefundLine.create(refund=row.credit_note.refund_id, line=row.line_id, amount_cents=row.amount_cents)

    for refund in Refund.select().where(Refund.state.in_(OPEN)).order_by(Refund.id):
        kept = dict(
            Allocation.select(Allocation.line, fn.SUM(Allocation.amount_cents))
            .where(Allocation.payment == refund.payment_id)
            .group_by(Allocation.line)
            .tuples()
        )
        back = CreditAllocation.select(CreditAllocation.line, CreditAllocation.amount_cents).join(CreditNote)
        for line, cents in back.where(CreditNote.payment == refund.payment_id).tuples():
            kept[line] -= cents
        named = RefundLine.select(RefundLine.line, RefundLine.amount_cents).join(Refund)
        for line, cents in named.where(Refund.payment == refund.payment_id, Refund.state.in_(OPEN)).tuples():
            kept[line] -= cents
        for line, cents in share(refund.amount_cents, kept).items():
            RefundLine.create(refund=refund, line=line, amount_cents=cents)


def share(total, weights):
    """Share an amount out in proportion, by largest remainder."""
    whole = int(sum(weights.values()))
    if not whole:
        return {}
    parts = {line: total * int(weight) // whole for line, weight in sorted(weights.items())}
    by_remainder = sorted(parts, key=lambda line: (-(total * int(weights[line]) % whole), line))
    for line in by_remainder[: total - sum(parts.values())]:
        parts[line] += 1
    return {line: cents for line, cents in parts.items() if cents}
