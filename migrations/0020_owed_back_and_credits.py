"""Money owed back outside the gateway, cash to the nickel, money given back at the counter, and households' credits."""

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

    class Household(Table):
        pass

    class Person(Table):
        pass

    class Invoice(Table):
        pass

    class Payment(Table):
        pass

    class CreditNote(Table):
        pass

    class CashRounding(Table):
        payment = ForeignKeyField(Payment, on_delete="CASCADE")
        invoice = ForeignKeyField(Invoice)
        cents = IntegerField(constraints=[Check("cents <> 0 AND cents BETWEEN -2 AND 2")])

        class Meta:
            indexes = ((("payment", "invoice"), True),)

    class Overpayment(Table):
        payment = ForeignKeyField(Payment)
        invoice = ForeignKeyField(Invoice)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        state = CharField(index=True)
        found_at = DateTimeField()
        returned_at = DateTimeField(null=True)
        returned_by = CharField()
        method = CharField()

    class CounterRefund(Table):
        reference = CharField()
        invoice = ForeignKeyField(Invoice)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        paid_at = DateTimeField()
        method = CharField()
        payer = ForeignKeyField(Person, null=True)
        rounding_cents = IntegerField()

        class Meta:
            indexes = ((("reference", "invoice"), True),)

    class HouseholdCredit(Table):
        number = CharField(unique=True)
        household = ForeignKeyField(Household)
        issued_on = DateField()
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        left_cents = BigIntegerField()
        lines = TextField()

        class Meta:
            constraints = [Check("left_cents >= 0 AND left_cents <= amount_cents")]

    class CreditUse(Table):
        credit = ForeignKeyField(HouseholdCredit)
        note = ForeignKeyField(CreditNote, unique=True)

    db.create_tables([CashRounding, Overpayment, CounterRefund, HouseholdCredit, CreditUse])
