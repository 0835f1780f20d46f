"""What calendars were told, and the private addresses by which they ask again."""

from peewee import (
    SQL,
    AutoField,
    CharField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
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

    class Account(Table):
        pass

    class CalendarChange(Table):
        kind = CharField()
        code = CharField()
        sequence = IntegerField(default=0)
        days = TextField(default="")

        class Meta:
            indexes = ((("kind", "code"), True),)

    class CalendarLink(Table):
        account = ForeignKeyField(Account, on_delete="CASCADE", unique=True)
        nonce = CharField(unique=True)
        made_at = DateTimeField()

    db.create_tables([CalendarChange, CalendarLink])
