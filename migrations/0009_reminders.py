"""Reminders by e-mail, and who wants none."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Reminder(Table):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        kind = CharField()
        subject = CharField()
        at = DateTimeField()

        class Meta:
            indexes = ((("account", "kind", "subject"), True),)

    class RemindersStopped(Table):
        account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")

    db.create_tables([Reminder, RemindersStopped])
