"""All that is kept, by series: which tables, for how long, how it goes. A table of people stands here, or tests fail.

The page Confidentialité is made of this, so that it cannot say otherwise; words: views/messages/privacy.
"""

from dataclasses import dataclass
from enum import StrEnum

from city import City
from city_retention import Period
from domain.privacy import past_time
from domain.privacy.past_time import Rule
from models import (
    Accompaniment,
    Account,
    AccountUse,
    Activity,
    Alert,
    Allocation,
    AskedField,
    Attempt,
    AuditEvent,
    AuthorisedPerson,
    CalendarChange,
    CalendarLink,
    CardConsent,
    CardTry,
    CartItem,
    CartLine,
    CashRounding,
    ChangeRequest,
    Counter,
    CounterRefund,
    CreditAllocation,
    CreditNote,
    CreditUse,
    DeclinedReturn,
    Destruction,
    Dispute,
    ElectronicConsent,
    EmailConfirmation,
    EmergencyContact,
    GuestPayer,
    HandedBack,
    HealthForm,
    HelpAsked,
    Household,
    HouseholdCredit,
    Identification,
    ImportRun,
    Incident,
    Instalment,
    Invoice,
    InvoiceLine,
    Job,
    JoinRequest,
    KnownBrowser,
    LedgerEntry,
    LocalChange,
    Membership,
    Message,
    NotedLook,
    Overpayment,
    PartnerContract,
    PasswordReset,
    Payment,
    PaymentCard,
    PaymentEvent,
    PaymentInvoice,
    Person,
    Place,
    PlacesTaken,
    PlannedInvoice,
    PreviousEmail,
    PriceRule,
    Receipt,
    ReceiptsAttached,
    Refund,
    RefundLine,
    RefusedTry,
    Registration,
    Reminder,
    RemindersStopped,
    Reservation,
    ReviewRequest,
    SavedCard,
    Separation,
    Session,
    SignUpCode,
    SpentProof,
    StaffAccount,
    StaffRecoveryCode,
    StaffRole,
    StaffSession,
    Table,
    TaxReceipt,
    UnmatchedCharge,
    UnsentForm,
    UnverifiedAccount,
    WebhookEvent,
    WrongDate,
)


class Kind(StrEnum):
    """A series; its words stand in views/messages/privacy."""

    CARDS = "cards"
    ACCOUNTS = "accounts"
    VISITS = "visits"
    LIMITS = "limits"
    INVOICES = "invoices"
    CREDITS = "credits"
    PAYMENTS = "payments"
    RECEIPTS = "receipts"
    GUESTS = "guests"
    REGISTRATIONS = "registrations"
    CART = "cart"
    CHILDREN = "children"
    RESERVATIONS = "reservations"
    MESSAGES = "messages"
    REQUESTS = "requests"
    REVIEWS = "reviews"
    ALERTS = "alerts"
    INCIDENTS = "incidents"
    TRAIL = "trail"
    STAFF = "staff"


@dataclass(frozen=True)
class Series:
    """What is kept together. With a `rule`, it goes after the city's period, once somebody has approved it.

    Without one it stays with what it belongs to, or a job deletes it by itself: what is purely technical, and what is
    written of children, whose only purpose ends with the season's year.
    `period` is the name of the city's period where it is not the series' own.
    """

    kind: Kind
    tables: tuple[type[Table], ...]
    rule: Rule | None = None
    period: str = ""

    def period_of(self, city: City) -> Period:
        """Return how long the city keeps it."""
        period: Period = getattr(city.retention, self.period or self.kind)
        return period


ALL = (
    Series(
        Kind.CARDS,
        (
            Person, Household, Membership, Separation, EmergencyContact, LocalChange, ImportRun, TaxReceipt,
            ElectronicConsent,
        ),
        past_time.CARDS,
    ),
    Series(
        Kind.ACCOUNTS,
        (
            Account, AccountUse, CalendarLink, UnverifiedAccount, SavedCard, PaymentCard, ReceiptsAttached, Reminder,
            RemindersStopped,
        ),
        past_time.ACCOUNTS,
    ),
    Series(
        Kind.VISITS,
        (
            Session, StaffSession, Identification, SignUpCode, EmailConfirmation, PreviousEmail, PasswordReset,
            UnsentForm, KnownBrowser, RefusedTry,
        ),
    ),
    Series(Kind.LIMITS, (Attempt, WrongDate, SpentProof, CardTry, HelpAsked)),
    Series(Kind.INVOICES, (Invoice, InvoiceLine), past_time.INVOICES),
    Series(Kind.CREDITS, (HouseholdCredit,), past_time.CREDITS, period="invoices"),
    Series(
        Kind.PAYMENTS,
        (
            Payment, PaymentInvoice, PaymentEvent, Allocation, CashRounding, Overpayment, CounterRefund, Refund,
            RefundLine, CreditNote, CreditAllocation, CreditUse, LedgerEntry, Dispute, UnmatchedCharge,
            DeclinedReturn, HandedBack, WebhookEvent, CardConsent, Instalment,
        ),
    ),
    Series(Kind.RECEIPTS, (Receipt,), past_time.RECEIPTS),
    Series(Kind.GUESTS, (GuestPayer,), past_time.GUESTS),
    Series(Kind.REGISTRATIONS, (Registration, PartnerContract, PlannedInvoice), past_time.REGISTRATIONS),
    Series(Kind.CART, (CartItem, CartLine), past_time.CART, period="registrations"),
    Series(Kind.CHILDREN, (HealthForm, AuthorisedPerson, Accompaniment)),
    Series(Kind.RESERVATIONS, (Reservation,), past_time.RESERVATIONS),
    Series(Kind.MESSAGES, (Message,), past_time.MESSAGES),
    Series(Kind.REQUESTS, (ChangeRequest, AskedField, JoinRequest), past_time.REQUESTS),
    Series(Kind.REVIEWS, (ReviewRequest,), past_time.REVIEWS),
    Series(Kind.ALERTS, (Alert,), past_time.ALERTS),
    Series(Kind.INCIDENTS, (Incident,), past_time.INCIDENTS),
    Series(Kind.TRAIL, (AuditEvent, NotedLook, Destruction)),
    Series(Kind.STAFF, (StaffAccount, StaffRole, StaffRecoveryCode)),
)  # fmt: skip
NOBODYS = (Place, Activity, CalendarChange, PlacesTaken, PriceRule, Counter, Job)  # what tells of nobody
PAST_A_TIME = tuple(series for series in ALL if series.rule)
