"""Who saw or changed what, and the register of incidents."""

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, TextField

from tables.database import Table, utcnow
from tables.people import Person


class AuditEvent(Table):
    """Who saw or changed what, and when. Append-only; never a name, a card number or a date in it."""

    RESIDENT, STAFF, SYSTEM = "resident", "staff", "system"

    at = DateTimeField(default=utcnow)
    actor_kind = CharField()
    actor = CharField(default="")  # a resident account's id, or a staff user name
    action = CharField()
    person = ForeignKeyField(Person, null=True)  # whose file it concerns
    person_id: int | None
    subject = CharField(default="")  # a payment's reference, an invoice's number


class Incident(Table):
    """A line of the register of confidentiality incidents, with the eight fields the law asks for."""

    data_concerned = TextField()
    circumstances = TextField()
    happened = CharField()  # when, or the period
    known_on = DateField()
    persons = CharField()  # how many, or about how many
    risk = TextField()
    notices = TextField()  # whom, and when
    measures = TextField()
    recorded_by = CharField()  # a staff user name
    recorded_at = DateTimeField(default=utcnow)
