"""What registering needs: who may take an activity and what it costs, the cart, and the places the database counts."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
    TimeField,
    fn,
)

# What each table gains: its columns, the SQL type of each, and what those that are there already hold.
PERSON = (("price_class", "VARCHAR(255)", "''"), ("school", "VARCHAR(255)", "''"), ("levels", "TEXT", "''"))
ACTIVITY = (
    ("program", "VARCHAR(255)", "''"),
    ("description", "TEXT", "''"),
    ("level", "VARCHAR(255)", "''"),
    ("needs_level", "TEXT", "''"),
    ("after", "TEXT", "''"),
    ("age_min", "INTEGER", "NULL"),
    ("age_max", "INTEGER", "NULL"),
    ("age_on", "DATE", "NULL"),
    ("born_from", "DATE", "NULL"),
    ("born_until", "DATE", "NULL"),
    ("school", "VARCHAR(255)", "''"),
    ("capacity", "INTEGER", "NULL"),
    ("waiting_list", "INTEGER", "NULL"),
    ("opens_residents", "TIMESTAMP", "NULL"),
    ("opens_neighbours", "TIMESTAMP", "NULL"),
    ("opens_everyone", "TIMESTAMP", "NULL"),
    ("closes", "TIMESTAMP", "NULL"),
    ("mode", "VARCHAR(255)", "'queue'"),
    ("by_law", "VARCHAR(255)", "''"),
    ("price_cents", "BIGINT", "NULL"),
    ("price_non_resident_cents", "BIGINT", "NULL"),
    ("ledger_account", "VARCHAR(255)", "''"),
    ("refund", "VARCHAR(255)", "''"),
    ("instalments", "VARCHAR(255)", "''"),
    ("register_at", "VARCHAR(255)", "''"),
)
REGISTRATION = (
    ("household_id", 'INTEGER REFERENCES "household" ("id")', "NULL"),
    ("item_id", 'INTEGER REFERENCES "cart_item" ("id")', "NULL"),
    ("option", "VARCHAR(255)", "''"),
    ("invoice_number", "VARCHAR(255)", "''"),
    ("rank", "INTEGER", "NULL"),
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    grow(Table, db, "person", PERSON, person(Table))
    activity = activity_table(Table)
    grow(Table, db, "activity", ACTIVITY, activity)
    cart(Table, db)
    grow(Table, db, "registration", REGISTRATION, registration(Table))
    index(Table)
    count(db)


def person(Table):  # noqa: N803
    class NewPerson(Table):
        card_number = CharField(unique=True)
        last_name = CharField()
        first_name = CharField()
        birth_date = DateField()
        expires_on = DateField()
        address = CharField()
        city = CharField()
        postal_code = CharField()
        phone = CharField()
        email = CharField()
        resident = BooleanField()
        status = CharField()
        price_class = CharField()
        school = CharField()
        levels = TextField()

        class Meta:
            indexes = ((("expires_on",), False),)

    return NewPerson


def activity_table(Table):  # noqa: N803
    class Place(Table):
        pass

    class NewActivity(Table):
        code = CharField(unique=True)
        title = CharField()
        season = CharField()
        starts_on = DateField()
        ends_on = DateField()
        weekdays = CharField()
        starts_at = TimeField()
        ends_at = TimeField()
        place = ForeignKeyField(Place)
        tax_code = CharField()
        category = CharField()
        provider = CharField()
        bring = TextField()
        cancelled_on = TextField()
        program = CharField()
        description = TextField()
        level = CharField()
        needs_level = TextField()
        after = TextField()
        age_min = IntegerField(null=True)
        age_max = IntegerField(null=True)
        age_on = DateField(null=True)
        born_from = DateField(null=True)
        born_until = DateField(null=True)
        school = CharField()
        capacity = IntegerField(null=True)
        waiting_list = IntegerField(null=True)
        opens_residents = DateTimeField(null=True)
        opens_neighbours = DateTimeField(null=True)
        opens_everyone = DateTimeField(null=True)
        closes = DateTimeField(null=True)
        mode = CharField()
        by_law = CharField()
        price_cents = BigIntegerField(null=True)
        price_non_resident_cents = BigIntegerField(null=True)
        ledger_account = CharField()
        refund = CharField()
        instalments = CharField()
        register_at = CharField()

        class Meta:
            indexes = ((("place", "ends_on"), False), (("program",), False), (("ends_on",), False))

    return NewActivity


def registration(Table):  # noqa: N803
    class Activity(Table):
        pass

    class Person(Table):
        pass

    class Household(Table):
        pass

    class CartItem(Table):
        pass

    class NewRegistration(Table):
        code = CharField(unique=True)
        activity = ForeignKeyField(Activity)
        person = ForeignKeyField(Person)
        status = CharField()
        registered_on = DateField()
        household = ForeignKeyField(Household, null=True)
        item = ForeignKeyField(CartItem, null=True, unique=True)
        option = CharField()
        invoice_number = CharField()
        rank = IntegerField(null=True)

        class Meta:
            indexes = ((("person", "activity"), False),)

    return NewRegistration


def grow(Table, db, name, gained, new):  # noqa: N803
    """Give a table its new columns: in place, or on SQLite, which changes no column, by a new table with its rows."""
    if not isinstance(db, PostgresqlDatabase):
        swap(db, new, name, {column: value for column, _kind, value in gained})
        return
    for column, kind, value in gained:
        fills = "" if value == "NULL" else f" NOT NULL DEFAULT {value}"
        db.execute_sql(f'ALTER TABLE "{name}" ADD COLUMN "{column}" {kind}{fills}')
        if fills:
            db.execute_sql(f'ALTER TABLE "{name}" ALTER COLUMN "{column}" DROP DEFAULT')


def swap(db, new, name, filled):
    """Put a new table with the old one's rows in its place. Foreign keys are off meanwhile."""
    columns = [field.column_name for field in new._meta.sorted_fields]
    new._schema.create_table()
    given = ", ".join(filled.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    db.execute_sql(f'INSERT INTO "new_{name}" ({names}) SELECT {given} FROM "{name}"')  # noqa: S608
    db.execute_sql(f'DROP TABLE "{name}"')
    db.execute_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    new._meta.set_table_name(name)
    new._schema.create_indexes()


def index(Table):  # noqa: N803
    """Make the indexes that new columns bring, and those with a name of their own; those that are there stay."""

    class Person(Table):
        email = CharField()

    Person.add_index(Person.index(fn.LOWER(Person.email), name="person_email"))

    class Activity(Table):
        program = CharField()
        ends_on = DateField()

        class Meta:
            indexes = ((("program",), False), (("ends_on",), False))

    class Registration(Table):
        household_id = IntegerField(index=True)
        item_id = IntegerField(unique=True)
        person_id = IntegerField()
        activity_id = IntegerField()
        status = CharField()

    live = Registration.status != "cancelled"
    keys = (Registration.person_id, Registration.activity_id)
    Registration.add_index(Registration.index(*keys, unique=True, where=live, name="one_live_registration"))
    for table in (Person, Activity, Registration):
        table._schema.create_indexes()


def cart(Table, db):  # noqa: N803
    class Household(Table):
        pass

    class Person(Table):
        pass

    class Activity(Table):
        pass

    class Invoice(Table):
        pass

    class InvoiceLine(Table):
        pass

    class PlacesTaken(Table):
        activity = ForeignKeyField(Activity, primary_key=True, on_delete="CASCADE")
        capacity = IntegerField(null=True)
        taken = IntegerField()

        class Meta:
            constraints = [Check("taken >= 0"), Check("capacity IS NULL OR taken <= capacity")]

    class PriceRule(Table):
        code = CharField(unique=True)
        program = CharField()
        option = CharField()
        label = CharField()
        who = CharField()
        rank = IntegerField(null=True)
        rank_over = CharField()
        first_day = DateField(null=True)
        last_day = DateField(null=True)
        amount_cents = BigIntegerField(null=True)
        tax_code = CharField()
        household_cap_cents = BigIntegerField(null=True)

        class Meta:
            indexes = ((("program",), False),)

    class CartItem(Table):
        household = ForeignKeyField(Household)
        person = ForeignKeyField(Person)
        activity = ForeignKeyField(Activity)
        options = CharField()
        fallbacks = TextField()
        together = CharField()
        state = CharField()
        position = IntegerField()
        chosen_at = DateTimeField()
        held_at = DateTimeField(null=True)
        held_until = DateTimeField(null=True)
        held_at_most = DateTimeField(null=True)
        invoice = ForeignKeyField(Invoice, null=True)
        account_id = IntegerField(null=True)
        made_by = CharField()
        override_reason = CharField()

        class Meta:
            indexes = (
                (("household", "state"), False),
                (("state", "held_until"), False),
                (("activity", "state"), False),
            )

    held = CartItem.state.in_(("held", "offered"))
    CartItem.add_index(CartItem.index(CartItem.person, CartItem.activity, unique=True, where=held, name="one_hold"))
    wish = (CartItem.household, CartItem.person, CartItem.activity)
    CartItem.add_index(CartItem.index(*wish, unique=True, where=CartItem.state == "wish", name="one_wish"))

    class CartLine(Table):
        item = ForeignKeyField(CartItem)
        line = ForeignKeyField(InvoiceLine, unique=True, on_delete="CASCADE")
        option = CharField()

    db.create_tables([PlacesTaken, PriceRule, CartItem, CartLine])


def count(db):
    """Begin each activity's counter: those confirmed until now hold their places."""
    db.execute_sql(
        "INSERT INTO places_taken (activity_id, capacity, taken) SELECT id, NULL, (SELECT COUNT(*) FROM registration"
        " WHERE activity_id = activity.id AND status = 'confirmed') FROM activity"
    )
