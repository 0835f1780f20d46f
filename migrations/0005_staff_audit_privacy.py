"""Staff accounts, the audit trail, requests, incidents, people set apart from a household, kept forms."""

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Household(Table):
        pass

    class Person(Table):
        pass

    class StaffAccount(Table):
        username = CharField()
        username_key = CharField(unique=True)
        role = CharField(constraints=[Check("role IN ('agent', 'finance', 'admin')")])
        password_hash = CharField()
        password_expires_at = DateTimeField(null=True)
        totp_secret = CharField()
        totp_confirmed_at = DateTimeField(null=True)
        totp_last_step = IntegerField()
        created_at = DateTimeField()
        closed_at = DateTimeField(null=True)

    class StaffSession(Table):
        token_digest = CharField(unique=True)
        staff = ForeignKeyField(StaffAccount, on_delete="CASCADE")
        created_at = DateTimeField()
        seen_at = DateTimeField()
        confirmed_at = DateTimeField(null=True)

    class StaffRecoveryCode(Table):
        staff = ForeignKeyField(StaffAccount, on_delete="CASCADE")
        code_digest = CharField(unique=True)
        used_at = DateTimeField(null=True)

    class AuditEvent(Table):
        at = DateTimeField()
        actor_kind = CharField()
        actor = CharField()
        action = CharField()
        person = ForeignKeyField(Person, null=True)
        subject = CharField()

    class ChangeRequest(Table):
        kind = CharField()
        person = ForeignKeyField(Person)
        words = TextField()
        created_at = DateTimeField()
        decided_at = DateTimeField(null=True)
        decided_by = CharField()
        decision = CharField()
        answer = TextField()

    class Incident(Table):
        data_concerned = TextField()
        circumstances = TextField()
        happened = CharField()
        known_on = DateField()
        persons = CharField()
        risk = TextField()
        notices = TextField()
        measures = TextField()
        recorded_by = CharField()
        recorded_at = DateTimeField()

    class Separation(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        household = ForeignKeyField(Household, on_delete="CASCADE")
        apart = ForeignKeyField(Household, on_delete="CASCADE")
        stays = BooleanField()
        at = DateTimeField()

        class Meta:
            indexes = ((("person", "household"), True),)

    class KeptForm(Table):
        owner = CharField()
        path = CharField()
        fields = TextField()
        at = DateTimeField()

        class Meta:
            indexes = ((("owner", "path"), True),)

    db.create_tables(
        [StaffAccount, StaffSession, StaffRecoveryCode, AuditEvent, ChangeRequest, Incident, Separation, KeptForm]
    )
