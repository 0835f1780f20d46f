"""Instalments charged to a card by consent, partners' contracts, and the invoices that these bring on their days."""

from peewee import (
    BigIntegerField,
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

    class Account(Table):
        pass

    class Household(Table):
        pass

    class Invoice(Table):
        pass

    class Payment(Table):
        pass

    class SavedCard(Table):
        pass

    class Registration(Table):
        pass

    class CardConsent(Table):
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        first = ForeignKeyField(Invoice, unique=True)
        words = CharField()
        given_at = DateTimeField()
        withdrawn_at = DateTimeField(null=True)
        card = ForeignKeyField(SavedCard, null=True, on_delete="SET NULL")

    class Instalment(Table):
        consent = ForeignKeyField(CardConsent)
        invoice = ForeignKeyField(Invoice, unique=True)
        state = CharField()
        next_on = DateField()
        tries = IntegerField(constraints=[Check("tries BETWEEN 0 AND 3")])
        payment = ForeignKeyField(Payment, null=True, unique=True)

        class Meta:
            indexes = ((("state", "next_on"), False),)

    class PartnerContract(Table):
        number = CharField(unique=True)
        registration = ForeignKeyField(Registration, unique=True, on_delete="CASCADE")
        household = ForeignKeyField(Household)
        made_at = DateTimeField()
        total_cents = BigIntegerField(constraints=[Check("total_cents > 0")])
        printed = TextField()

    class PlannedInvoice(Table):
        contract = ForeignKeyField(PartnerContract, on_delete="CASCADE")
        position = IntegerField()
        due_on = DateField()
        total_cents = BigIntegerField(constraints=[Check("total_cents > 0")])
        lines = TextField()
        state = CharField()
        invoice = ForeignKeyField(Invoice, null=True, unique=True)

        class Meta:
            indexes = ((("contract", "position"), True), (("state", "due_on"), False))

    db.create_tables([CardConsent, Instalment, PartnerContract, PlannedInvoice])
