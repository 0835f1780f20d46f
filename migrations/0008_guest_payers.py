"""Payments made without an account bear the name that was typed."""

from peewee import CharField, ForeignKeyField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Payment(Table):
        pass

    class GuestPayer(Table):
        payment = ForeignKeyField(Payment, unique=True, on_delete="CASCADE")
        name = CharField()

    db.create_tables([GuestPayer])
