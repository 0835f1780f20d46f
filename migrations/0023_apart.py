"""What keeps homes apart: whose words a request is, a contact a home, one live registration, codes to sign up."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model, PostgresqlDatabase, TextField, fn


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Person(Table):
        email = CharField()

    class SignUpCode(Table):
        token_digest = CharField(unique=True)
        person = ForeignKeyField(Person, on_delete="CASCADE")
        expires_at = DateTimeField()

    class UnverifiedAccount(Table):
        account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
        at = DateTimeField()

    db.create_tables([SignUpCode, UnverifiedAccount])
    Person.add_index(Person.index(fn.LOWER(Person.email), name="person_email"))
    Person._schema.create_indexes()
    tell_whose_words(Table, Person, db)
    share_out_contacts(Table, Person, db)
    leave_one_live_registration(Table, db)


def tell_whose_words(Table, Person, db):  # noqa: N803
    """Note who asked: of a person to add, whom the request is about; of a correction, whom the trail names."""

    class NewChangeRequest(Table):
        kind = CharField()
        person = ForeignKeyField(Person)
        words = TextField()
        created_at = DateTimeField()
        decided_at = DateTimeField(null=True)
        decided_by = CharField()
        decision = CharField()
        answer = TextField()
        asked_by = ForeignKeyField(Person, null=True)

        class Meta:
            indexes = ((("decided_at",), False),)

    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE "change_request" ADD COLUMN "asked_by_id" INTEGER NULL REFERENCES "person" ("id")')
        db.execute_sql('CREATE INDEX "change_request_asked_by_id" ON "change_request" ("asked_by_id")')
    else:
        swap(db, NewChangeRequest)
    db.execute_sql("UPDATE change_request SET asked_by_id = person_id WHERE kind = 'member'")
    db.execute_sql(
        "UPDATE change_request SET asked_by_id = (SELECT MAX(person_id) FROM audit_event"
        " WHERE action = 'correction asked' AND subject = CAST(change_request.id AS VARCHAR(20)))"
        " WHERE kind = 'correction'"
    )


def swap(db, new):
    """Put a new table with the old one's rows in its place: SQLite adds no key. Foreign keys are off meanwhile."""
    kept = [field.column_name for field in new._meta.sorted_fields if field.name != "asked_by"]
    names = ", ".join(f'"{name}"' for name in kept)
    new._schema.create_table()
    db.execute_sql(f'INSERT INTO "new_change_request" ({names}) SELECT {names} FROM "change_request"')  # noqa: S608
    db.execute_sql('DROP TABLE "change_request"')
    db.execute_sql('ALTER TABLE "new_change_request" RENAME TO "change_request"')
    new._meta.set_table_name("change_request")
    new._schema.create_indexes()


def share_out_contacts(Table, Person, db):  # noqa: N803
    """Give a contact to the home of who wrote it; when nobody knows, to each of the person's, which all saw it."""

    class Household(Table):
        pass

    class EmergencyContact(Table):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        household = ForeignKeyField(Household, on_delete="CASCADE")
        name = CharField()
        phone = CharField()
        relation = CharField()

        class Meta:
            indexes = ((("person", "household"), True),)

    kept = db.execute_sql("SELECT person_id, name, phone, relation FROM emergency_contact ORDER BY id").fetchall()
    writers = dict(
        db.execute_sql(
            "SELECT subject, person_id FROM audit_event WHERE action = 'emergency contact' ORDER BY id"
        ).fetchall()
    )
    homes: dict[int, set[int]] = {}
    for household, person in db.execute_sql("SELECT household_id, person_id FROM membership").fetchall():
        homes.setdefault(person, set()).add(household)
    db.execute_sql('DROP TABLE "emergency_contact"')
    db.create_tables([EmergencyContact])
    for person, name, phone, relation in kept:
        hers, writers_own = homes.get(person, set()), homes.get(writers.get(str(person)), set())
        values = {"person": person, "name": name, "phone": phone, "relation": relation}
        for household in sorted(hers & writers_own or hers):
            EmergencyContact.insert(household=household, **values).execute()


def leave_one_live_registration(Table, db):  # noqa: N803
    """Cancel what was registered twice, the earliest staying; the city's file lists the others from then on."""
    db.execute_sql(
        "UPDATE registration SET status = 'cancelled' WHERE status <> 'cancelled' AND EXISTS (SELECT 1 FROM"
        " registration AS earlier WHERE earlier.person_id = registration.person_id AND earlier.activity_id ="
        " registration.activity_id AND earlier.status <> 'cancelled' AND earlier.id < registration.id)"
    )

    class Registration(Table):
        person_id = CharField()
        activity_id = CharField()
        status = CharField()

    live = Registration.status != "cancelled"
    keys = (Registration.person_id, Registration.activity_id)
    Registration.add_index(Registration.index(*keys, unique=True, where=live, name="one_live_registration"))
    Registration._schema.create_indexes()
