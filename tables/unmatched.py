"""Money at the gateway that pays nothing here, and how it goes back."""

from datetime import datetime
from typing import TYPE_CHECKING

from peewee import BigIntegerField, CharField, Check, DateTimeField, Expression, ForeignKeyField, TextField, fn

from tables.database import Table, utcnow

if TYPE_CHECKING:
    from peewee import ModelSelect


class UnmatchedCharge(Table):
    """A charge at the gateway that pays nothing here, such as a second one for a reference.

    It goes back; one in another currency, or of another merchant account, is held for a person to decide.
    """

    OWED, RETURNED, HELD = "owed", "returned", "held"
    SECOND, OTHER_AMOUNT, NOT_OWED = "second charge of one reference", "amount differs", "no longer owed"
    OTHER_CURRENCY, OTHER_ACCOUNT = "another currency", "another merchant account"
    WON_BACK = "dispute won, paid otherwise meanwhile"
    REASONS = (SECOND, OTHER_AMOUNT, NOT_OWED, OTHER_CURRENCY, OTHER_ACCOUNT, WON_BACK)  # words: views/messages/facts
    NO_MORE = datetime(9999, 1, 1)  # `due_at` of what nobody needs to ask about again

    gateway_id = CharField(index=True)
    reference = CharField()
    amount_cents = BigIntegerField()
    reason = CharField()
    state = CharField(default=OWED)
    found_at = DateTimeField(default=utcnow)
    returned_at = DateTimeField(null=True)
    due_at = DateTimeField(default=utcnow)
    words = TextField(default="")
    currency = CharField(default="CAD")  # of `amount_cents`, which are its hundredths

    handed: "ModelSelect[HandedBack]"

    class Meta:
        indexes = ((("state", "due_at"), False), (("reference",), False))

    @property
    def handed_back(self) -> "HandedBack | None":
        return self.handed.where(HandedBack.given_at == self.returned_at).first()

    @property
    def is_of_these_books(self) -> bool:
        return self.reason not in (self.OTHER_CURRENCY, self.OTHER_ACCOUNT)

    @property
    def waits_for_person(self) -> bool:
        row = UnmatchedCharge.select().where(UnmatchedCharge.id == self.id, UnmatchedCharge.a_persons())
        return bool(row.exists())

    @classmethod
    def a_persons(cls) -> Expression:
        """Return the condition that it goes back by nobody's doing but a person's: held, or declined twice."""
        declined = DeclinedReturn.select(fn.COALESCE(fn.SUM(DeclinedReturn.amount_cents), 0))
        of_it = declined.where(DeclinedReturn.charge == cls.gateway_id)
        twice = (cls.amount_cents > 0) & (2 * cls.amount_cents <= of_it)
        return cls.state.in_((cls.HELD, cls.OWED)) & ((cls.state == cls.HELD) | twice)


UnmatchedCharge.add_index(  # what a dispute took may be won back in parts, each returned before the next is owed
    UnmatchedCharge.index(
        UnmatchedCharge.gateway_id,
        unique=True,
        where=(UnmatchedCharge.reason != UnmatchedCharge.WON_BACK) | (UnmatchedCharge.state == UnmatchedCharge.OWED),
        name="one_owed_back",
    )
)


class DeclinedReturn(Table):
    """What was to go back of such money and did not arrive: sent back by the bank, or refused by the gateway."""

    charge = CharField(index=True)  # the gateway's id of the charge
    what = CharField(unique=True)  # the gateway's id of what was sent back, or the charge's with the day of refusals
    amount_cents = BigIntegerField()
    found_at = DateTimeField(default=utcnow)


class HandedBack(Table):
    """How a person gave such money back another way than on its card: what it took stays at the gateway."""

    charge = ForeignKeyField(UnmatchedCharge, backref="handed")
    charge_id: int
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    given_at = DateTimeField()
    method = CharField()
    reference = CharField(default="")  # such as a cheque's number
    given_by = CharField()  # a staff user name
