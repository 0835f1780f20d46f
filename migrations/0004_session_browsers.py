"""A session says which browser it is. Those open are forgotten: everyone signs in again."""

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Session(Table):
        token_digest = CharField(unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        browser = CharField()
        first_visit = BooleanField()
        created_at = DateTimeField()
        seen_at = DateTimeField()

    db.drop_tables([Session])
    db.create_tables([Session])
