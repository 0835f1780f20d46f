"""A town with years behind it: all that grows with its history, thousands of rows at once, and nothing under way."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain

from peewee import fn
from psycopg2.extras import execute_values

import models
from domain.common import clock, jobs
from domain.common.batches import cut
from domain.taxes.tax_receipts import DAILY, SEEN
from models import (
    Account,
    Activity,
    Alert,
    Allocation,
    AuditEvent,
    ChangeRequest,
    Counter,
    CreditAllocation,
    CreditNote,
    GuestPayer,
    Household,
    ImportRun,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Membership,
    Message,
    Payment,
    PaymentEvent,
    PaymentInvoice,
    Person,
    Receipt,
    Refund,
    RefundLine,
    Registration,
    Reminder,
    Reservation,
    SavedCard,
    TaxReceipt,
    UnmatchedCharge,
    WebhookEvent,
)
from tests.factories.leisure import make_activity, make_place

CENTS = 5_000
ENDED, DAYS = 20, 1_500  # days ago, and of history: nothing of it is followed or reminded of any more
KEPT, KEPT_MESSAGES = 600, 8  # days: within the periods of city.toml
EACH = 30  # invoices a household
AT_HOME = 3  # people
AT_ONCE = 2_000  # households or invoices, whose rows fit in memory
Rows = Iterator[tuple[type[models.Table], dict]]
PRINTED = json.dumps({"payer": "Anne Roy", "address": ["12, rue Merry Nord", "Magog  J1X 2B6"], "lines": ["x"] * 20})


def grow(households: int) -> None:
    """Give the town so many more households, each with years of invoices that were paid."""
    Town(households).write()


class Town:
    """The rows, a method a subject: each yields tables with what a row of theirs has beside its defaults."""

    def __init__(self, households: int) -> None:
        self.households, self.invoices = households, households * EACH
        numbered = (Household, Person, Account, Invoice, InvoiceLine, Payment, Refund, CreditNote)
        self.after = {table: table.select(fn.MAX(table.id)).scalar() or 0 for table in numbered}
        self.today = clock.today()
        self.moments = [clock.noon(self.today - timedelta(days=ENDED + n)) for n in range(DAYS)]
        self.place, self.activity = make_place(), make_activity()

    def write(self) -> None:
        """Write all of it, in one transaction."""
        with models.write():
            for make, how_many in ((self.of_household, self.households), (self.of_invoice, self.invoices)):
                for some in cut(range(how_many), AT_ONCE):
                    _insert(chain.from_iterable(map(make, some)))
            _let_ids_go_on(self.after)
            _as_if_seen(self.today)

    def of_household(self, n: int) -> Rows:
        """Yield the rows of the household of this number, its people and what they did."""
        home, at = self.key(Household, n), self.moments[n % KEPT]
        yield Household, {"id": home, "code": f"V{home}"}
        for place in range(AT_HOME):
            yield from self.of_person(n * AT_HOME + place, home)
        account = self.key(Account, n)
        first = self.key(Person, n * AT_HOME)
        yield Account, {"id": account, "person_id": first, "username": f"v{account}", "username_key": f"v{account}",
                        "password_hash": "never matches"}  # fmt: skip
        yield SavedCard, {"reference": f"v{account}", "account_id": account, "state": SavedCard.KEPT,
                          "token": f"v{account}", "expires_on": self.today + timedelta(days=400)}  # fmt: skip
        yield Activity, {"code": f"V{home}", "title": "Club été", "season": "Été", "program": "club-ete",
                         "capacity": 12, "price_cents": CENTS, "starts_on": at.date(), "ends_on": at.date(),
                         "weekdays": "lun", "starts_at": time(9), "ends_at": time(16), "place_id": self.place.id,
                         "tax_code": "exempt", "category": "child_care"}  # fmt: skip
        yield Reservation, {"code": f"V{home}", "place_id": self.place.id, "household_id": home, "starts_at": at,
                            "ends_at": at + timedelta(hours=1)}  # fmt: skip
        yield ChangeRequest, {"kind": ChangeRequest.CORRECTION, "person_id": first, "words": "Une lettre de trop",
                              "created_at": at, "decided_at": at, "decision": ChangeRequest.ACCEPTED}  # fmt: skip
        yield Alert, {"kind": "daily match", "subject": f"V{home}", "words": "", "created_at": at, "closed_at": at}
        yield ImportRun, {"kind": "cards", "name": "", "kept": "", "started_at": at, "finished_at": at}
        yield UnmatchedCharge, {"gateway_id": f"u{home}", "reference": f"U{home}", "amount_cents": CENTS,
                                "reason": UnmatchedCharge.SECOND, "state": UnmatchedCharge.RETURNED, "found_at": at,
                                "returned_at": at, "due_at": UnmatchedCharge.NO_MORE}  # fmt: skip

    def of_person(self, n: int, home: int) -> Rows:
        """Yield the rows of one of a household."""
        person = self.key(Person, n)
        yield Person, {"id": person, "card_number": f"QMAGV{person:08}", "last_name": "Roy", "first_name": "Anne",
                       "birth_date": date(1980, 1, 1), "expires_on": self.today + timedelta(days=60 + n % DAYS),
                       "address": "12, rue Merry Nord", "city": "Magog", "postal_code": "J1X 2B6"}  # fmt: skip
        yield Membership, {"household_id": home, "person_id": person}
        yield Registration, {"code": f"V{person}", "activity_id": self.activity.id, "person_id": person,
                             "registered_on": self.today}  # fmt: skip
        yield TaxReceipt, {"number": f"V{person}", "kind": TaxReceipt.ACTIVITY, "year": self.today.year - 2,
                           "payer_id": person, "subject": f"person {person}", "amount_cents": CENTS,
                           "printed": PRINTED}  # fmt: skip

    def of_invoice(self, n: int) -> Rows:
        """Yield the rows of an invoice that was paid, by card here but for every third; every fiftieth was refunded."""
        invoice, line, payment = self.key(Invoice, n), self.key(InvoiceLine, n), self.key(Payment, 2 * n + 1)
        home, payer, at = n % self.households, self.key(Person, n % self.households * AT_HOME), self.moments[n % DAYS]
        lately = self.moments[n % KEPT_MESSAGES]
        here, refunded, guest = n % 3 != 0, n % 50 == 1, n % 10 == 2
        yield Invoice, {"id": invoice, "number": f"V{invoice}", "household_id": self.key(Household, home),
                        "issued_on": at.date(), "due_on": at.date(), "subtotal_cents": CENTS, "total_cents": CENTS,
                        "paid_cents": CENTS * (not refunded), "credited_cents": CENTS * refunded}  # fmt: skip
        category = InvoiceLine.CATEGORIES[n // self.households % len(InvoiceLine.CATEGORIES)]
        yield InvoiceLine, {"id": line, "invoice_id": invoice, "position": 1, "person_id": payer, "net_cents": CENTS,
                            "description": "Club été", "quantity_thousandths": 1_000, "unit_price_cents": CENTS,
                            "tax_code": InvoiceLine.EXEMPT, "category": category, "ledger_account": "4100"}  # fmt: skip
        yield from _entries(f"invoice:V{invoice}:1", at, "receivable", "revenue 4100", invoice, None)
        yield Payment, {"id": payment, "reference": f"V{payment}", "source": "portal" if here else "import",
                        "account_id": self.key(Account, home) if here and not guest else None,
                        "payer_id": None if guest else payer, "method": Payment.CARD if here else Payment.CASH,
                        "state": Payment.REFUNDED if refunded else Payment.SETTLED if here else Payment.PAID,
                        "amount_cents": CENTS, "refunded_cents": CENTS * refunded, "created_at": at,
                        "submitted_at": at if here else None, "resolved_at": at,
                        "due_at": at if here else None, "gateway_id": f"v{payment}" if here else None}  # fmt: skip
        yield PaymentInvoice, {"payment_id": payment, "invoice_id": invoice, "amount_cents": CENTS}
        yield Allocation, {"payment_id": payment, "line_id": line, "amount_cents": CENTS}
        yield from _entries(f"payment:V{payment}", at, "card clearing", "receivable", invoice, payment)
        yield Receipt, {"number": f"V{payment}", "payment_id": payment, "issued_at": at, "printed": PRINTED}
        for state in (Payment.SUBMITTED, Payment.PAID, Payment.SETTLED):
            yield PaymentEvent, {"payment_id": payment, "at": at, "name": state, "to_state": state, "cause": "worker"}
        yield Message, {"recipient": "v@example.org", "subject": "Reçu", "body": PRINTED, "created_at": lately,
                        "due_at": lately, "sent_at": lately}  # fmt: skip
        yield AuditEvent, {"at": at, "actor_kind": AuditEvent.STAFF, "actor": "v", "action": "file opened",
                           "person_id": payer}  # fmt: skip
        yield WebhookEvent, {"digest": f"v{payment}", "kind": "disbursement", "gateway_id": f"v{payment}",
                             "received_at": at, "handled_at": at, "due_at": at}  # fmt: skip
        yield Reminder, {"account_id": self.key(Account, home), "kind": "due", "subject": f"V{invoice}", "at": at}
        if guest:
            yield GuestPayer, {"payment_id": payment, "name": "Club de hockey"}
        if n % 20 == 0:  # refused at first
            yield Payment, {"id": payment - 1, "reference": f"V{payment - 1}", "payer_id": payer, "created_at": at,
                            "state": Payment.REFUSED, "amount_cents": CENTS, "submitted_at": at, "resolved_at": at,
                            "refusal": "not_found", "due_at": at}  # fmt: skip
        if refunded:
            yield from self.of_refund(n, payment, line, at)

    def of_refund(self, n: int, payment: int, line: int, at: datetime) -> Rows:
        """Yield the rows of a payment's refund."""
        refund, note = self.key(Refund, n), self.key(CreditNote, n)
        yield Refund, {"id": refund, "payment_id": payment, "amount_cents": CENTS, "cause": "staff",
                       "state": Refund.DONE, "created_at": at, "submitted_at": at, "resolved_at": at, "due_at": None,
                       "gateway_id": f"r{refund}"}  # fmt: skip
        yield RefundLine, {"refund_id": refund, "line_id": line, "amount_cents": CENTS}
        yield CreditNote, {"id": note, "number": f"V{note}", "payment_id": payment, "refund_id": refund,
                           "amount_cents": CENTS, "reason": "absence", "issued_at": at}  # fmt: skip
        yield CreditAllocation, {"credit_note_id": note, "line_id": line, "amount_cents": CENTS}
        yield from _entries(f"credit:V{note}", at, "revenue 4100", "card clearing", None, payment)

    def key(self, table: type[models.Table], n: int) -> int:
        """Return the id of the row of this number among those that come."""
        return self.after[table] + n + 1


def _entries(posting: str, at: datetime, debit: str, credit: str, invoice: int | None, payment: int | None) -> Rows:
    """Yield a double entry."""
    common = {"posting": posting, "at": at, "invoice_id": invoice, "payment_id": payment}
    yield LedgerEntry, {**common, "account": debit, "debit_cents": CENTS, "credit_cents": 0}
    yield LedgerEntry, {**common, "account": credit, "debit_cents": 0, "credit_cents": CENTS}


def _insert(rows: Rows) -> None:
    by_table: dict[type[models.Table], list[dict]] = {}
    for table, row in rows:
        by_table.setdefault(table, []).append(row)
    for table in models.TABLES:  # what refers to others comes after them
        if table in by_table:
            _insert_into(table, by_table[table])


def _insert_into(table: type[models.Table], rows: list[dict]) -> None:
    """Insert rows by the database's own quickest way: Peewee's takes ten times as long."""
    fields = [field for field in table._meta.sorted_fields if field.default is not None or field.column_name in rows[0]]
    defaults = {field.column_name: field.default() if callable(field.default) else field.default for field in fields}
    columns = list(defaults)
    values = [tuple((defaults | row)[column] for column in columns) for row in rows]
    into = f"INSERT INTO {table._meta.table_name} ({', '.join(columns)}) VALUES"
    cursor = models.database.cursor()
    if models.is_sqlite():
        cursor.executemany(f"{into} ({', '.join('?' * len(columns))})", values)
    else:
        execute_values(cursor, f"{into} %s", values, page_size=1_000)


def _let_ids_go_on(tables: Iterable[type[models.Table]]) -> None:
    """Have the ids that the database gives come after those given here; SQLite's do."""
    for table in () if models.is_sqlite() else tables:
        name = table._meta.table_name
        models.database.execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT MAX(id) FROM {name}))"  # noqa: S608
        )


def _as_if_seen(today: date) -> None:
    """Have the tax receipts' job, which looks at what is new, find nothing to do."""
    for table in (Allocation, CreditAllocation):
        Counter.keep(SEEN.format(table._meta.table_name), table.select(fn.MAX(table.id)).scalar())
    jobs.done(DAILY, today)
