"""The tables: fields, indexes, constraints, one-row properties and named queries. No rules across rows."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask_login import UserMixin
from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    Database,
    DatabaseProxy,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    ModelSelect,
    TextField,
    TimeField,
)
from playhouse import db_url
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

SQLITE = "sqlite:///"

database = DatabaseProxy()
_write_lock = threading.RLock()


class PostgresDatabase(PooledPostgresqlDatabase):
    """PostgreSQL, made to take what SQLite takes."""

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> Any:
        """Run a statement. A NUL becomes the mark of an unknown character: PostgreSQL has none, and would fail."""
        if params:
            params = [value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in params]
        return super().execute_sql(sql, params)


def open_database(url: str) -> Database:
    """Bind the models to the database at `url` (sqlite:///FILE or postgresql://…) and return it.

    Every connection comes from a pool: granian recycles idle threads, and a connection per thread would leak.
    """
    file = sqlite_file(url)
    opened = _open_sqlite(file) if file else _open_postgres(url)
    database.initialize(opened)
    return opened


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database's address, None when it is a server's."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def is_sqlite() -> bool:
    """Tell whether the models are bound to a SQLite file."""
    return isinstance(database.obj, PooledSqliteDatabase)


def _open_sqlite(file: Path) -> Database:
    file.parent.mkdir(parents=True, exist_ok=True)
    return PooledSqliteDatabase(
        str(file),
        max_connections=200,
        timeout=15,
        check_same_thread=False,
        lock_type="IMMEDIATE",
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            "recursive_triggers": 1,  # without it INSERT OR REPLACE slips past the append-only guards
            "busy_timeout": 10_000,
            "cache_size": -8_000,
        },
    )


def _open_postgres(url: str) -> Database:
    address = db_url.parse(url, unquote_password=True, unquote_user=True)
    patience = {"options": "-c lock_timeout=10s"}  # as SQLite's busy_timeout: a page says so rather than hang
    return PostgresDatabase(**patience | address, max_connections=80, timeout=15)


@contextmanager
def write() -> Iterator[None]:
    """Run the block as one write transaction, one writer at a time in this process.

    The lock keeps writers of one process from queueing on SQLite's own busy timeout, which is not fair.
    """
    with _write_lock, database.atomic():
        yield


def hold(rows: ModelSelect) -> None:
    """Keep other writers off these rows until the transaction ends; what was read of them before is to be read again.

    On SQLite there is nothing to do: a write transaction is alone already. The order of ids keeps two from deadlocking.
    """
    if not is_sqlite():
        list(rows.order_by(rows.model.id).for_update().tuples())


def utcnow() -> datetime:
    """Return the present moment in UTC, without its zone, as every table stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


def digest(secret: str) -> str:
    """Return what is stored of a random secret (a session token, a link, a nonce) instead of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Table(Model):
    """A table of the portal."""

    class Meta:
        database = database
        legacy_table_names = False


class Counter(Table):
    """A number kept under a name: the last one given in a series of documents, or a moment to remember."""

    name = CharField(primary_key=True)
    value = IntegerField(default=0)

    @classmethod
    def take(cls, name: str) -> int:
        """Return the next number of the series: no gap, no repeat."""
        cls.insert(name=name, value=0).on_conflict_ignore().execute()
        cls.update(value=cls.value + 1).where(cls.name == name).execute()
        return cls.get_by_id(name).value

    @classmethod
    def keep(cls, name: str, value: int) -> None:
        """Write a value under a name."""
        cls.insert(name=name, value=value).on_conflict(conflict_target=[cls.name], update={cls.value: value}).execute()

    @classmethod
    def kept(cls, name: str) -> int | None:
        """Return the value under a name, None when there is none."""
        return cls.select(cls.value).where(cls.name == name).scalar()

    @classmethod
    def keep_moment(cls, name: str, moment: datetime) -> None:
        """Write a UTC moment under a name, to the minute."""
        cls.keep(name, int(moment.replace(tzinfo=UTC).timestamp()) // 60)

    @classmethod
    def kept_moment(cls, name: str) -> datetime | None:
        """Return the UTC moment under a name, None when there is none."""
        minute = cls.kept(name)
        return minute and datetime.fromtimestamp(minute * 60, UTC).replace(tzinfo=None)


class Job(Table):
    """Something the portal does by itself: how often, when it last ended, and what went wrong then."""

    name = CharField(primary_key=True)
    every_seconds = IntegerField(default=0)
    last_run_at = DateTimeField(null=True)
    last_problem = CharField(default="")
    done_until = DateField(null=True)  # of a job that goes day by day: the last day done


class Household(Table):
    """The people one file is kept for; invoices belong to it."""

    code = CharField(unique=True)


class Person(Table):
    """Someone holding a citizen card: one card a person, children too."""

    ACTIVE, LOST, DECEASED = "active", "lost", "deceased"

    card_number = CharField(unique=True)
    last_name = CharField()
    first_name = CharField()
    birth_date = DateField()
    expires_on = DateField()
    address = CharField(default="")
    city = CharField(default="")
    postal_code = CharField(default="")
    phone = CharField(default="")
    email = CharField(default="")
    resident = BooleanField(default=True)
    status = CharField(default=ACTIVE)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def age_on(self, day: date) -> int:
        """Return the age in whole years; someone born on 29 February has her birthday on 1 March."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Membership(Table):
    """Who belongs to which household; a child may belong to two."""

    household = ForeignKeyField(Household, backref="memberships", on_delete="CASCADE")
    person = ForeignKeyField(Person, backref="memberships", on_delete="CASCADE")

    class Meta:
        indexes = ((("household", "person"), True),)


class Account(Table):
    """A person's way in: her user code and password."""

    person = ForeignKeyField(Person, unique=True, backref="accounts")
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
        rows = Membership.select(Membership.household).where(Membership.person == self.person_id).tuples()
        return [household for (household,) in rows]


Account.add_index(
    Account.index(Account.email_key, unique=True, where=Account.email_confirmed_at.is_null(False), name="account_email")
)


class EmailConfirmation(Table):
    """A link sent to an address typed by a resident; the address counts once its button is pressed."""

    token_digest = CharField(unique=True)
    account = ForeignKeyField(Account, backref="confirmations", on_delete="CASCADE")
    email = CharField()
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


class PasswordReset(Table):
    """A way to a new password, used once: a link sent to the e-mail on file, or a code the counter reads out."""

    token_digest = CharField(unique=True)
    account = ForeignKeyField(Account, backref="resets", on_delete="CASCADE")
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


class Identification(Table):
    """A card and birth date found right in step 1: the wizard's progress until the account exists."""

    token_digest = CharField(unique=True)
    person = ForeignKeyField(Person, on_delete="CASCADE")
    created_at = DateTimeField(default=utcnow)
    expires_at = DateTimeField()


class Session(UserMixin, Table):
    """A signed-in browser. The cookie holds a random token, this row its digest."""

    token_digest = CharField(unique=True)
    account = ForeignKeyField(Account, backref="sessions", on_delete="CASCADE")
    browser = CharField(default="")  # such as Firefox, Windows: for the list of one's sessions
    first_visit = BooleanField(default=False)
    created_at = DateTimeField(default=utcnow)
    seen_at = DateTimeField(default=utcnow)

    token = ""  # the cookie's; known only when the session starts

    def get_id(self) -> str:
        return self.token


class Attempt(Table):
    """Something counted to limit it over time, such as identifications without proof of work."""

    kind = CharField()
    key = CharField(default="")
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("kind", "key", "at"), False),)


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


class Invoice(Table):
    """What a household owes for a set of lines. Taxes are those of the taxable subtotal."""

    OPEN, CANCELLED = "open", "cancelled"

    number = CharField(unique=True)
    household = ForeignKeyField(Household, backref="invoices")
    issued_on = DateField()
    due_on = DateField()
    status = CharField(default=OPEN)
    subtotal_cents = BigIntegerField()
    tps_cents = BigIntegerField(default=0)
    tvq_cents = BigIntegerField(default=0)
    total_cents = BigIntegerField(constraints=[Check("total_cents >= 0")])
    paid_cents = BigIntegerField(default=0)
    credited_cents = BigIntegerField(default=0)  # given back: neither owed nor kept any more

    class Meta:
        constraints = [Check("paid_cents >= 0 AND credited_cents >= 0 AND paid_cents + credited_cents <= total_cents")]
        indexes = ((("household", "issued_on"), False),)

    @property
    def balance_cents(self) -> int:
        return 0 if self.status == self.CANCELLED else self.total_cents - self.paid_cents - self.credited_cents

    @classmethod
    def left(cls):
        """Return the SQL expression of what is left to pay of an open invoice, in cents."""
        return cls.total_cents - cls.paid_cents - cls.credited_cents

    @classmethod
    def of(cls, household_ids: list[int]):
        """Select the households' invoices, the latest first."""
        return cls.select().where(cls.household.in_(household_ids)).order_by(cls.issued_on.desc(), cls.number.desc())

    @classmethod
    def payable(cls, household_ids: list[int]):
        """Select the households' invoices on which something is due, the most urgent first."""
        return (
            cls.select()
            .where(cls.household.in_(household_ids), cls.status == cls.OPEN, cls.left() > 0)
            .order_by(cls.due_on, cls.number)
        )


class InvoiceLine(Table):
    """One thing on an invoice, and whom it is for."""

    TAXABLE, EXEMPT = "taxable", "exempt"
    CATEGORIES = ("activity", "child_care", "rental", "donation", "other")

    invoice = ForeignKeyField(Invoice, backref="lines", on_delete="CASCADE")
    position = IntegerField()
    person = ForeignKeyField(Person, null=True)
    description = CharField()
    quantity_thousandths = BigIntegerField()
    unit_price_cents = BigIntegerField()
    net_cents = BigIntegerField()
    tps_cents = BigIntegerField(default=0)
    tvq_cents = BigIntegerField(default=0)
    tax_code = CharField()
    category = CharField()
    ledger_account = CharField()

    class Meta:
        indexes = ((("invoice", "position"), True),)

    @property
    def total_cents(self) -> int:
        return self.net_cents + self.tps_cents + self.tvq_cents


class Payment(Table):
    """One attempt to settle one or several invoices, by card here or by any means elsewhere."""

    CREATED, SUBMITTED, UNKNOWN = "created", "submitted", "unknown"
    PAID, REFUSED, UNEXPECTED = "paid", "refused", "unexpected"
    SETTLED, SETTLEMENT_DECLINED, DISPUTED = "settled", "settlement_declined", "disputed"
    VOIDED, REFUNDED, CHARGED_BACK = "voided", "refunded", "charged_back"
    RECEIVED_STATES = (PAID, SETTLED, DISPUTED)  # the city has, or will have, the money
    REVERSED_STATES = (SETTLEMENT_DECLINED, CHARGED_BACK, VOIDED)  # not by a refund of ours: owed again
    BOOKED_STATES = (*RECEIVED_STATES, *REVERSED_STATES, REFUNDED)  # a receipt was given
    OPEN_STATES = (CREATED, SUBMITTED, UNKNOWN)
    CARD, CASH, CHEQUE, DEBIT, OTHER = "card", "cash", "cheque", "debit", "other"

    reference = CharField(unique=True)  # also the gateway's order id; never reused
    source = CharField(default="portal")  # portal, or import: taken elsewhere
    account = ForeignKeyField(Account, null=True, backref="payments")
    payer = ForeignKeyField(Person, null=True)
    method = CharField(default=CARD)
    state = CharField(default=CREATED)
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    nonce = CharField(null=True)  # erased when it is sent: from then on the payment is only searched for
    created_at = DateTimeField(default=utcnow)
    submitted_at = DateTimeField(null=True)
    resolved_at = DateTimeField(null=True)
    due_at = DateTimeField(null=True, default=utcnow)  # when there is something to do, or to ask, for it
    empty_looks = IntegerField(default=0)  # searches in a row that found nothing
    gateway_id = CharField(null=True, unique=True)
    settlement_batch = CharField(default="")
    card_brand = CharField(default="")
    card_last_four = CharField(default="")
    refusal = CharField(default="")
    refunded_cents = BigIntegerField(default=0)

    class Meta:
        constraints = [Check("refunded_cents >= 0 AND refunded_cents <= amount_cents")]
        indexes = ((("state", "due_at"), False), (("resolved_at",), False))

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def is_reversed(self) -> bool:
        return self.state in self.REVERSED_STATES


class PaymentInvoice(Table):
    """What a payment pays of an invoice. `is_open` is true while the outcome is not known."""

    payment = ForeignKeyField(Payment, backref="invoice_links", on_delete="CASCADE")
    invoice = ForeignKeyField(Invoice, backref="payment_links")
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    is_open = BooleanField(default=False)

    class Meta:
        indexes = ((("payment", "invoice"), True),)


PaymentInvoice.add_index(
    PaymentInvoice.index(PaymentInvoice.invoice, unique=True, where=PaymentInvoice.is_open, name="one_open_payment")
)


class GuestPayer(Table):
    """Who says to have paid, when nobody was signed in."""

    payment = ForeignKeyField(Payment, unique=True, backref="guests", on_delete="CASCADE")
    name = CharField()


class SavedCard(Table):
    """A card kept in the gateway's vault for an account, under a customer of its own there: what may be shown of it."""

    ADDING, WITH_PAYMENT = "adding", "with payment"
    KEPT, REFUSED, REMOVING, REMOVED = "kept", "refused", "removing", "removed"

    reference = CharField(unique=True)  # also the customer's id at the gateway; never reused
    account = ForeignKeyField(Account, null=True, backref="saved_cards", on_delete="SET NULL")
    state = CharField(default=ADDING)
    nonce = CharField(null=True)  # erased once the vault has answered
    token = CharField(null=True, unique=True)  # the vault's
    number_key = CharField(default="")  # the vault's: the same for the same number, and tells nothing of it
    brand = CharField(default="")
    last_four = CharField(default="")
    expires_on = DateField(null=True)
    is_default = BooleanField(default=False)
    tries = IntegerField(default=0)
    problem = CharField(default="")
    created_at = DateTimeField(default=utcnow)
    changed_at = DateTimeField(default=utcnow)
    due_at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("state", "due_at"), False),)

    def is_expired_on(self, day: date) -> bool:
        return self.expires_on is None or self.expires_on < day


SavedCard.add_index(
    SavedCard.index(SavedCard.account, unique=True, where=SavedCard.is_default, name="one_default_card")
)


class PaymentCard(Table):
    """How a payment uses the vault: the saved card that pays, or the one to keep if the payment succeeds."""

    payment = ForeignKeyField(Payment, unique=True, backref="saved_cards", on_delete="CASCADE")
    card = ForeignKeyField(SavedCard, backref="payments", on_delete="CASCADE")


class PaymentEvent(Table):
    """One change in a payment's life; written once, never changed."""

    payment = ForeignKeyField(Payment, backref="events")
    at = DateTimeField(default=utcnow)
    name = CharField()
    from_state = CharField(default="")
    to_state = CharField()
    cause = CharField()  # browser, worker, sweep, webhook, staff, import, restore
    words = TextField(default="")  # the gateway's


class Allocation(Table):
    """The share of a payment that goes to one invoice line."""

    payment = ForeignKeyField(Payment, backref="allocations")
    line = ForeignKeyField(InvoiceLine, backref="allocations")
    amount_cents = BigIntegerField()

    class Meta:
        indexes = ((("payment", "line"), True),)


class Refund(Table):
    """Money given back, whole or in part: a void while the charge is unsettled, a refund after."""

    CREATED, SUBMITTED, UNKNOWN, DONE, REFUSED = "created", "submitted", "unknown", "done", "refused"
    OPEN_STATES = (CREATED, SUBMITTED, UNKNOWN)

    payment = ForeignKeyField(Payment, backref="refunds")
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    reason = CharField(default="")
    cause = CharField()
    state = CharField(default=CREATED)
    created_at = DateTimeField(default=utcnow)
    submitted_at = DateTimeField(null=True)
    resolved_at = DateTimeField(null=True)
    due_at = DateTimeField(null=True, default=utcnow)
    gateway_id = CharField(null=True, unique=True)
    words = TextField(default="")


class CreditNote(Table):
    """The numbered document that takes back a receipt, in whole or in part: a refund, or a payment reversed later."""

    number = CharField(unique=True)
    payment = ForeignKeyField(Payment, backref="credit_notes")
    refund = ForeignKeyField(Refund, null=True, unique=True)
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    reason = CharField()
    issued_at = DateTimeField(default=utcnow)


class CreditAllocation(Table):
    """The share of a credit note taken back from one invoice line."""

    credit_note = ForeignKeyField(CreditNote, backref="allocations")
    line = ForeignKeyField(InvoiceLine, backref="credit_allocations")
    amount_cents = BigIntegerField()

    class Meta:
        indexes = ((("credit_note", "line"), True),)


class UnmatchedCharge(Table):
    """A charge at the gateway that pays nothing here, such as a second one for a reference. It goes back."""

    OWED, RETURNED = "owed", "returned"
    SECOND, OTHER_AMOUNT, NOT_OWED = "second charge of one reference", "amount differs", "no longer owed"

    gateway_id = CharField(unique=True)
    reference = CharField()
    amount_cents = BigIntegerField()
    reason = CharField()
    state = CharField(default=OWED)
    found_at = DateTimeField(default=utcnow)
    returned_at = DateTimeField(null=True)
    due_at = DateTimeField(default=utcnow)
    words = TextField(default="")

    class Meta:
        indexes = ((("state", "due_at"), False),)


class Alert(Table):
    """Something a person at the city must look at; said once for a kind and a subject."""

    kind = CharField()
    subject = CharField()
    words = TextField()
    created_at = DateTimeField(default=utcnow)
    closed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("kind", "subject"), True),)


class WebhookEvent(Table):
    """A notice from the gateway, verified and kept once; the truth is then asked from the gateway itself."""

    digest = CharField(unique=True)
    kind = CharField()
    gateway_id = CharField(default="")
    received_at = DateTimeField(default=utcnow)
    handled_at = DateTimeField(null=True)
    due_at = DateTimeField(default=utcnow)


class LedgerEntry(Table):
    """One side of a double entry. Entries that share a `posting` balance; the table is append-only."""

    id = AutoField()
    posting = CharField(index=True)
    at = DateTimeField(default=utcnow)
    account = CharField(index=True)
    debit_cents = BigIntegerField(default=0, constraints=[Check("debit_cents >= 0")])
    credit_cents = BigIntegerField(default=0, constraints=[Check("credit_cents >= 0")])
    invoice = ForeignKeyField(Invoice, null=True)
    payment = ForeignKeyField(Payment, null=True)

    class Meta:
        constraints = [Check("(debit_cents = 0) <> (credit_cents = 0)")]


class Receipt(Table):
    """The numbered document given for a payment. The PDF is drawn from it when asked for."""

    number = CharField(unique=True)
    payment = ForeignKeyField(Payment, unique=True, backref="receipts")
    issued_at = DateTimeField(default=utcnow)


class TaxReceipt(Table):
    """A numbered receipt for taxes, to the person who paid. Cancelled ones stay, as they were printed."""

    CHILD_CARE, ACTIVITY, DONATION = "child_care", "activity", "donation"
    KINDS = (CHILD_CARE, ACTIVITY, DONATION)

    number = CharField(unique=True)
    kind = CharField()
    year = IntegerField()
    payer = ForeignKeyField(Person, backref="tax_receipts")
    subject = CharField()  # the person it is for, or the payment that was a gift
    person = ForeignKeyField(Person, null=True)
    amount_cents = BigIntegerField(constraints=[Check("amount_cents > 0")])
    lacks = CharField(default="")  # what was not known when it was printed
    printed = TextField()  # JSON: all that stands on it, so that a duplicate is the same
    issued_at = DateTimeField(default=utcnow)
    cancelled_at = DateTimeField(null=True)
    replaces = ForeignKeyField("self", null=True, unique=True, backref="replaced_by")

    class Meta:
        indexes = ((("payer", "year"), False),)


TaxReceipt.add_index(
    TaxReceipt.index(
        TaxReceipt.payer,
        TaxReceipt.year,
        TaxReceipt.kind,
        TaxReceipt.subject,
        unique=True,
        where=TaxReceipt.cancelled_at.is_null(),
        name="one_valid_tax_receipt",
    )
)


class ElectronicConsent(Table):
    """Someone's consent to receive tax receipts online instead of by mail, and its end."""

    person = ForeignKeyField(Person, backref="electronic_consents", on_delete="CASCADE")
    given_at = DateTimeField(default=utcnow)
    withdrawn_at = DateTimeField(null=True)


ElectronicConsent.add_index(
    ElectronicConsent.index(
        ElectronicConsent.person, unique=True, where=ElectronicConsent.withdrawn_at.is_null(), name="one_consent"
    )
)


class Message(Table):
    """The outbox: an e-mail written in the transaction that gives rise to it, sent afterwards."""

    recipient = CharField()
    subject = CharField()
    body = TextField()
    created_at = DateTimeField(default=utcnow)
    due_at = DateTimeField(default=utcnow)
    sent_at = DateTimeField(null=True)
    tries = IntegerField(default=0)
    problem = CharField(default="")

    class Meta:
        indexes = ((("sent_at", "due_at"), False),)


class Reminder(Table):
    """A reminder that was written to an account: once for a kind and a subject."""

    account = ForeignKeyField(Account, on_delete="CASCADE")
    kind = CharField()
    subject = CharField()  # an invoice's number, a card's person and expiry
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("account", "kind", "subject"), True),)


class RemindersStopped(Table):
    """An account that wants no reminder."""

    account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")


class StaffAccount(Table):
    """Someone who works for the city: apart from residents, and never without a second factor."""

    AGENT, FINANCE, ADMIN = "agent", "finance", "admin"
    ROLES = (AGENT, FINANCE, ADMIN)

    username = CharField()
    username_key = CharField(unique=True)
    role = CharField(constraints=[Check("role IN ('agent', 'finance', 'admin')")])
    password_hash = CharField()
    password_expires_at = DateTimeField(null=True)  # of a temporary one, until it is replaced
    totp_secret = CharField(default="")
    totp_confirmed_at = DateTimeField(null=True)
    totp_last_step = IntegerField(default=0)  # of the last code taken: a code counts once
    created_at = DateTimeField(default=utcnow)
    closed_at = DateTimeField(null=True)


class StaffSession(Table):
    """A staff member's browser. Until `confirmed_at` only the password was given, and it opens nothing."""

    token_digest = CharField(unique=True)
    staff = ForeignKeyField(StaffAccount, backref="sessions", on_delete="CASCADE")
    created_at = DateTimeField(default=utcnow)
    seen_at = DateTimeField(default=utcnow)
    confirmed_at = DateTimeField(null=True)  # when the second factor was last given


class StaffRecoveryCode(Table):
    """A one-time code that stands for the second factor of someone whose phone is lost."""

    staff = ForeignKeyField(StaffAccount, backref="recovery_codes", on_delete="CASCADE")
    code_digest = CharField(unique=True)
    used_at = DateTimeField(null=True)


class AuditEvent(Table):
    """Who saw or changed what, and when. Append-only; never a name, a card number or a date in it."""

    RESIDENT, STAFF, SYSTEM = "resident", "staff", "system"

    at = DateTimeField(default=utcnow)
    actor_kind = CharField()
    actor = CharField(default="")  # a resident account's id, or a staff user name
    action = CharField()
    person = ForeignKeyField(Person, null=True)  # whose file it concerns
    subject = CharField(default="")  # a payment's reference, an invoice's number


class ChangeRequest(Table):
    """What a resident asks and the city decides, such as a correction to her file."""

    CORRECTION, MEMBER = "correction", "member"
    ACCEPTED, REFUSED = "accepted", "refused"

    kind = CharField()
    person = ForeignKeyField(Person, backref="requests")
    words = TextField()
    created_at = DateTimeField(default=utcnow)
    decided_at = DateTimeField(null=True)
    decided_by = CharField(default="")  # a staff user name
    decision = CharField(default="")
    answer = TextField(default="")


class JoinRequest(Table):
    """What a request to add someone to a household is about."""

    request = ForeignKeyField(ChangeRequest, unique=True, backref="joins", on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE")
    household = ForeignKeyField(Household, on_delete="CASCADE")


class EmergencyContact(Table):
    """Whom to call for someone. It is the household's word: the city's file of cards has none."""

    person = ForeignKeyField(Person, unique=True, backref="emergency_contacts", on_delete="CASCADE")
    name = CharField()
    phone = CharField()
    relation = CharField(default="")


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


class Separation(Table):
    """Someone the city set apart from a household: the nightly import must not put her back."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    household = ForeignKeyField(Household, on_delete="CASCADE")
    apart = ForeignKeyField(Household, on_delete="CASCADE")  # where the import puts her instead
    stays = BooleanField(default=False)  # or as well: a child of both
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("person", "household"), True),)


class UnsentForm(Table):
    """What somebody had typed when her session ended, until she is back: hers alone, and no secret in it."""

    owner = CharField()  # such as resident 12, staff 3
    path = CharField()
    fields = TextField()  # JSON: a list of texts by field
    at = DateTimeField(default=utcnow)

    class Meta:
        indexes = ((("owner", "path"), True),)


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
    status = CharField(default=CONFIRMED)
    registered_on = DateField()

    class Meta:
        indexes = ((("person", "activity"), False),)


class Reservation(Table):
    """A place kept for a household for some hours. Moments are UTC."""

    CONFIRMED, REQUESTED, CANCELLED = "confirmed", "requested", "cancelled"

    code = CharField(unique=True)
    place = ForeignKeyField(Place, backref="reservations")
    household = ForeignKeyField(Household, backref="reservations")
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    status = CharField(default=CONFIRMED)
    purpose = CharField(default="")

    class Meta:
        indexes = ((("household", "starts_at"), False), (("place", "starts_at"), False))


APPEND_ONLY = (PaymentEvent, LedgerEntry, AuditEvent)
TABLES = tuple(Table.__subclasses__())


def ensure_guards() -> None:
    """Have the database itself refuse UPDATE and DELETE on append-only tables. Run again after every schema step,
    because SQLite drops a table's triggers when a step rebuilds it."""
    make = _sqlite_guard if is_sqlite() else _postgres_guard
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            for statement in make(table._meta.table_name, verb):
                database.execute_sql(statement)


def _sqlite_guard(table: str, verb: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ]


def _postgres_guard(table: str, verb: str) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}",
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",  # TRUNCATE deletes without any DELETE
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()",
    ]
