"""The truth on both sides once the dust has settled: the gateway's charges, the counter's file, and the books here."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peewee import fn

from commands.check import said
from domain.billing import ledger, overpayments
from domain.operations import doctor
from models import CashRounding, Invoice, LedgerEntry, Payment, PaymentInvoice, Refund, UnmatchedCharge
from tests.domain.payments.world import lost_cents
from tests.faults import places

LIVE = {"authorized", "submitted_for_settlement", "settling", "settlement_pending", "settled"}


@dataclass
class Audit:
    """What is found.

    Lost: money taken at the gateway or the counter with no payment received here nor any return of it, or the other way
    round. Double: invoices with two charges that both stay. Unresolved: still open here. Amounts are in cents.
    """

    charges: int = 0
    invoices_paid: int = 0
    given_back: int = 0
    refused: int = 0
    received_cents: int = 0
    refunded_cents: int = 0
    disputed_cents: int = 0
    ledger_cents: int = 0
    lost_twice_cents: int = 0  # disputes lost of what had been given back
    owed_back: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.double or self.unresolved or self.problems)


def compare(rows: Sequence[dict], counter: Mapping[str, int], to_settle: str) -> Audit:
    """Hold the simulator's transactions, and what the counter took (cents by invoice), against the books here.

    `to_settle` is what `flask attention` says.
    """
    sales = {row["id"]: row for row in rows if row["type"] == "sale" and row["status"] in LIVE}
    held = {key: cents for key, sale in sales.items() if (cents := held_cents(sale, rows))}
    audit = Audit(
        charges=sum(cents == sales[key]["amount_cents"] for key, cents in held.items()),
        invoices_paid=Invoice.select().where(Invoice.paid_cents == Invoice.total_cents).count(),
        given_back=UnmatchedCharge.select().where(UnmatchedCharge.returned_at.is_null(False)).count(),
        refused=Payment.select().where(Payment.state == Payment.REFUSED).count(),
        received_cents=sum(sale["amount_cents"] for sale in sales.values()),
        refunded_cents=sum(refunded_cents(sale, rows) for sale in sales.values()),
        disputed_cents=sum(lost_cents(sale) for sale in sales.values()),
        ledger_cents=-ledger.held_cents(ledger.CLEARING[Payment.CARD]),
        lost_twice_cents=-ledger.held_cents(ledger.DISPUTE_LOSSES),
        owed_back=len(overpayments.owed()),
        lost=_lost(sales, held) + _astray(sales, held, counter),
        double=_double([sales[key] for key, cents in held.items() if cents > 0]),
        unresolved=_unresolved(),
        problems=[said(wrong) for wrong in doctor.problems([], "simulator")] + _unlisted(to_settle) + places.wrong(),
    )
    if audit.ledger_cents != sum(held.values()):
        audit.lost.append(f"the ledger has {audit.ledger_cents} ¢ at the gateway, which has {sum(held.values())} ¢")
    return audit


def held_cents(sale: dict, rows: Sequence[dict]) -> int:
    """Return what the gateway holds for us of a sale, in cents: neither refunded nor lost by a dispute."""
    return sale["amount_cents"] - refunded_cents(sale, rows) - lost_cents(sale)


def refunded_cents(sale: dict, rows: Sequence[dict]) -> int:
    """Return what went back of a sale, in cents: a refund that was refused, or declined later, moved nothing."""
    credits = [row for row in rows if row["refunded_transaction_id"] == sale["id"]]
    return sum(credit["amount_cents"] for credit in credits if credit["status"] in LIVE)


def booked_cents(payment: Payment) -> int:
    """Return what the ledger says the gateway holds of a payment, in cents."""
    cents = fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents)
    of_card = (LedgerEntry.payment == payment) & (LedgerEntry.account == ledger.CLEARING[Payment.CARD])
    return int(LedgerEntry.select(cents).where(of_card).scalar() or 0)


def _lost(sales: Mapping[str, dict], held: Mapping[str, int]) -> list[str]:
    """Name the charges of which the gateway and the ledger say two things."""
    kept = {payment.gateway_id: payment for payment in Payment.select().where(Payment.state.in_(Payment.BOOKED_STATES))}
    booked = {key: cents for key, payment in kept.items() if (cents := booked_cents(payment))}
    # What went back, and was lost by a dispute besides: the gateway holds less than nothing of it, as the ledger says.
    for gateway_id in UnmatchedCharge.select(UnmatchedCharge.gateway_id).scalars():
        if gateway_id not in kept and (cents := -ledger.lost_cents(gateway_id)):
            booked[gateway_id] = cents
    lost = [f"charged, not booked: {_story(sales[key])}" for key in set(held) - set(booked)]
    lost += [f"booked, not charged: {key}" for key in set(booked) - set(held)]
    below = {key: -cents for key in sales if (cents := ledger.lost_cents(key)) < 0}
    lost += [f"won back, and owed to nobody: {cents} ¢ of {key}" for key, cents in below.items()]
    differ = [key for key in set(held) & set(booked) if held[key] != booked[key]]
    return lost + [f"another amount, {held[key]} ¢ there, {booked[key]} ¢ here: {_story(sales[key])}" for key in differ]


def _story(sale: dict) -> str:
    """Tell what is known on both sides of a charge."""
    payment = Payment.get_or_none(Payment.reference == sale["order_id"])
    events = [f"{one.name} {one.at:%H:%M:%S}" for one in payment.events] if payment else []
    there = ", ".join(sale["history"] + sale["disputes"])
    return f"{sale['order_id']} {sale['created_at']} there {there}; here {', '.join(events)}"


def _astray(sales: Mapping[str, dict], held: Mapping[str, int], counter: Mapping[str, int]) -> list[str]:
    """Name the invoices whose money, at the gateway and the counter, is not what stands here of them."""
    links = PaymentInvoice.select(PaymentInvoice, Payment, Invoice).join(Payment).switch(PaymentInvoice).join(Invoice)
    charged_for = {link.payment.reference: link.invoice.number for link in links}  # a charge is of one invoice, here
    there = Tally(counter)
    for key, cents in held.items():
        there[charged_for[sales[key]["order_id"]]] += cents + ledger.lost_cents(key)
    here = Tally(dict(Invoice.select(Invoice.number, Invoice.paid_cents).tuples()))
    for one in overpayments.owed():
        here[one.invoice.number] += one.amount_cents
    for number, cents in CashRounding.select(Invoice.number, CashRounding.cents).join(Invoice).tuples():
        here[number] += cents
    differ = [number for number in here | there if here[number] != there[number]]
    return [f"{number}: {there[number]} ¢ came, {here[number]} ¢ stand here" for number in differ]


def _unresolved() -> list[str]:
    payments = Payment.select().where(Payment.state.in_(Payment.OPEN_STATES))
    refunds = Refund.select(Refund, Payment).join(Payment).where(Refund.state.in_(Refund.OPEN_STATES))
    charges = UnmatchedCharge.select().where(UnmatchedCharge.returned_at.is_null())
    return [
        *(payment.reference for payment in payments),
        *(f"refund of {refund.payment.reference}" for refund in refunds),
        *(charge.reference for charge in charges),
    ]


def _unlisted(to_settle: str) -> list[str]:
    """Name what is owed back and stands in no line of what a person must settle."""
    lines = [f"facture {one.invoice.number}, paiement {one.payment.reference}" for one in overpayments.owed()]
    return [f"not à traiter: {line}" for line in lines if line not in to_settle]


def _double(live: Sequence[dict]) -> list[str]:
    links = PaymentInvoice.select(PaymentInvoice, Payment, Invoice).join(Payment).switch(PaymentInvoice).join(Invoice)
    invoices: dict[str, list[str]] = {}
    for link in links:
        invoices.setdefault(link.payment.reference, []).append(link.invoice.number)
    charged = Tally(number for row in live for number in invoices.get(row["order_id"], []))
    return [number for number, times in charged.items() if times > 1]
