"""How another portal used its households' credits, as its file of payments says it.

The credit notes come with its invoices, and lower nothing until this says what.
"""

from collections.abc import Collection

from domain.billing import household_credits
from domain.billing.listener import Listener
from domain.common import clock
from domain.common.batches import among
from domain.imports.outcome import Change, Outcome, Plan, Reason, by_key
from domain.imports.taken import Taken
from models import HouseholdCredit, Invoice, Payment, hold


def named(keys: Collection[str]) -> dict[str, HouseholdCredit]:
    """Return, by key, the credits of which a file says how they were used."""
    numbers = {key: household_credits.named(key)[0] for key in keys}
    rows = among(HouseholdCredit.select(), HouseholdCredit.number, set(numbers.values()) - {""})
    credits = by_key(rows, "number")
    return {key: credits[number] for key, number in numbers.items() if number in credits}


def plan(taken: Taken, credit: HouseholdCredit, listener: Listener, made: Plan) -> None:
    """Plan to lower an invoice by what was used of a credit; one that owes less is left alone and listed."""
    [invoice] = {one.id: one for one in taken.invoices.values()}.values() if len(taken.rows) == 1 else [None]
    cents = taken.rows[0].values["amount"]
    if invoice is None or taken.method != Payment.CREDIT or not 0 < cents <= invoice.balance_cents:
        made.outcome.left_alone.append(taken.problem(taken.line, "amount", Reason.PAYMENT_CHANGED))
        return
    invoice.credited_cents += cents
    made.changes.append(_use(taken, invoice, cents, credit, listener))
    made.outcome.created += 1


def _use(taken: Taken, invoice: Invoice, cents: int, credit: HouseholdCredit, listener: Listener) -> Change:
    def change(outcome: Outcome) -> None:
        hold(Invoice.select().where(Invoice.id == invoice.id))
        if not household_credits.use_as_told(invoice, cents, credit, listener, clock.noon(taken.paid_on)):
            outcome.not_created(taken.problem(taken.line, "amount", Reason.PAYMENT_CHANGED))

    return change
