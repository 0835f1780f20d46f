"""What takes place, who may take it, and what it costs."""

from datetime import date

from peewee import (
    BigIntegerField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
    TimeField,
)

from tables.database import Table
from tables.rentals import Place


class Activity(Table):
    """A group of a programme: the days it takes place, its hours in Montreal's time, who may take it, and its price.

    Codes in one text are separated by spaces. Moments are UTC.
    """

    TOWN, PARTNER = "ville", "partenaire"
    CHILD_CARE = "child_care"  # the category of what asks for a health form
    QUEUE, DRAW = "queue", "draw"
    SCHOOL_LEVELS = ("maternelle4", "maternelle5", "1", "2", "3", "4", "5", "6")
    WEEKDAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")

    code = CharField(unique=True)
    title = CharField()
    season = CharField(default="")
    starts_on = DateField()
    ends_on = DateField()
    weekdays = CharField()  # such as: lun mer ven
    starts_at = TimeField()
    ends_at = TimeField()
    place = ForeignKeyField(Place, backref="activities", index=False)
    tax_code = CharField()
    category = CharField()
    provider = CharField(default=TOWN)
    bring = TextField(default="")
    cancelled_on = TextField(default="")  # days without it, such as: 2026-12-07 2026-12-14
    program = CharField(default="")  # what groups the rows of one programme; empty: itself
    description = TextField(default="")
    level = CharField(default="")
    needs_level = TextField(default="")  # any of these codes, passed or assessed
    after = TextField(default="")  # any of these activities or programmes, taken before
    age_min = IntegerField(null=True)
    age_max = IntegerField(null=True)
    age_on = DateField(null=True)  # the day on which the age counts; the first day when there is none
    born_from = DateField(null=True)
    born_until = DateField(null=True)
    school = CharField(default="")  # levels finished, any of them; or else the age
    capacity = IntegerField(null=True)  # None: not sold here
    waiting_list = IntegerField(null=True)  # None: no limit
    opens_residents = DateTimeField(null=True)
    opens_neighbours = DateTimeField(null=True)  # None: with everyone
    opens_everyone = DateTimeField(null=True)
    closes = DateTimeField(null=True)  # None: when it starts
    mode = CharField(default=QUEUE)
    by_law = CharField(default="")  # what sets the price
    price_cents = BigIntegerField(null=True)  # before tax
    price_non_resident_cents = BigIntegerField(null=True)  # None: the same
    ledger_account = CharField(default="")
    refund = CharField(default="")  # a policy of city.toml
    instalments = CharField(default="")  # a plan of city.toml
    register_at = CharField(default="")  # an address: shown, not sold

    class Meta:
        indexes = (
            (("place", "ends_on"), False),
            (("program",), False),
            (("ends_on",), False),
            (("category", "ends_on"), False),
        )

    @property
    def programme(self) -> str:
        return self.program or self.code

    @property
    def age_counts_on(self) -> date:
        return self.age_on or self.starts_on


class PlacesTaken(Table):
    """How many places of an activity are taken: the database counts them itself, and refuses one too many.

    Triggers keep it (tables/places_taken.py): no import, page or command writes here.
    """

    activity = ForeignKeyField(Activity, primary_key=True, on_delete="CASCADE")
    activity_id: int
    capacity = IntegerField(null=True)  # the activity's own
    taken = IntegerField(default=0)

    class Meta:
        constraints = [Check("taken >= 0"), Check("capacity IS NULL OR taken <= capacity")]


class PriceRule(Table):
    """What a place, an option or a fee beside it costs some people: the most precise row holds."""

    SEASON, DATES = "season", "dates"
    FEES = ONCE_A_HOUSEHOLD, ONCE_A_CHILD, EACH_PLACE = "household", "child", "place"
    RESIDENT, NON_RESIDENT = "resident", "non_resident"

    code = CharField(unique=True)
    program = CharField()  # a programme or an activity
    option = CharField(default="")  # empty: the place itself; else a code such as garde
    label = CharField(default="")
    who = CharField(default="")  # a price class; empty: everyone
    rank = IntegerField(null=True)  # of the child in her household; the last one holds for those after
    rank_over = CharField(default=SEASON)
    first_day = DateField(null=True)  # days of registration, both in it
    last_day = DateField(null=True)
    amount_cents = BigIntegerField(null=True)  # before tax
    tax_code = CharField(default="")  # empty: the activity's
    household_cap_cents = BigIntegerField(null=True)
    fee = CharField(null=True)  # nobody chooses it: once a household and season, once a child of it, or with each place
    refund = CharField(null=True)  # of a fee: a policy of city.toml; None: the activity's

    class Meta:
        indexes = ((("program",), False),)


class CalendarChange(Table):
    """How often what calendars tell of a thing changed, and days that they may show and that it has no more."""

    ACTIVITY, REGISTRATION, RESERVATION = "activity", "registration", "reservation"

    kind = CharField()
    code = CharField()  # the thing's
    sequence = IntegerField(default=0)
    days = TextField(default="")  # such as: 2026-12-07 2026-12-14

    class Meta:
        indexes = ((("kind", "code"), True),)
