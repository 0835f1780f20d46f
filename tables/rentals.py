"""Places, and when they are kept for a household."""

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField

from tables.database import Table
from tables.people import Household


class Place(Table):
    """Where things happen: an arena, a room, a court, a beach."""

    KINDS = ("ice", "room", "court", "beach", "mooring", "school", "other")

    code = CharField(unique=True)
    name = CharField()
    kind = CharField()
    address = CharField(default="")
    city = CharField(default="")
    phone = CharField(default="")
    accessible = BooleanField(default=False)
    hours = CharField(default="")

    @property
    def location(self) -> str:
        """Return the name and the address, as one line."""
        return ", ".join(filter(None, (self.name, self.address, self.city)))


class Reservation(Table):
    """A place kept for a household for some hours. Moments are UTC."""

    CONFIRMED, REQUESTED, CANCELLED = "confirmed", "requested", "cancelled"

    code = CharField(unique=True)
    place = ForeignKeyField(Place, backref="reservations", index=False)
    household = ForeignKeyField(Household, backref="reservations", index=False)
    household_id: int
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    status = CharField(default=CONFIRMED)
    purpose = CharField(default="")

    class Meta:
        indexes = ((("household", "starts_at"), False), (("place", "starts_at"), False))
