"""Charges made by this portal that its database does not know: made after the copy that was restored."""

import re
from contextlib import suppress
from itertools import combinations

from peewee import fn

from domain.common import alerts
from domain.common.codes import READABLE
from domain.common.facts import Fact, Values
from domain.payments import asking, lifecycle
from domain.payments.context import Context
from domain.payments.findings import Finding
from domain.payments.gateway import LIVE, SETTLED, Charge, Item, NoSuchCharge
from models import Account, Alert, Invoice, Membership, Payment, PaymentEvent, PaymentInvoice, write

OURS = re.compile(f"P[{READABLE}]{{3}}-[{READABLE}]{{4}}")
HELD = alerts.Kind.CHARGE_HELD
MOST_GUESSED = 12  # invoices of a household whose sums are tried


class Held(Exception):
    """Tried to book a charge of which it is not certain what it paid. `fact` says which."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact)
        self.fact = fact


def is_ours(charge: Charge) -> bool:
    """Tell whether a charge bears a reference of this portal that no payment here has."""
    return bool(OURS.fullmatch(charge.reference)) and not Payment.get_or_none(Payment.reference == charge.reference)


def book(charge: Charge, context: Context) -> Fact:
    """Book a charge onto the invoices it paid, and tell of it.

    Raises: Held when it is not certain which those are: a person decides. Nothing is given back by itself, for the
    resident paid something, and its invoice may still be brought in. Uncertain when the gateway does not answer.
    """
    if charge.foreign:
        raise _held(charge)
    items = context.gateway.items(charge.gateway_id)
    invoices = _owed(items) if items else _of_amount(charge.amount_cents)
    if sum(cents for _invoice, cents in invoices) != charge.amount_cents:
        raise _held(charge)
    with write():  # the worker would take one left submitted for its own
        payment = _payment(charge, invoices, items[0].payer if items else "")
        lifecycle.resolve(payment, [charge], context.because("restore"))
    names = ", ".join(invoice.number for invoice, _cents in invoices)
    told: Values = {"reference": charge.reference, "amount_cents": charge.amount_cents, "invoices": names}
    if items:
        return Fact(Finding.CHARGE, told)
    with write():
        return alerts.raise_alert(alerts.Kind.CHARGE_GUESSED, charge.reference, **told)


def book_held(context: Context) -> list[Fact]:
    """Try again the charges held: their invoices may have been brought in since; tell of each settled.

    One whose alert somebody closed is looked at too: money held here is not forgotten by a press on a button.
    Raises: as `asking.each`.
    """
    found: list[Fact] = []
    booked = fn.EXISTS(Payment.select().where(Payment.gateway_id == Alert.subject))
    held = list(Alert.select().where(Alert.kind == HELD, ~booked | Alert.closed_at.is_null()))
    asking.each(held, lambda alert: _try_again(alert, context, found))
    return found


def _try_again(alert: Alert, context: Context, found: list[Fact]) -> None:
    with suppress(Held, NoSuchCharge):
        charge = context.gateway.find(alert.subject)
        if is_ours(charge) and charge.standing in (LIVE, SETTLED):
            found.append(book(charge, context))
        elif alert.closed_at is None:
            found.append(Fact(Finding.CHARGE_STANDS, {"reference": charge.reference, "standing": charge.standing}))
        with write():
            alerts.close(alert.id)


def _owed(items: list[Item]) -> list[tuple[Invoice, int]]:
    """Return the invoices a charge paid, with what it paid of each; fewer when one is unknown or owes less."""
    by_number = {invoice.number: invoice for invoice in Invoice.select().where(Invoice.number.in_(_numbers(items)))}
    found = [(by_number.get(item.invoice_number), item.amount_cents) for item in items]
    return [(invoice, cents) for invoice, cents in found if invoice and invoice.balance_cents >= cents]


def _numbers(items: list[Item]) -> list[str]:
    return [item.invoice_number for item in items]


def _of_amount(amount_cents: int) -> list[tuple[Invoice, int]]:
    """Return the only invoices of one household that owe exactly this together; nothing when others would do too.

    For gateways that kept no line items. Payments are always of whole balances.
    """
    by_household: dict[int, list[Invoice]] = {}
    for invoice in Invoice.select().where(Invoice.status == Invoice.OPEN, Invoice.left() > 0):
        by_household.setdefault(invoice.household_id, []).append(invoice)
    fitting = [
        chosen
        for owed in by_household.values()
        if len(owed) <= MOST_GUESSED  # of more not every sum is tried, and none is certain
        for size in range(1, len(owed) + 1)
        for chosen in combinations(owed, size)
        if sum(invoice.balance_cents for invoice in chosen) == amount_cents
    ]
    return [(invoice, invoice.balance_cents) for invoice in fitting[0]] if len(fitting) == 1 else []


def _payment(charge: Charge, invoices: list[tuple[Invoice, int]], payer: str) -> Payment:
    """Create, in the caller's transaction, the payment of a charge as it stood when the gateway was charging."""
    account = _account(payer, invoices[0][0])
    payment = Payment.create(
        reference=charge.reference,
        account=account,
        payer=account and account.person_id,
        state=Payment.SUBMITTED,
        amount_cents=charge.amount_cents,
        created_at=charge.made_at,
        submitted_at=charge.made_at,
    )
    for invoice, cents in invoices:
        PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=cents)
    PaymentEvent.create(payment=payment, name="found", to_state=Payment.SUBMITTED, cause="restore")
    return payment


def _account(payer: str, invoice: Invoice) -> Account | None:
    """Return the payer's account, when it is in the copy and of the invoice's household."""
    if not payer.isdecimal():
        return None
    members = Membership.select(Membership.person).where(Membership.household == invoice.household_id)
    return Account.get_or_none(Account.person == int(payer), Account.person.in_(members))


def _held(charge: Charge) -> Held:
    told: Values = {"reference": charge.reference, "amount_cents": charge.amount_cents}
    with write():
        return Held(alerts.raise_alert(HELD, charge.gateway_id, **told))
