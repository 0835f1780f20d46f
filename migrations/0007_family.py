"""Requests to add someone to a household, and whom to call in an emergency."""

from peewee import CharField, ForeignKeyField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Household(Table):
        pass

    class Person(Table):
        pass

    class ChangeRequest(Table):
        pass

    class JoinRequest(Table):
        request = ForeignKeyField(ChangeRequest, unique=True, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        household = ForeignKeyField(Household, on_delete="CASCADE")

    class EmergencyContact(Table):
        person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
        name = CharField()
        phone = CharField()
        relation = CharField()

    db.create_tables([JoinRequest, EmergencyContact])
