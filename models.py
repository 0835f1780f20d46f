"""One face over the tables of tables/: `from models import Invoice` is true everywhere. No rules across rows."""

from tables.access import (
    Account,
    AccountUse,
    Attempt,
    CalendarLink,
    CardTry,
    EmailConfirmation,
    HelpAsked,
    Identification,
    KnownBrowser,
    PasswordReset,
    PreviousEmail,
    RefusedTry,
    Session,
    SignUpCode,
    SpentProof,
    UnsentForm,
    UnverifiedAccount,
    WrongDate,
)
from tables.activities import Activity, CalendarChange, PlacesTaken, PriceRule
from tables.billing import Invoice, InvoiceLine
from tables.built_once import built_once
from tables.cart import CartItem, CartLine
from tables.counters import Counter, Job
from tables.database import (
    SQLITE,
    Table,
    Value,
    begin_request,
    connected,
    database,
    digest,
    end_request,
    give_back,
    guard,
    hold,
    is_sqlite,
    make_file,
    open_database,
    sqlite_file,
    utcnow,
    write,
)
from tables.disputes import Dispute
from tables.health import Accompaniment, AuthorisedPerson, HealthForm
from tables.imports import ImportRun, LocalChange
from tables.instalments import CardConsent, Instalment, PartnerContract, PlannedInvoice
from tables.ledger import (
    Allocation,
    CreditAllocation,
    CreditNote,
    CreditUse,
    HouseholdCredit,
    LedgerEntry,
    Receipt,
    RefundLine,
)
from tables.messages import Alert, Message, ReceiptsAttached, Reminder, RemindersStopped
from tables.payments import (
    CashRounding,
    CounterRefund,
    GuestPayer,
    Overpayment,
    Payment,
    PaymentCard,
    PaymentEvent,
    PaymentInvoice,
    Refund,
    SavedCard,
    WebhookEvent,
)
from tables.people import (
    AskedField,
    ChangeRequest,
    EmergencyContact,
    Household,
    JoinRequest,
    Membership,
    Person,
    ReviewRequest,
    Separation,
)
from tables.places_taken import count_places
from tables.privacy import AuditEvent, Destruction, Incident
from tables.registrations import Registration
from tables.rentals import Place, Reservation
from tables.staff import NotedLook, StaffAccount, StaffRecoveryCode, StaffRole, StaffSession
from tables.taxes import ElectronicConsent, TaxReceipt
from tables.unmatched import DeclinedReturn, HandedBack, UnmatchedCharge

APPEND_ONLY = (PaymentEvent, LedgerEntry, AuditEvent)
TABLES = tuple(Table.__subclasses__())


def ensure_guards() -> None:
    """Guard every append-only table, and have places counted.

    Run again after every schema step: SQLite drops a table's triggers when a step rebuilds it.
    """
    for table in APPEND_ONLY:
        guard(table)
    count_places()
