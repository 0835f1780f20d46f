"""Invoices of the city's file whose total is below zero: credit notes, which lower what the household owes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.billing import household_credits
from domain.billing.household_credits import Brought
from domain.billing.issuing import Draft
from domain.billing.listener import Listener
from domain.common import alerts
from domain.imports.outcome import Change, Outcome, Plan, Problem, Reason
from domain.imports.two_sources import Ours
from models import HouseholdCredit, Invoice, TaxReceipt


@dataclass(frozen=True)
class Credit:
    """A credit note of the file, from this line of it on."""

    line: int
    draft: Draft

    @property
    def brought(self) -> Brought:
        draft, lines = self.draft, json.dumps(self.draft.lines, ensure_ascii=False)
        return Brought(draft.number, draft.household, draft.issued_on, draft.amounts, draft.nets, lines)


def plan(
    credits: Sequence[Credit],
    invoices: Mapping[str, Invoice],
    known: Mapping[str, HouseholdCredit],
    ours: Ours,
    listener: Listener,
    made: Plan,
) -> None:
    """Plan the credit notes to book; one that is here, or is an invoice here, is never changed."""
    for one in credits:
        number = one.draft.number
        if number in invoices:
            made.outcome.left_alone.append(_left_alone(one, Reason.IS_AN_INVOICE))
        elif number in known and not _same(known[number], one):
            made.outcome.left_alone.append(_left_alone(one, Reason.CREDIT_CHANGED))
        elif number in known or not one.draft.is_open:
            made.outcome.unchanged += 1
        elif ours.may_create(made, one.line, "invoice_number", number):
            made.changes.append(_bring(one, listener, from_portal=ours.from_portal))
            made.outcome.created += 1


def plan_to_use(listener: Listener, made: Plan) -> None:
    """Plan to use what is left of credits where an invoice that was being paid is to pay after all."""
    made.changes += [_use(household, listener) for household in household_credits.usable()]


def _left_alone(one: Credit, why: Reason) -> Problem:
    number = one.draft.number
    return Problem(one.line, "invoice_number", why, {"invoice": number}, number)


def _same(known: HouseholdCredit, one: Credit) -> bool:
    brought = one.brought
    said = brought.household, brought.issued_on, -brought.amounts.total_cents, brought.lines
    is_here = known.household_id, known.issued_on, known.amount_cents, known.lines
    return one.draft.is_open and said == is_here


def _bring(one: Credit, listener: Listener, *, from_portal: bool) -> Change:
    """Plan to book a credit note; a person takes what counts for taxes off the receipts, for it names no payment."""

    def change(_outcome: Outcome) -> None:
        household_credits.bring(one.brought, listener, lowers=not from_portal)
        if not from_portal and any(line["category"] in TaxReceipt.KINDS for line in one.draft.lines):
            number = one.draft.number
            alerts.raise_alert(alerts.Kind.CREDIT_FOR_TAXES, number, credit=number)

    return change


def _use(household: int, listener: Listener) -> Change:
    return lambda _outcome: household_credits.use([household], listener)
