"""When accounts were last entered, what a person is asked to look at again, and what was destroyed.

What limits counted was kept in clear, or as digests that anybody could list: it goes, and they count anew.
"""

from datetime import UTC, datetime

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Person(Table):
        pass

    class AccountUse(Table):
        account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
        used_at = DateTimeField()
        told_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("used_at",), False),)

    class ReviewRequest(Table):
        decision = CharField()
        person = ForeignKeyField(Person, null=True)
        subject = CharField()
        phone = CharField()
        words = TextField()
        created_at = DateTimeField()
        decided_at = DateTimeField(null=True)
        decided_by = CharField()
        outcome = CharField()
        answer = TextField()

        class Meta:
            indexes = ((("decided_at",), False),)

    class Destruction(Table):
        series = CharField()
        number = CharField()
        before = DateTimeField()
        rows = IntegerField()
        first_on = DateField()
        last_on = DateField()
        proposed_at = DateTimeField()
        approved_by = CharField()
        approved_at = DateTimeField(null=True)
        destroyed = IntegerField()
        finished_at = DateTimeField(null=True)

    unfinished = Destruction.finished_at.is_null()
    Destruction.add_index(
        Destruction.index(Destruction.series, unique=True, where=unfinished, name="one_destruction_at_a_time")
    )
    db.create_tables([AccountUse, ReviewRequest, Destruction])
    now = datetime.now(UTC).replace(tzinfo=None)  # nobody knows when they were last entered: the years count from here
    for account in db.execute_sql('SELECT "id" FROM "account"').fetchall():
        AccountUse.insert(account=account[0], used_at=now).execute()
    db.execute_sql('DELETE FROM "attempt"')
    db.execute_sql('DELETE FROM "wrong_date"')
