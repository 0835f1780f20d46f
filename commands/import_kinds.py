"""The kinds of files that `flask import` reads: their columns, and what becomes of their rows."""

from collections.abc import Callable, Sequence

from flask import current_app

from adapters import cells, csv_files
from adapters.csv_files import KEY, NAME, Column
from adapters.documents.pdf import unprintable
from city import City
from domain.imports import cards, invoices, payments, sheets
from domain.imports.outcome import Plan, Row, Watch
from domain.imports.two_sources import Ours
from domain.people.card_number import NotACardNumber, normalise
from models import Activity, InvoiceLine, Payment, Person, Place, PriceRule, Registration, Reservation

PRICE_CLASSES = ("resident", "non_resident", "organisation", "other_organisation")  # a town may name others
OLDEST = 150  # years, that an age may be
SHARED_TAXES = ("tps", "tvq")  # of a line of what is paid in parts: taxed as a whole, a cent off its own
MOST_PLACES = 1_000_000


def card_number(city: City) -> Callable[[str], str]:
    """Return a reader of card numbers."""

    def read(cell: str) -> str:
        try:
            return normalise(cell, city.card.prefix, city.card.digits)
        except NotACardNumber:
            example = f"{city.card.prefix}{'0' * (city.card.digits - 1)}1"
            raise ValueError(f"« {cell[:40]} » n’est pas un numéro de carte ; il faut par exemple {example}") from None

    return read


def card_columns(city: City) -> list[Column]:
    """Return the columns of a file of cards."""
    short = csv_files.text(255)
    return [
        Column("card_number", card_number(city), sort=KEY),
        *(Column(name, cells.part_of_a_name, sort=NAME) for name in ("last_name", "first_name")),
        Column("birth_date", cells.day_of_birth),
        Column("expires_on", csv_files.day),
        Column("household", cells.key(255), sort=KEY),
        *(Column(name, short, required=False) for name in ("address", "city", "postal_code")),
        Column("phone", cells.phone, required=False),
        Column("email", cells.email, required=False),
        Column("resident", csv_files.flag, required=False, default=True),
        Column(
            "status",
            csv_files.one_of(Person.ACTIVE, Person.LOST, Person.DECEASED),
            required=False,
            default=Person.ACTIVE,
        ),
        Column("class", cells.spared(*PRICE_CLASSES), required=False, field="price_class"),
        Column("school", csv_files.one_of(*Activity.SCHOOL_LEVELS), required=False),
        Column("levels", cells.codes, required=False),
    ]


def invoice_columns(city: City) -> list[Column]:
    """Return the columns of a file of invoices."""
    short = csv_files.text(255)
    return [
        Column("invoice_number", cells.key(40), sort=KEY),
        Column("household", cells.key(255), sort=KEY),
        *(Column(name, csv_files.day) for name in ("issued_on", "due_on")),
        Column("card_number", card_number(city), required=False),
        Column("description", short),
        Column("quantity", csv_files.thousandths),
        Column("unit_price", csv_files.cents),
        Column("tax_code", csv_files.one_of(InvoiceLine.TAXABLE, InvoiceLine.EXEMPT)),
        Column("category", csv_files.one_of(*InvoiceLine.CATEGORIES)),
        Column("ledger_account", csv_files.text(40)),
        Column("status", csv_files.one_of("open", "cancelled"), required=False, default="open"),
        *(Column(name, csv_files.cents, required=False, default=None) for name in SHARED_TAXES),
    ]


def payment_columns(city: City) -> list[Column]:
    """Return the columns of a file of payments taken elsewhere."""
    return [
        Column("payment", cells.key(60), sort=KEY),
        Column("invoice_number", cells.key(40), sort=KEY),
        Column("paid_on", cells.day_past),
        Column("amount", csv_files.cents),
        Column("method", csv_files.one_of(*Payment.METHODS)),
        Column("payer", card_number(city), required=False),
    ]


def place_columns(_city: City) -> list[Column]:
    """Return the columns of a file of places."""
    short = csv_files.text(255)
    return [
        Column("place", cells.key(60), sort=KEY),
        Column("name", short),
        Column("kind", csv_files.one_of(*Place.KINDS)),
        *(Column(name, short, required=False) for name in ("address", "city", "phone", "hours")),
        Column("accessible", csv_files.flag, required=False, default=False),
    ]


def activity_columns(city: City) -> list[Column]:
    """Return the columns of a file of activities; `cancelled_on` is ours: days on which it does not take place."""
    return [
        Column("activity", cells.key(60), sort=KEY),
        Column("title", csv_files.text(255)),
        Column("season", csv_files.text(60), required=False),
        *(Column(name, csv_files.day) for name in ("starts_on", "ends_on")),
        Column("weekdays", csv_files.words(*Activity.WEEKDAYS)),
        *(Column(name, csv_files.time_of_day) for name in ("starts_at", "ends_at")),
        Column("place", cells.key(60), sort=KEY),
        Column("tax_code", csv_files.one_of(InvoiceLine.TAXABLE, InvoiceLine.EXEMPT)),
        Column("category", csv_files.one_of(*InvoiceLine.CATEGORIES)),
        Column("provider", csv_files.one_of(Activity.TOWN, Activity.PARTNER), required=False, default=Activity.TOWN),
        Column("bring", csv_files.text(1000), required=False, of_several_lines=True),
        Column("cancelled_on", csv_files.days, required=False),
        *registering_columns(city),
    ]


def registering_columns(city: City) -> list[Column]:
    """Return the columns of who may take an activity, when, and what it costs; a file may have any of them."""
    places, age = cells.whole(0, MOST_PLACES), cells.whole(0, OLDEST)
    moments = ("opens_residents", "opens_neighbours", "opens_everyone", "closes")
    return [
        Column("program", cells.segment, required=False),
        Column("description", csv_files.text(4000), required=False, of_several_lines=True),
        Column("level", csv_files.text(60), required=False),
        *(Column(name, cells.codes, required=False) for name in ("needs_level", "after")),
        *(Column(name, age, required=False, default=None) for name in ("age_min", "age_max")),
        *(Column(name, csv_files.day, required=False, default=None) for name in ("age_on", "born_from", "born_until")),
        Column("school", csv_files.words(*Activity.SCHOOL_LEVELS), required=False),
        *(Column(name, places, required=False, default=None) for name in ("capacity", "waiting_list")),
        *(Column(name, csv_files.moment, required=False, default=None) for name in moments),
        Column("mode", csv_files.one_of(Activity.QUEUE, Activity.DRAW), required=False, default=Activity.QUEUE),
        Column("by_law", csv_files.text(255), required=False),
        *(
            Column(name, cells.price, required=False, default=None, field=f"{name}_cents")
            for name in ("price", "price_non_resident")
        ),
        Column("ledger_account", csv_files.text(40), required=False),
        Column("refund", cells.named(*city.refunds), required=False),
        Column("instalments", cells.named(*city.instalments), required=False),
        Column("register_at", cells.web_address, required=False),
    ]


def price_columns(city: City) -> list[Column]:
    """Return the columns of a file of prices."""
    return [
        Column("price", cells.key(60), sort=KEY),
        Column("program", csv_files.text(60)),
        Column("option", cells.code, required=False),
        Column("label", csv_files.text(255), required=False),
        Column("who", csv_files.one_of(PriceRule.RESIDENT, PriceRule.NON_RESIDENT), required=False),
        Column("rank", cells.whole(1, 99), required=False, default=None),
        Column(
            "rank_over",
            csv_files.one_of(PriceRule.SEASON, PriceRule.DATES),
            required=False,
            default=PriceRule.SEASON,
        ),
        Column("from", csv_files.day, required=False, default=None, field="first_day"),
        Column("until", csv_files.day, required=False, default=None, field="last_day"),
        Column("amount", cells.price, required=False, default=None, field="amount_cents"),
        Column("tax_code", csv_files.one_of(InvoiceLine.TAXABLE, InvoiceLine.EXEMPT), required=False),
        Column("household_cap", cells.price, required=False, default=None, field="household_cap_cents"),
        Column("fee", csv_files.one_of(*PriceRule.FEES), required=False, default=None),
        Column("refund", cells.named(*city.refunds), required=False, default=None),
    ]


def registration_columns(city: City) -> list[Column]:
    """Return the columns of a file of registrations."""
    states = (Registration.CONFIRMED, Registration.WAITING, Registration.CANCELLED)
    return [
        Column("registration", cells.key(60), sort=KEY),
        Column("activity", cells.key(60), sort=KEY),
        Column("card_number", card_number(city), sort=KEY),
        Column("status", csv_files.one_of(*states)),
        Column("registered_on", cells.day_past),
        Column("option", cells.codes, required=False),
        Column("invoice_number", csv_files.text(40), required=False),
        Column("rank", cells.whole(1, MOST_PLACES), required=False, default=None),
    ]


def reservation_columns(_city: City) -> list[Column]:
    """Return the columns of a file of reservations."""
    states = (Reservation.CONFIRMED, Reservation.REQUESTED, Reservation.CANCELLED)
    return [
        Column("reservation", cells.key(60), sort=KEY),
        Column("place", cells.key(60), sort=KEY),
        Column("household", cells.key(255), sort=KEY),
        Column("starts", csv_files.moment, field="starts_at"),
        Column("ends", csv_files.moment, field="ends_at"),
        Column("status", csv_files.one_of(*states)),
        Column("purpose", csv_files.text(255), required=False),
    ]


def told(plan: Callable) -> Callable:
    """Return an import of money that those who listen to money hear of."""
    return lambda rows, ours, progress: plan(rows, ours, current_app.extensions["portal"].listeners, progress)


def with_names_printed(rows: Sequence[Row], ours: Ours, progress: Watch) -> Plan:
    """Plan an import of cards, which says whose name documents cannot print."""
    return cards.plan(rows, ours, progress, unprintable)


KINDS = {  # columns, plan, what it is
    "cards": (card_columns, with_names_printed, "Les cartes de citoyen."),
    "invoices": (invoice_columns, told(invoices.plan), "Les factures, une ligne du fichier par ligne de facture."),
    "payments": (payment_columns, told(payments.plan), "Les paiements reçus ailleurs : comptoir, ancien système."),
    "places": (place_columns, sheets.places.plan, "Les lieux."),
    "activities": (activity_columns, sheets.activities.plan, "Les activités et leurs jours."),
    "prices": (price_columns, sheets.prices.plan, "Les prix : par enfant d’une famille, par date, options, plafonds."),
    "registrations": (registration_columns, sheets.registrations.plan, "Les inscriptions aux activités."),
    "reservations": (reservation_columns, sheets.reservations.plan, "Les réservations de lieux."),
}
