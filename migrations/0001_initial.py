"""The first tables, as they were then: a copy that does not follow models.py."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Person(Table):
        card_number = CharField(unique=True)
        last_name = CharField()
        first_name = CharField()
        birth_date = DateField()
        expires_on = DateField()
        address = CharField()
        city = CharField()
        postal_code = CharField()
        phone = CharField()
        email = CharField()
        resident = BooleanField()
        status = CharField()

    class Account(Table):
        person = ForeignKeyField(Person, unique=True)
        username = CharField()
        username_key = CharField(unique=True)
        password_hash = CharField()
        email = CharField()
        email_key = CharField()
        email_confirmed_at = DateTimeField(null=True)
        created_at = DateTimeField()

    class Alert(Table):
        kind = CharField()
        subject = CharField()
        words = TextField()
        created_at = DateTimeField()
        closed_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("kind", "subject"), True),)

    class Payment(Table):
        reference = CharField(unique=True)
        source = CharField()
        account = ForeignKeyField(Account, null=True)
        payer = ForeignKeyField(Person, null=True)
        method = CharField()
        state = CharField()
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        nonce = CharField(null=True)
        created_at = DateTimeField()
        submitted_at = DateTimeField(null=True)
        resolved_at = DateTimeField(null=True)
        next_look_at = DateTimeField(null=True)
        empty_looks = IntegerField()
        gateway_id = CharField(unique=True, null=True)
        settlement_batch = CharField()
        card_brand = CharField()
        card_last_four = CharField()
        refusal = CharField()
        refunded_cents = BigIntegerField()

        class Meta:
            constraints = [Check("refunded_cents >= 0 AND refunded_cents <= amount_cents")]
            indexes = ((("state", "next_look_at"), False), (("resolved_at",), False))

    class Household(Table):
        code = CharField(unique=True)

    class Invoice(Table):
        number = CharField(unique=True)
        household = ForeignKeyField(Household)
        issued_on = DateField()
        due_on = DateField()
        status = CharField()
        subtotal_cents = BigIntegerField()
        tps_cents = BigIntegerField()
        tvq_cents = BigIntegerField()
        total_cents = BigIntegerField(constraints=[Check("total_cents >= 0")])
        paid_cents = BigIntegerField()
        credited_cents = BigIntegerField()

        class Meta:
            constraints = [
                Check("paid_cents >= 0 AND credited_cents >= 0 AND paid_cents + credited_cents <= total_cents")
            ]
            indexes = ((("household", "issued_on"), False),)

    class InvoiceLine(Table):
        invoice = ForeignKeyField(Invoice, on_delete="CASCADE")
        position = IntegerField()
        person = ForeignKeyField(Person, null=True)
        description = CharField()
        quantity_thousandths = BigIntegerField()
        unit_price_cents = BigIntegerField()
        net_cents = BigIntegerField()
        tps_cents = BigIntegerField()
        tvq_cents = BigIntegerField()
        tax_code = CharField()
        category = CharField()
        ledger_account = CharField()

        class Meta:
            indexes = ((("invoice", "position"), True),)

    class Allocation(Table):
        payment = ForeignKeyField(Payment)
        line = ForeignKeyField(InvoiceLine)
        amount_cents = BigIntegerField()

        class Meta:
            indexes = ((("payment", "line"), True),)

    class Attempt(Table):
        kind = CharField()
        key = CharField()
        at = DateTimeField()

        class Meta:
            indexes = ((("kind", "key", "at"), False),)

    class Counter(Table):
        name = CharField(primary_key=True)
        value = IntegerField()

    class Refund(Table):
        payment = ForeignKeyField(Payment)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        reason = CharField()
        cause = CharField()
        state = CharField()
        created_at = DateTimeField()
        submitted_at = DateTimeField(null=True)
        resolved_at = DateTimeField(null=True)
        next_look_at = DateTimeField(null=True)
        gateway_id = CharField(unique=True, null=True)
        words = TextField()

    class CreditNote(Table):
        number = CharField(unique=True)
        payment = ForeignKeyField(Payment)
        refund = ForeignKeyField(Refund, unique=True, null=True)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        reason = CharField()
        issued_at = DateTimeField()

    class CreditAllocation(Table):
        credit_note = ForeignKeyField(CreditNote)
        line = ForeignKeyField(InvoiceLine)
        amount_cents = BigIntegerField()

        class Meta:
            indexes = ((("credit_note", "line"), True),)

    class EmailConfirmation(Table):
        token_digest = CharField(unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        email = CharField()
        expires_at = DateTimeField()
        used_at = DateTimeField(null=True)

    class Identification(Table):
        token_digest = CharField(unique=True)
        person = ForeignKeyField(Person, on_delete="CASCADE")
        created_at = DateTimeField()
        expires_at = DateTimeField()

    class LedgerEntry(Table):
        posting = CharField(index=True)
        at = DateTimeField()
        account = CharField(index=True)
        debit_cents = BigIntegerField(constraints=[Check("debit_cents >= 0")])
        credit_cents = BigIntegerField(constraints=[Check("credit_cents >= 0")])
        invoice = ForeignKeyField(Invoice, null=True)
        payment = ForeignKeyField(Payment, null=True)

        class Meta:
            constraints = [Check("(debit_cents = 0) <> (credit_cents = 0)")]

    class Membership(Table):
        household = ForeignKeyField(Household, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")

        class Meta:
            indexes = ((("household", "person"), True),)

    class Message(Table):
        recipient = CharField()
        subject = CharField()
        body = TextField()
        created_at = DateTimeField()
        due_at = DateTimeField()
        sent_at = DateTimeField(null=True)
        tries = IntegerField()
        problem = CharField()

        class Meta:
            indexes = ((("sent_at", "due_at"), False),)

    class PaymentEvent(Table):
        payment = ForeignKeyField(Payment)
        at = DateTimeField()
        name = CharField()
        from_state = CharField()
        to_state = CharField()
        cause = CharField()
        words = TextField()

    class PaymentInvoice(Table):
        payment = ForeignKeyField(Payment, on_delete="CASCADE")
        invoice = ForeignKeyField(Invoice)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        is_open = BooleanField()

        class Meta:
            indexes = ((("payment", "invoice"), True),)

    class Receipt(Table):
        number = CharField(unique=True)
        payment = ForeignKeyField(Payment, unique=True)
        issued_at = DateTimeField()

    class Session(Table):
        token_digest = CharField(unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        first_visit = BooleanField()
        created_at = DateTimeField()
        seen_at = DateTimeField()

    class SpentProof(Table):
        key = CharField(primary_key=True)
        expires_at = DateTimeField()

    class StrayCharge(Table):
        gateway_id = CharField(unique=True)
        reference = CharField()
        amount_cents = BigIntegerField()
        reason = CharField()
        found_at = DateTimeField()
        returned_at = DateTimeField(null=True)
        next_try_at = DateTimeField()
        words = TextField()

    class WebhookEvent(Table):
        digest = CharField(unique=True)
        kind = CharField()
        gateway_id = CharField()
        received_at = DateTimeField()
        handled_at = DateTimeField(null=True)
        next_try_at = DateTimeField()

    Account.add_index(
        Account.index(
            Account.email_key, unique=True, where=Account.email_confirmed_at.is_null(False), name="account_email"
        )
    )
    PaymentInvoice.add_index(
        PaymentInvoice.index(PaymentInvoice.invoice, unique=True, where=PaymentInvoice.is_open, name="one_open_payment")
    )
    db.create_tables(
        [
            Person,
            Account,
            Alert,
            Payment,
            Household,
            Invoice,
            InvoiceLine,
            Allocation,
            Attempt,
            Counter,
            Refund,
            CreditNote,
            CreditAllocation,
            EmailConfirmation,
            Identification,
            LedgerEntry,
            Membership,
            Message,
            PaymentEvent,
            PaymentInvoice,
            Receipt,
            Session,
            SpentProof,
            StrayCharge,
            WebhookEvent,
        ]
    )
