"""One `due_at` for whatever is to be done, a state for unmatched charges, and a table of jobs instead of counters."""

from datetime import UTC, date, datetime

from peewee import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    IntegerField,
    Model,
    TextField,
)

RENAMED = (
    ("payment", "next_look_at", "payment_state_next_look_at"),
    ("refund", "next_look_at", None),
    ("saved_card", "next_try_at", "saved_card_state_next_try_at"),
    ("webhook_event", "next_try_at", None),
)
SCHEDULES = {"reminders": ("reminders", 3_600), "retention": ("retention", 86_400), "last backup": ("backup", 86_400)}
DAYS_DONE = {"last matched day": "daily match", "tax receipts day": "daily tax receipts"}


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Counter(Table):
        name = CharField(primary_key=True)
        value = IntegerField()

    class Job(Table):
        name = CharField(primary_key=True)
        every_seconds = IntegerField()
        last_run_at = DateTimeField(null=True)
        last_problem = CharField()
        done_until = DateField(null=True)

    class StrayCharge(Table):
        gateway_id = CharField()
        reference = CharField()
        amount_cents = BigIntegerField()
        reason = CharField()
        found_at = DateTimeField()
        returned_at = DateTimeField(null=True)
        next_try_at = DateTimeField()
        words = TextField()

    class UnmatchedCharge(Table):
        gateway_id = CharField(unique=True)
        reference = CharField()
        amount_cents = BigIntegerField()
        reason = CharField()
        state = CharField()
        found_at = DateTimeField()
        returned_at = DateTimeField(null=True)
        due_at = DateTimeField()
        words = TextField()

        class Meta:
            indexes = ((("state", "due_at"), False),)

    class KeptForm(Table):
        owner = CharField()
        path = CharField()
        fields = TextField()
        at = DateTimeField()

    class UnsentForm(Table):
        owner = CharField()
        path = CharField()
        fields = TextField()
        at = DateTimeField()

        class Meta:
            indexes = ((("owner", "path"), True),)

    for table, column, index in RENAMED:
        db.execute_sql(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "due_at"')
        if index:
            db.execute_sql(f'DROP INDEX "{index}"')
            db.execute_sql(f'CREATE INDEX "{table}_state_due_at" ON "{table}" ("state", "due_at")')
    for table, waiting in (("payment", "('created')"), ("refund", "('created', 'unknown')")):
        db.execute_sql(
            f'UPDATE "{table}" SET "due_at" = "created_at" WHERE "due_at" IS NULL AND "state" IN {waiting}'  # noqa: S608
        )

    db.create_tables([Job, UnmatchedCharge, UnsentForm])
    for row in StrayCharge.select().order_by(StrayCharge.id).dicts():
        row.pop("id")
        row["due_at"] = row.pop("next_try_at")
        UnmatchedCharge.create(state="returned" if row["returned_at"] else "owed", **row)
    for row in KeptForm.select().dicts():
        row.pop("id")
        UnsentForm.create(**row)
    db.drop_tables([StrayCharge, KeptForm])
    db.execute_sql("UPDATE alert SET kind = 'unmatched charge' WHERE kind = 'stray charge'")

    for counter in Counter.select():
        if counter.name in SCHEDULES:
            name, every = SCHEDULES[counter.name]
            last = datetime.fromtimestamp(counter.value * 60, UTC).replace(tzinfo=None)
            Job.insert(name=name, every_seconds=every, last_run_at=last, last_problem="").execute()
        elif counter.name in DAYS_DONE:
            done = date.fromordinal(counter.value)
            Job.insert(name=DAYS_DONE[counter.name], every_seconds=0, last_problem="", done_until=done).execute()
    Counter.delete().where(Counter.name.in_([*SCHEDULES, *DAYS_DONE])).execute()
