"""Health forms of children with who may fetch them, requests for accompaniment, and activities found by category."""

from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Household(Table):
        pass

    class Person(Table):
        pass

    class Activity(Table):
        category = CharField()
        ends_on = DateField()

    class HealthForm(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        household = ForeignKeyField(Household, on_delete="CASCADE")
        allergies = TextField()
        auto_injector = CharField()
        medication = TextField()
        conditions = TextField()
        swimming = CharField()
        leaves_alone = BooleanField()
        good_until = DateField()
        said_at = DateTimeField()

        class Meta:
            indexes = ((("person", "household"), True), (("good_until",), False))

    class AuthorisedPerson(Table):
        form = ForeignKeyField(HealthForm, on_delete="CASCADE")
        name = CharField()
        phone = CharField()
        relation = CharField()

    class Accompaniment(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        household = ForeignKeyField(Household, on_delete="CASCADE")
        season = CharField()
        words = TextField()
        asked_by = ForeignKeyField(Person, backref="accompaniments_asked", on_delete="CASCADE")
        asked_at = DateTimeField()
        decide_by = DateTimeField(null=True)
        good_until = DateField()
        decided_at = DateTimeField(null=True)
        decided_by = CharField()
        decision = CharField()
        answer = TextField()

        class Meta:
            indexes = ((("person", "household", "season"), True), (("decided_at",), False), (("good_until",), False))

    db.create_tables([HealthForm, AuthorisedPerson, Accompaniment])
    Activity.add_index(Activity.index(Activity.category, Activity.ends_on))
    Activity._schema.create_indexes()
