"""Paying without an account: the invoice's number, its amount and a postal code of its household open its balance."""

import re

from peewee import fn

from domain.billing import payment_slips
from domain.common import rate_limits
from domain.common.pseudonyms import pseudonym
from domain.people import household
from models import GuestPayer, Invoice, Membership, Payment, Person


class NotFound(Exception):
    """Tried a number, an amount and a postal code that do not go together, or tried too often."""


class Mistyped(NotFound):
    """Tried a slip's reference with a letter or a digit mistyped."""


def find(number: str, amount_cents: int, postal_code: str, address: str) -> Invoice:
    """Return the invoice that someone holds in her hand; the amount is its total or what is left of it.

    `number` may be its slip's reference. Guarded like identification: every failure counts against the address, its
    network and the site, and ten in a day close the invoice to this page; what can be no guess counts nothing.
    Raises: NotFound, Mistyped, TooManyHere.
    """
    if rate_limits.is_crowded(rate_limits.IDENTIFICATIONS, address):
        raise rate_limits.TooManyHere
    if not _bare(postal_code):
        raise NotFound
    try:
        typed = payment_slips.number_of(number).lower()
    except payment_slips.BadReference:
        raise Mistyped from None
    is_closed = rate_limits.is_reached(rate_limits.INVOICE, pseudonym(typed))
    invoice = Invoice.get_or_none(fn.LOWER(Invoice.number) == typed, Invoice.status == Invoice.OPEN)
    if is_closed or invoice is None or not _goes_with(invoice, amount_cents, postal_code):
        rate_limits.note_wrong_invoice(typed, address)
        raise Mistyped if payment_slips.is_mistyped(number) else NotFound  # else the answer tells that it exists
    return invoice


def _goes_with(invoice: Invoice, amount_cents: int, postal_code: str) -> bool:
    """Tell whether they do. A child of two homes opens nothing: her postal code may be the other's, found by trying."""
    elsewhere = household.shared([invoice.household_id])
    mine = Membership.household == invoice.household_id, Membership.person.not_in(elsewhere)
    members = Membership.select(Membership.person).where(*mine)
    codes = set(map(_bare, Person.select(Person.postal_code).where(Person.id.in_(members)).scalars()))
    return amount_cents in {invoice.total_cents, invoice.balance_cents} and _bare(postal_code) in codes


def _bare(postal_code: str) -> str:
    return re.sub("[^A-Z0-9]", "", postal_code.upper())


def known(number: str) -> Invoice | None:
    """Return an invoice that was found before, while something may be due on it."""
    return Invoice.get_or_none(Invoice.number == number, Invoice.status == Invoice.OPEN)


def payment(reference: str) -> Payment:
    """Return a payment that its payer's browser names."""
    return Payment.get(Payment.reference == reference)


def opens(key: str, reference: str) -> bool:
    """Tell whether a key, as its payer was given it, opens a payment."""
    return (
        bool(key)
        and GuestPayer.select().join(Payment).where(GuestPayer.key == key, Payment.reference == reference).exists()
    )
