"""What takes place, and who takes part."""

from peewee import CharField, DateField, ForeignKeyField, TextField, TimeField

from tables.database import Table
from tables.people import Person
from tables.rentals import Place


class Activity(Table):
    """A programme of the season: the days it takes place, its hours in Montreal's time, and its tax code."""

    TOWN, PARTNER = "ville", "partenaire"
    WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")

    code = CharField(unique=True)
    title = CharField()
    season = CharField(default="")
    starts_on = DateField()
    ends_on = DateField()
    weekdays = CharField()  # such as: lun mer ven
    starts_at = TimeField()
    ends_at = TimeField()
    place = ForeignKeyField(Place, backref="activities")
    tax_code = CharField()
    category = CharField()
    provider = CharField(default=TOWN)
    bring = TextField(default="")
    cancelled_on = TextField(default="")  # days without it, such as: 2026-12-07 2026-12-14

    class Meta:
        indexes = ((("place", "ends_on"), False),)


class Registration(Table):
    """A person's place in an activity, or her turn on its waiting list."""

    CONFIRMED, WAITING, CANCELLED = "confirmed", "waiting", "cancelled"

    code = CharField(unique=True)
    activity = ForeignKeyField(Activity, backref="registrations")
    person = ForeignKeyField(Person, backref="registrations")
    person_id: int
    status = CharField(default=CONFIRMED)
    registered_on = DateField()

    class Meta:
        indexes = ((("person", "activity"), False),)


Registration.add_index(
    Registration.index(
        Registration.person,
        Registration.activity,
        unique=True,
        where=Registration.status != Registration.CANCELLED,
        name="one_live_registration",
    )
)
