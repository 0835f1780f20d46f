"""Places, activities, registrations, reservations."""

from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, Model, TextField, TimeField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Household(Table):
        pass

    class Person(Table):
        pass

    class Place(Table):
        code = CharField(unique=True)
        name = CharField()
        kind = CharField()
        address = CharField()
        city = CharField()
        phone = CharField()
        accessible = BooleanField()
        hours = CharField()

    class Activity(Table):
        code = CharField(unique=True)
        title = CharField()
        season = CharField()
        starts_on = DateField()
        ends_on = DateField()
        weekdays = CharField()
        starts_at = TimeField()
        ends_at = TimeField()
        place = ForeignKeyField(Place)
        tax_code = CharField()
        category = CharField()
        provider = CharField()
        bring = TextField()
        cancelled_on = TextField()

        class Meta:
            indexes = ((("place", "ends_on"), False),)

    class Registration(Table):
        code = CharField(unique=True)
        activity = ForeignKeyField(Activity)
        person = ForeignKeyField(Person)
        status = CharField()
        registered_on = DateField()

        class Meta:
            indexes = ((("person", "activity"), False),)

    class Reservation(Table):
        code = CharField(unique=True)
        place = ForeignKeyField(Place)
        household = ForeignKeyField(Household)
        starts_at = DateTimeField()
        ends_at = DateTimeField()
        status = CharField()
        purpose = CharField()

        class Meta:
            indexes = ((("household", "starts_at"), False), (("place", "starts_at"), False))

    db.create_tables([Place, Activity, Registration, Reservation])
