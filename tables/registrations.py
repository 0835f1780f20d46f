"""Who takes part in what takes place."""

from peewee import CharField, DateField, ForeignKeyField, IntegerField

from tables.activities import Activity
from tables.cart import CartItem
from tables.database import Table
from tables.people import Household, Person


class Registration(Table):
    """A person's place in an activity, or her turn on its waiting list."""

    CONFIRMED, WAITING, CANCELLED = "confirmed", "waiting", "cancelled"

    code = CharField(unique=True)
    activity = ForeignKeyField(Activity, backref="registrations")
    activity_id: int
    person = ForeignKeyField(Person, backref="registrations", index=False)
    person_id: int
    status = CharField(default=CONFIRMED)
    registered_on = DateField()
    household = ForeignKeyField(Household, null=True)  # which registered her; nobody knows of a file's
    household_id: int | None
    item = ForeignKeyField(CartItem, null=True, unique=True)  # what it was in the cart
    item_id: int | None
    option = CharField(default="")  # codes
    invoice_number = CharField(default="")
    rank = IntegerField(null=True)  # on the waiting list

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
