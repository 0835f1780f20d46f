"""Requests that name the fields they change; several emergency contacts; what a card's e-mail was before another's."""

from peewee import (
    SQL,
    AutoField,
    CharField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
)


def up(migrator, db):
    class NumberField(AutoField):
        """A row's number, never given twice."""

        def ddl(self, ctx):
            column = super().ddl(ctx)
            if isinstance(db, SqliteDatabase):
                column.nodes.append(SQL("AUTOINCREMENT"))
            return column

    class Table(Model):
        id = NumberField()

        class Meta:
            database = db
            legacy_table_names = False

    class ChangeRequest(Table):
        pass

    class Person(Table):
        pass

    class AskedField(Table):
        request = ForeignKeyField(ChangeRequest, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        field = CharField()
        seen = CharField()
        wanted = CharField()

        class Meta:
            indexes = ((("request", "person", "field"), True),)

    db.create_tables([AskedField])

    class Household(Table):
        pass

    class NewEmergencyContact(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        household = ForeignKeyField(Household, on_delete="CASCADE")
        name = CharField()
        phone = CharField()
        relation = CharField()
        rank = IntegerField()

        class Meta:
            indexes = ((("person", "household", "name", "phone"), True),)

    db.execute_sql('DROP INDEX "emergency_contact_person_id_household_id"')
    order_contacts(NewEmergencyContact, db)
    db.execute_sql('ALTER TABLE "previous_email" ADD COLUMN "on_card" VARCHAR(255)')


def order_contacts(new, db):
    """Give contacts a rank: in place, or on SQLite, which adds no column without a value, by a new table."""
    columns = '"id", "person_id", "household_id", "name", "phone", "relation"'
    if isinstance(db, SqliteDatabase):
        new._schema.create_table()
        rows = f'SELECT {columns}, 0 FROM "emergency_contact"'  # noqa: S608
        db.execute_sql(f'INSERT INTO "new_emergency_contact" ({columns}, "rank") {rows}')  # noqa: S608
        db.execute_sql('DROP TABLE "emergency_contact"')
        db.execute_sql('ALTER TABLE "new_emergency_contact" RENAME TO "emergency_contact"')
    else:
        db.execute_sql('ALTER TABLE "emergency_contact" ADD COLUMN "rank" INTEGER NOT NULL DEFAULT 0')
        db.execute_sql('ALTER TABLE "emergency_contact" ALTER COLUMN "rank" DROP DEFAULT')
    new._meta.set_table_name("emergency_contact")
    new._schema.create_indexes()
