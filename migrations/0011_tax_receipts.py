"""Receipts for taxes, and consents to receive them online."""

from peewee import BigIntegerField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Person(Table):
        pass

    class TaxReceipt(Table):
        number = CharField(unique=True)
        kind = CharField()
        year = IntegerField()
        payer = ForeignKeyField(Person)
        subject = CharField()
        person = ForeignKeyField(Person, null=True)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        lacks = CharField()
        printed = TextField()
        issued_at = DateTimeField()
        cancelled_at = DateTimeField(null=True)
        replaces = ForeignKeyField("self", null=True, unique=True)

        class Meta:
            indexes = ((("payer", "year"), False),)

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
        person = ForeignKeyField(Person, on_delete="CASCADE")
        given_at = DateTimeField()
        withdrawn_at = DateTimeField(null=True)

    ElectronicConsent.add_index(
        ElectronicConsent.index(
            ElectronicConsent.person,
            unique=True,
            where=ElectronicConsent.withdrawn_at.is_null(),
            name="one_consent",
        )
    )

    db.create_tables([TaxReceipt, ElectronicConsent])
