"""How residents come in, and what is counted to keep others out."""

from flask_login import UserMixin
from peewee import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from tables.built_once import built_once
from tables.database import Table, utcnow
from tables.people import Membership, Person
from tables.staff import StaffAccount


class Account(Table):
    """A person's way in: her user code and password."""

    person = ForeignKeyField(Person, unique=True, backref="accounts")
    person_id: int
    username = CharField()
    username_key = CharField(unique=True)  # case-folded: MARIE and marie are one code
    password_hash = CharField()
    email = CharField(default="")
    email_key = CharField(default="")
    email_confirmed_at = DateTimeField(null=True)
    created_at = DateTimeField(default=utcnow)

    @property
    def confirmed_email(self) -> str:
        return self.email if self.email_confirmed_at else ""

    @property
    def waiting_email(self) -> str:
        return "" if self.email_confirmed_at else self.email

    def household_ids(self) -> list[int]:
        """Return the ids of the households this account's person belongs to."""
        return [household for (household,) in _households_of(self.person_id)]


@built_once
def _households_of(person_id: int) -> "ModelSelect[Membership]":
    return Membership.select(Membership.household).where(Membership.person == person_id).tuples()


Account.add_index(
    Account.index(Account.email_key, unique=True, where=Account.email_confirmed_at.is_null(False), name="account_email")
)


class EmailConfirmation(Table):
    """A link sent to an address typed by a resident; the address counts once its button is pressed."""

    token_digest = CharField(unique=True)
    account = ForeignKeyField(Account, backref="confirmations", on_delete="CASCADE")
    account_id: int
    email = CharField()
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


class CalendarLink(Table):
    """The private address by which a resident's calendar asks for her days: of the nonce under the portal's key."""

    account = ForeignKeyField(Account, backref="calendar_links", on_delete="CASCADE", unique=True)
    account_id: int
    nonce = CharField(unique=True)
    made_at = DateTimeField(default=utcnow)


class PreviousEmail(Table):
    """An address that another took the place of, and the digest of the link by which its owner has it back."""

    token_digest = CharField(unique=True)
    account = ForeignKeyField(Account, backref="previous_emails", on_delete="CASCADE")
    account_id: int
    email = CharField()
    expires_at = DateTimeField()
    on_card = CharField(null=True)  # what her card said before, put back with it; null when it was left alone


class PasswordReset(Table):
    """A way to a new password, used once: a link sent to the e-mail on file, or a code the counter reads out."""

    token_digest = CharField(unique=True)
    account = ForeignKeyField(Account, backref="resets", on_delete="CASCADE")
    account_id: int
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


class Identification(Table):
    """A card and birth date found right in step 1: the wizard's progress until the account exists."""

    token_digest = CharField(unique=True)
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: int
    created_at = DateTimeField(default=utcnow)
    expires_at = DateTimeField()


class SignUpCode(Table):
    """What the counter reads out to someone set apart: nobody opens an account in her name without it."""

    token_digest = CharField(unique=True)
    person = ForeignKeyField(Person, on_delete="CASCADE")
    person_id: int
    expires_at = DateTimeField()


class UnverifiedAccount(Table):
    """An account whose opening could be told to nobody, no e-mail being on file: the city has yet to ask its holder."""

    account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
    account_id: int
    at = DateTimeField(default=utcnow)


class AccountUse(Table):
    """When an account was last entered, and when its holder was told that it would be closed for want of use."""

    account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")
    account_id: int
    used_at = DateTimeField(default=utcnow)
    told_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("used_at",), False),)


class Session(UserMixin, Table):
    """A signed-in browser. The cookie holds a random token, this row its digest."""

    token_digest = CharField(unique=True)
    account = ForeignKeyField(Account, backref="sessions", on_delete="CASCADE")
    account_id: int
    browser = CharField(default="")  # such as Firefox, Windows: for the list of one's sessions
    first_visit = BooleanField(default=False)
    created_at = DateTimeField(default=utcnow)
    seen_at = DateTimeField(default=utcnow)

    token = ""  # the cookie's; known only when the session starts

    def get_id(self) -> str:
        return self.token


class KnownBrowser(Table):
    """A browser that came into an account before: a cookie of its own holds a random token, this row its digest."""

    account = ForeignKeyField(Account, on_delete="CASCADE", index=False)
    account_id: int
    key_digest = CharField()  # of the token and the account: no two accounts are seen to share a browser
    seen_at = DateTimeField(default=utcnow)  # when it last came in

    class Meta:
        indexes = ((("account", "key_digest"), True), (("seen_at",), False))


class RefusedTry(Table):
    """How often a way in was refused since a moment, an hour at most; never what was typed.

    Whose account it was, a resident's or a staff member's; nobody's when it cannot be told.
    """

    kind = CharField()
    account = ForeignKeyField(Account, null=True, on_delete="CASCADE", index=False)
    account_id: int | None
    staff = ForeignKeyField(StaffAccount, null=True, on_delete="CASCADE", index=False)
    staff_id: int | None
    since = DateTimeField()  # the full hour, or the account's last entry if it came after
    count = IntegerField(default=0)

    class Meta:
        indexes = (
            (("account", "kind", "since"), True),
            (("staff", "kind", "since"), True),
            (("since",), False),
        )


RefusedTry.add_index(
    RefusedTry.index(
        RefusedTry.kind,
        RefusedTry.since,
        unique=True,
        where=RefusedTry.account.is_null() & RefusedTry.staff.is_null(),
        name="refused_try_of_nobody",
    )
)


class HelpAsked(Table):
    """What somebody not signed in asked to be written about: a worker looks up whom, so that no answer tells."""

    what = CharField()
    card_number = CharField(default="")  # and the birth date beside it; or else an e-mail
    birth_date = DateField(null=True)
    email = CharField(default="")
    address = CharField()  # whence, to count what goes with nothing
    asked_at = DateTimeField(default=utcnow)


class Attempt(Table):
    """Something counted to limit it over time, such as identifications without proof of work."""

    kind = CharField()
    key = CharField(default="")
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("kind", "key", "at"), False),)


class CardTry(Table):
    """A card that was tried: a payment or a saved card under way, or refused; one that was taken leaves none."""

    reference = CharField()  # the payment's, or the saved card's
    place = CharField()  # where it counts, such as account 12, invoice 5, address 203.0.113.7
    seat = IntegerField(null=True)  # which of the place's; networks and the site have none
    at = DateTimeField(default=utcnow)
    refused_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("place", "seat"), True), (("place", "refused_at"), False), (("reference", "place"), True))


class WrongDate(Table):
    """A birth date that was tried with a card number and does not go with it; each counts once."""

    card_digest = CharField()
    date_digest = CharField()
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("card_digest", "date_digest"), True),)


class SpentProof(Table):
    """A proof of work already accepted once, kept until it would have expired anyway."""

    key = CharField(primary_key=True)
    expires_at = DateTimeField()


class UnsentForm(Table):
    """What somebody had typed when her session ended, until she is back: hers alone, and no secret in it."""

    owner = CharField()  # such as resident 12, staff 3
    path = CharField()
    fields = TextField()  # JSON: a list of texts by field
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("owner", "path"), True),)
