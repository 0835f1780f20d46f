"""What a child's leaders must know to look after her: kept apart from her file, a home's own words, for one year."""

from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, ModelSelect, TextField

from tables.database import Table, utcnow
from tables.people import Household, Person


class HealthForm(Table):
    """A child's health form as one of her homes filled it. No health number, no social insurance number, no photo."""

    ALONE, VEST, NO = "alone", "vest", "no"
    SWIMMING = (ALONE, VEST, NO)  # from the boldest to the most careful

    person = ForeignKeyField(Person, backref="health_forms", on_delete="CASCADE", index=False)
    person_id: int
    household = ForeignKeyField(Household, on_delete="CASCADE")
    household_id: int
    allergies = TextField(default="")  # and what to do
    auto_injector = CharField(default="")  # where it is; empty: she has none
    medication = TextField(default="")  # during the day
    conditions = TextField(default="")
    swimming = CharField()
    leaves_alone = BooleanField()
    good_until = DateField()  # the last day of the season's year for which it was filled or confirmed
    said_at = DateTimeField(default=utcnow)  # when it was
    authorised: "ModelSelect[AuthorisedPerson]"

    class Meta:
        indexes = ((("person", "household"), True), (("good_until",), False))


class AuthorisedPerson(Table):
    """Someone who may fetch a child, besides the adults of her home."""

    form = ForeignKeyField(HealthForm, backref="authorised", on_delete="CASCADE")
    form_id: int
    name = CharField()
    phone = CharField()
    relation = CharField(default="")


class Accompaniment(Table):
    """What a home asks for a child with special needs, for a season, and what the city decides."""

    GRANTED, REFUSED = "granted", "refused"
    DECISIONS = (GRANTED, REFUSED)

    person = ForeignKeyField(Person, backref="accompaniments", on_delete="CASCADE", index=False)
    person_id: int
    household = ForeignKeyField(Household, on_delete="CASCADE")
    household_id: int
    season = CharField()
    words = TextField()
    asked_by = ForeignKeyField(Person, backref="accompaniments_asked", on_delete="CASCADE")
    asked_at = DateTimeField(default=utcnow)
    decide_by = DateTimeField(null=True)  # when the season opens, in UTC; None: it was open already, or nobody knows
    good_until = DateField()  # the last day of the season's year
    decided_at = DateTimeField(null=True)
    decided_by = CharField(default="")  # a staff user name
    decision = CharField(default="")
    answer = TextField(default="")

    class Meta:
        indexes = ((("person", "household", "season"), True), (("decided_at",), False), (("good_until",), False))
