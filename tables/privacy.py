"""Who saw or changed what, and the register of incidents."""

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

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


class Destruction(Table):
    """What of a series is past its time: proposed, approved by somebody, carried out. Kept, and names no resident."""

    series = CharField()  # domain/privacy/series.Kind
    number = CharField()  # of the series in the city's retention schedule, as it was then
    before = DateTimeField()  # what is older goes
    rows = IntegerField()  # how many there are
    first_on = DateField()
    last_on = DateField()
    proposed_at = DateTimeField(default=utcnow)
    approved_by = CharField(default="")  # a staff user name
    approved_at = DateTimeField(null=True)
    destroyed = IntegerField(default=0)  # how many went: what was needed again meanwhile stayed
    finished_at = DateTimeField(null=True)


Destruction.add_index(
    Destruction.index(
        Destruction.series, unique=True, where=Destruction.finished_at.is_null(), name="one_destruction_at_a_time"
    )
)
