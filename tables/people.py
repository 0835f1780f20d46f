"""People, the households they belong to, and what they ask of the city."""

from datetime import date

from peewee import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
    fn,
)

from tables.database import Table, utcnow


class Household(Table):
    """The people one file is kept for; invoices belong to it."""

    code = CharField(unique=True)


class Person(Table):
    """Someone holding a citizen card: one card a person, children too."""

    ACTIVE, LOST, DECEASED = "active", "lost", "deceased"
    ERASED = {"first_name": "Personne", "last_name": "effacée"}  # what stands for someone whose file is past its time

    card_number = CharField(unique=True)
    last_name = CharField()
    first_name = CharField()
    birth_date = DateField()
    expires_on = DateField()
    address = CharField(default="")
    city = CharField(default="")
    postal_code = CharField(default="")
    phone = CharField(default="")
    email = CharField(default="")
    resident = BooleanField(default=True)
    status = CharField(default=ACTIVE)
    price_class = CharField(default="")  # empty: by `resident`
    school = CharField(default="")  # the level finished: maternelle4, maternelle5, 1 … 6
    levels = TextField(default="")  # codes passed or assessed

    class Meta:
        indexes = ((("expires_on",), False),)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_address(self) -> bool:
        """Tell whether the whole address is known: a receipt for taxes and a Relevé 24 want it."""
        return bool(self.address and self.city and self.postal_code)

    def age_on(self, day: date) -> int:
        """Return the age in whole years; someone born on 29 February has her birthday on 1 March."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


Person.add_index(Person.index(fn.LOWER(Person.email), name="person_email"))  # who reads the same mailbox


class Membership(Table):
    """Who belongs to which household; a child may belong to two."""

    household = ForeignKeyField(Household, backref="memberships", on_delete="CASCADE", index=False)
    household_id: int
    person = ForeignKeyField(Person, backref="memberships", on_delete="CASCADE")
    person_id: int

    class Meta:
        indexes = ((("household", "person"), True),)


class Separation(Table):
    """Someone the city set apart from a household: the nightly import must not put her back."""

    person = ForeignKeyField(Person, on_delete="CASCADE", index=False)
    person_id: int
    household = ForeignKeyField(Household, on_delete="CASCADE")
    household_id: int
    apart = ForeignKeyField(Household, on_delete="CASCADE")  # where the import puts her instead
    apart_id: int
    stays = BooleanField(default=False)  # or as well: a child of both
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("person", "household"), True),)


class ChangeRequest(Table):
    """What a resident asks and the city decides, such as a correction to her file."""

    CORRECTION, MEMBER, FIELDS = "correction", "member", "fields"
    ACCEPTED, REFUSED, REPLACED = "accepted", "refused", "replaced"  # the last: by a later one of who asked

    kind = CharField()
    person = ForeignKeyField(Person, backref="requests")
    person_id: int
    words = TextField()
    created_at = DateTimeField(default=utcnow)
    decided_at = DateTimeField(null=True)
    decided_by = CharField(default="")  # a staff user name
    decision = CharField(default="")
    answer = TextField(default="")
    asked_by = ForeignKeyField(Person, null=True)  # whose words they are; nobody knows of some old ones
    asked_by_id: int | None
    joins: "ModelSelect[JoinRequest]"
    fields: "ModelSelect[AskedField]"

    @property
    def is_correction(self) -> bool:
        return self.kind == self.CORRECTION

    @property
    def is_answered(self) -> bool:
        return self.decided_at is not None and self.decision != self.REPLACED

    @property
    def is_of_fields(self) -> bool:
        return self.kind == self.FIELDS

    class Meta:
        indexes = ((("decided_at",), False),)


class JoinRequest(Table):
    """What a request to add someone to a household is about."""

    request = ForeignKeyField(ChangeRequest, unique=True, backref="joins", on_delete="CASCADE")
    request_id: int
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: int
    household = ForeignKeyField(Household, on_delete="CASCADE")
    household_id: int


class AskedField(Table):
    """A field of a card's file that a request wants changed: what the file said then, and what it is to say.

    Both as a file's column says them (`common/local_changes.as_text`).
    """

    request = ForeignKeyField(ChangeRequest, backref="fields", on_delete="CASCADE", index=False)
    request_id: int
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: int
    field = CharField()
    seen = CharField(default="")
    wanted = CharField(default="")

    class Meta:
        indexes = ((("request", "person", "field"), True),)


class ReviewRequest(Table):
    """Somebody whom a machine refused something asks that a person look again (A-2.1, s. 65.2)."""

    KEPT, CHANGED = "kept", "changed"

    decision = CharField()  # domain/people/reviews.Decision
    person = ForeignKeyField(Person, null=True)  # who was signed in; nobody else is known for sure
    person_id: int | None
    subject = CharField(default="")  # such as a payment's reference
    phone = CharField()
    words = TextField(default="")
    created_at = DateTimeField(default=utcnow)
    decided_at = DateTimeField(null=True)
    decided_by = CharField(default="")  # a staff user name
    outcome = CharField(default="")
    answer = TextField(default="")

    class Meta:
        indexes = ((("decided_at",), False),)


class EmergencyContact(Table):
    """Whom to call for someone, in the order of `rank`. It is a household's word: the city's file of cards has none."""

    person = ForeignKeyField(Person, backref="emergency_contacts", on_delete="CASCADE", index=False)
    person_id: int
    household = ForeignKeyField(Household, on_delete="CASCADE")
    household_id: int
    name = CharField()
    phone = CharField()
    relation = CharField(default="")
    rank = IntegerField(default=0)  # the lowest is called first

    class Meta:
        indexes = ((("person", "household", "name", "phone"), True),)
