"""Who works for the city."""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, ModelSelect

from tables.database import Table, utcnow


class StaffAccount(Table):
    """Someone who works for the city: apart from residents, and never without a second factor."""

    username = CharField()
    username_key = CharField(unique=True)
    password_hash = CharField()
    password_expires_at = DateTimeField(null=True)  # of a temporary one, until it is replaced
    totp_secret = CharField(default="")
    totp_confirmed_at = DateTimeField(null=True)
    totp_last_step = IntegerField(default=0)  # of the last code taken: a code counts once
    created_at = DateTimeField(default=utcnow)
    closed_at = DateTimeField(null=True)
    given: "ModelSelect[StaffRole]"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles this account has, in their own order."""
        given = {row.role for row in self.given}
        return tuple(role for role in StaffRole.ROLES if role in given)


class StaffRole(Table):
    """A permission of an account, which may have several: none stands above another."""

    COUNTER, FINANCE, PROGRAMMING, ADMIN = "counter", "finance", "programming", "admin"
    ROLES = (COUNTER, FINANCE, PROGRAMMING, ADMIN)

    staff = ForeignKeyField(StaffAccount, backref="given", on_delete="CASCADE", index=False)
    role = CharField(constraints=[Check("role IN ('counter', 'finance', 'programming', 'admin')")])

    class Meta:
        indexes = ((("staff", "role"), True),)


class StaffSession(Table):
    """A staff member's browser. Until `confirmed_at` only the password was given, and it opens nothing."""

    token_digest = CharField(unique=True)
    staff = ForeignKeyField(StaffAccount, backref="sessions", on_delete="CASCADE")
    created_at = DateTimeField(default=utcnow)
    seen_at = DateTimeField(default=utcnow)
    confirmed_at = DateTimeField(null=True)  # when the second factor was last given


class NotedLook(Table):
    """A look at somebody's file that a staff member's visit, which is her session, has in the audit already."""

    session = ForeignKeyField(StaffSession, on_delete="CASCADE", index=False)
    look = CharField()  # the act, whose file, and what of it

    class Meta:
        indexes = ((("session", "look"), True),)


class StaffRecoveryCode(Table):
    """A one-time code that stands for the second factor of someone whose phone is lost."""

    staff = ForeignKeyField(StaffAccount, backref="recovery_codes", on_delete="CASCADE")
    code_digest = CharField(unique=True)
    used_at = DateTimeField(null=True)
