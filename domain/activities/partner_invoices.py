"""The invoices of partners' contracts: issued on their days, once each; before that nothing is owed."""

import json
from datetime import date
from typing import Any

from domain.billing import issuing
from domain.billing.issuing import Draft
from domain.billing.listener import Listener
from domain.common import lifecycle, numbering
from domain.common.batches import insert_all
from domain.common.money import Amounts
from models import CartLine, Invoice, InvoiceLine, PlannedInvoice, Registration, Value, write

PLANNED, ISSUED, CANCELLED = PlannedInvoice.PLANNED, PlannedInvoice.ISSUED, PlannedInvoice.CANCELLED
TRANSITIONS = {PLANNED: {ISSUED, CANCELLED}, ISSUED: set(), CANCELLED: set()}


def issue_due(listener: Listener, today: date) -> int:
    """Issue what is due, each in a transaction of its own; return how many were. A place given up owes nothing more."""
    due = PlannedInvoice.select(PlannedInvoice.id).where(
        PlannedInvoice.state == PLANNED, PlannedInvoice.due_on <= today
    )
    return sum(_issue(key, listener, today) for key in list(due.order_by(PlannedInvoice.id).scalars()))


def _issue(key: int, listener: Listener, today: date) -> bool:
    with write():
        planned = PlannedInvoice.get_by_id(key)
        registration = planned.contract.registration
        if planned.state != PLANNED:  # another run was first
            return False
        if registration.status != Registration.CONFIRMED:
            lifecycle.move(planned, TRANSITIONS, CANCELLED)
            return False
        if not lifecycle.move(planned, TRANSITIONS, ISSUED):
            return False
        lines = json.loads(planned.lines)
        draft = _draft(planned, lines, today)
        [invoice] = issuing.write_all([draft])
        PlannedInvoice.update(invoice=invoice).where(PlannedInvoice.id == key).execute()
        _say_whose(registration, invoice, lines)
        issuing.tell_settled([draft], listener)
        listener.issued(Invoice.get_by_id(invoice))
    return True


def _draft(planned: PlannedInvoice, lines: list[dict[str, Any]], today: date) -> Draft:
    """Make the invoice as the contract froze it."""
    subtotal, tps, tvq = (sum(line[name] for line in lines) for name in ("net_cents", "tps_cents", "tvq_cents"))
    values: dict[str, Value] = {
        "number": numbering.own_code("invoice"),
        "household": planned.contract.household_id,
        "issued_on": today,
        "due_on": max(planned.due_on, today),
        "status": Invoice.OPEN,
        "subtotal_cents": subtotal,
        "tps_cents": tps,
        "tvq_cents": tvq,
        "total_cents": planned.total_cents,
    }
    written = [{name: value for name, value in line.items() if name != "option"} for line in lines]
    earned = [(line["ledger_account"], line["net_cents"]) for line in lines]
    amounts = Amounts(subtotal, tps, tvq, planned.total_cents)
    return Draft(planned.contract.household_id, today, values, written, amounts, earned)


def _say_whose(registration: Registration, invoice: int, lines: list[dict[str, Any]]) -> None:
    """Write which lines are the place's: what is given back of it is worked out from them."""
    if registration.item_id is None:
        return
    found = InvoiceLine.select(InvoiceLine.id).where(InvoiceLine.invoice == invoice).order_by(InvoiceLine.position)
    pairs = zip(found.scalars(), lines, strict=True)
    rows: list[dict[str, Value]] = [
        {"item": registration.item_id, "line": line, "option": draft["option"]} for line, draft in pairs
    ]
    insert_all(CartLine, rows)
