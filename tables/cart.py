"""What households wish for and hold until it is paid."""

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, TextField

from tables.activities import Activity
from tables.billing import Invoice, InvoiceLine
from tables.database import Table, utcnow
from tables.people import Household, Person


class CartItem(Table):
    """A place that a household wishes, or holds until it is paid or its time is over. Moments are UTC."""

    WISH, HELD, OFFERED, LAPSED, CONFIRMED, REMOVED = "wish", "held", "offered", "lapsed", "confirmed", "removed"
    TAKING = (HELD, OFFERED)  # what counts as taken
    IN_CART = (WISH, HELD, OFFERED, LAPSED)

    household = ForeignKeyField(Household, index=False)
    household_id: int
    person = ForeignKeyField(Person)
    person_id: int
    activity = ForeignKeyField(Activity, index=False)
    activity_id: int
    options = CharField(default="")  # codes
    fallbacks = TextField(default="")  # activity codes, in order, tried when the wish cannot be had
    together = CharField(default="")  # all that bear the same are had, or none
    state = CharField()
    position = IntegerField(default=0)  # in order of preference
    chosen_at = DateTimeField(default=utcnow)
    held_at = DateTimeField(null=True)
    held_until = DateTimeField(null=True)  # the one expiry
    held_at_most = DateTimeField(null=True)  # no prolonging goes past it
    invoice = ForeignKeyField(Invoice, null=True)  # which must be settled for the place to be given
    invoice_id: int | None
    account_id = IntegerField(null=True)  # whose pressing it was, and who is told: nobody, once told that it lapsed
    made_by = CharField(default="")  # a staff user name
    override_reason = CharField(default="")  # why a rule was passed
    let_go_at = DateTimeField(null=True)  # removed, or lapsed: what was left then is left to who holds it again

    class Meta:
        indexes = ((("household", "state"), False), (("state", "held_until"), False), (("activity", "state"), False))

    @property
    def is_over(self) -> bool:
        """Tell whether the place was held, and its time is over: what could not be had never was."""
        return self.state == self.LAPSED and self.held_at is not None


CartItem.add_index(
    CartItem.index(
        CartItem.person,
        CartItem.activity,
        unique=True,
        where=CartItem.state.in_(CartItem.TAKING),
        name="one_hold",
    )
)
CartItem.add_index(
    CartItem.index(
        CartItem.household,
        CartItem.person,
        CartItem.activity,
        unique=True,
        where=CartItem.state == CartItem.WISH,
        name="one_wish",
    )
)


class CartLine(Table):
    """Which lines of which invoices are a place's: what it costs is what they say, and what is given back of them."""

    item = ForeignKeyField(CartItem, backref="cart_lines")
    item_id: int
    line = ForeignKeyField(InvoiceLine, unique=True, on_delete="CASCADE")
    line_id: int
    option = CharField(default="")  # empty: the place itself
