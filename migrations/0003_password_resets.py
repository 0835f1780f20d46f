"""Ways to a new password: a link by e-mail, or a code read out."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class PasswordReset(Table):
        token_digest = CharField(unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        expires_at = DateTimeField()
        used_at = DateTimeField(null=True)

    db.create_tables([PasswordReset])
