"""What a bank sends back twice is a person's to give back, another way than on the card: how often, and how."""

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    Model,
    PostgresqlDatabase,
)


def up(migrator, db):
    class NumberField(AutoField):
        def ddl(self, ctx):
            column = super().ddl(ctx)
            if not isinstance(db, PostgresqlDatabase):
                column.nodes.append(SQL("AUTOINCREMENT"))
            return column

    class Table(Model):
        id = NumberField()

        class Meta:
            database = db
            legacy_table_names = False

    class UnmatchedCharge(Table):
        pass

    class DeclinedReturn(Table):
        charge = CharField(index=True)
        what = CharField(unique=True)
        amount_cents = BigIntegerField()
        found_at = DateTimeField()

    class HandedBack(Table):
        charge = ForeignKeyField(UnmatchedCharge)
        amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
        given_at = DateTimeField()
        method = CharField()
        reference = CharField()
        given_by = CharField()

    db.create_tables([DeclinedReturn, HandedBack])
