"""Disputes as rows; a charge that pays nothing here says its currency."""

from peewee import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    Model,
    PostgresqlDatabase,
    TextField,
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Payment(Table):
        pass

    class Dispute(Table):
        gateway_id = CharField(unique=True)
        payment = ForeignKeyField(Payment)
        kind = CharField()
        state = CharField()
        amount_cents = BigIntegerField()
        lost_cents = BigIntegerField()
        follows = CharField()
        received_on = DateField(null=True)
        answer_by = DateField(null=True)
        seen_at = DateTimeField()
        changed_at = DateTimeField()

    db.create_tables([Dispute])
    if isinstance(db, PostgresqlDatabase):
        alter(db)
    else:
        rebuild(Table, db)


def alter(db):
    """Change the table in place."""
    for statement in (
        'ALTER TABLE "unmatched_charge" ADD COLUMN "currency" VARCHAR(255) NOT NULL DEFAULT \'CAD\'',
        'ALTER TABLE "unmatched_charge" ALTER COLUMN "currency" DROP DEFAULT',
    ):
        db.execute_sql(statement)


def rebuild(Table, db):  # noqa: N803
    """Make the table anew, with its rows: SQLite changes no column."""

    class NewUnmatchedCharge(Table):
        gateway_id = CharField(unique=True)
        reference = CharField()
        amount_cents = BigIntegerField()
        reason = CharField()
        state = CharField()
        found_at = DateTimeField()
        returned_at = DateTimeField(null=True)
        due_at = DateTimeField()
        words = TextField()
        currency = CharField()

        class Meta:
            indexes = ((("state", "due_at"), False), (("reference",), False))

    swap(db, NewUnmatchedCharge, "unmatched_charge", {"currency": "'CAD'"})


def swap(db, new, name, filled):
    """Put a new table with the old one's rows in its place; `filled` gives the SQL of the columns it had not."""
    columns = [field.column_name for field in new._meta.sorted_fields]
    new._schema.create_table()
    given = ", ".join(filled.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    db.execute_sql(f'INSERT INTO "new_{name}" ({names}) SELECT {given} FROM "{name}"')  # noqa: S608
    db.execute_sql(f'DROP TABLE "{name}"')
    db.execute_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    new._meta.set_table_name(name)
    new._schema.create_indexes()
