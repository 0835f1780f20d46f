"""An address that was changed can be put back for a week by whoever reads it."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class PreviousEmail(Table):
        token_digest = CharField(unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        email = CharField()
        expires_at = DateTimeField()

    db.create_tables([PreviousEmail])
