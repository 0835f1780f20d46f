"""Invoices, a row a line. What is paid, or being paid, is left alone: the nightly import must not stop."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.billing import issuing
from domain.billing.issuing import Draft, LineDraft
from domain.billing.listener import Listener
from domain.imports.outcome import Outcome, Problem
from models import Allocation, CreditAllocation, Household, Invoice, InvoiceLine, PaymentInvoice, Person, hold

HEADER = ("household", "issued_on", "due_on", "status")
NAMES = {"household": "le foyer", "issued_on": "la date", "due_on": "l’échéance", "status": "l’état"}


@dataclass(frozen=True)
class Planned:
    """An invoice as the file wants it, from this line of it on."""

    line: int
    draft: Draft

    @property
    def number(self) -> str:
        return self.draft.number


def bring_in(rows: Sequence, listener: Listener, progress=iter) -> Outcome:
    """Create and update invoices with their lines and ledger entries, in the caller's transaction."""
    outcome = Outcome()
    grouped = _group(rows, outcome)
    planned = [plan for number, group in progress(grouped.items()) if (plan := _plan(number, group, outcome))]
    if outcome.rejected:
        return outcome
    fresh, differing = _compare(planned, outcome)
    changed = _changeable(differing, outcome)
    issuing.issue([plan.draft for plan in fresh], listener)
    for invoice, plan in changed:
        issuing.replace(invoice, plan.draft, listener)
    outcome.created, outcome.updated = len(fresh), len(changed)
    return outcome


def _compare(planned: list[Planned], outcome: Outcome) -> tuple[list[Planned], list[Planned]]:
    """Return what is new, and what differs from the invoice we have."""
    known = {invoice.number: invoice for invoice in Invoice.select()}
    kept_lines = _lines_by_invoice()
    fresh, differing = [], []
    for plan in planned:
        invoice = known.get(plan.number)
        if invoice is None:
            fresh.append(plan)
        elif _same(invoice, kept_lines.get(invoice.id, []), plan):
            outcome.unchanged += 1
        else:
            differing.append(plan)
    return fresh, differing


def _changeable(plans: list[Planned], outcome: Outcome) -> list[tuple[Invoice, Planned]]:
    """Hold the invoices that would change, and only then look which of them are paid, or being paid."""
    if not plans:
        return []
    hold(Invoice.select().where(Invoice.number.in_([plan.number for plan in plans])))
    invoices = {invoice.number: invoice for invoice in Invoice.select()}  # all: SQLite takes 32,766 values at most
    busy = {link.invoice_id for link in PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.is_open)}
    paid = _ever_paid()
    changed = []
    for plan in plans:
        invoice = invoices[plan.number]
        if invoice.id in paid or invoice.id in busy:
            why = "en cours de paiement" if invoice.id in busy else "déjà payée, en tout ou en partie"
            outcome.left_alone.append(Problem(plan.line, "invoice_number", f"{plan.number} est {why} : non modifiée"))
        else:
            changed.append((invoice, plan))
    return changed


def _group(rows: Sequence, outcome: Outcome) -> dict[str, list]:
    """Put an invoice's rows together, after checking the household, the persons and what the rows must share."""
    households = dict(Household.select(Household.code, Household.id).tuples())
    people = dict(Person.select(Person.card_number, Person.id).tuples())
    grouped: dict[str, list] = {}
    for row in rows:
        if row.values["household"] not in households:
            outcome.rejected.append(Problem(row.line, "household", f"le foyer {row.values['household']} est inconnu"))
        if row.values["card_number"] and row.values["card_number"] not in people:
            outcome.rejected.append(
                Problem(row.line, "card_number", f"la carte {row.values['card_number']} est inconnue")
            )
        same = grouped.setdefault(row.values["invoice_number"], [])
        for name in HEADER:
            if same and row.values[name] != same[0].values[name]:
                reason = f"{NAMES[name]} diffère de celui de la ligne {same[0].line}, pour la même facture"
                outcome.rejected.append(Problem(row.line, name, reason))
        row.ids = households.get(row.values["household"]), people.get(row.values["card_number"])
        same.append(row)
    return grouped


def _plan(number: str, rows: list, outcome: Outcome) -> Planned | None:
    """Work out what the rows of an invoice say; what cannot be goes to the outcome."""
    first = rows[0]
    if first.values["due_on"] < first.values["issued_on"]:
        outcome.rejected.append(Problem(first.line, "due_on", "l’échéance vient avant la date de la facture"))
    header = [first.values[name] for name in ("issued_on", "due_on")]
    try:
        lines = [_line(row) for row in rows]
        return Planned(first.line, issuing.draft(number, first.ids[0], *header, lines, first.values["status"]))
    except issuing.NegativeTotal:
        outcome.rejected.append(Problem(first.line, "unit_price", f"le total de la facture {number} est négatif"))
    return None


def _line(row) -> LineDraft:
    values = row.values
    return LineDraft(
        description=values["description"],
        quantity_thousandths=values["quantity"],
        unit_price_cents=values["unit_price"],
        tax_code=values["tax_code"],
        category=values["category"],
        ledger_account=values["ledger_account"],
        person=row.ids[1],
    )


def _lines_by_invoice() -> dict[int, list[dict]]:
    kept: dict[int, list[dict]] = {}
    for line in InvoiceLine.select().order_by(InvoiceLine.invoice, InvoiceLine.position).dicts().iterator():
        line.pop("id")
        kept.setdefault(line.pop("invoice"), []).append(line)
    return kept


def _ever_paid() -> set[int]:
    """Return the ids of the invoices something was paid on, even if it was given back since, or let go of."""
    return {
        invoice_id
        for table in (Allocation, CreditAllocation)
        for (invoice_id,) in InvoiceLine.select(InvoiceLine.invoice).join(table).distinct().tuples()
    }


def _same(invoice: Invoice, lines: list[dict], plan: Planned) -> bool:
    values = plan.draft.values | {"household_id": plan.draft.values["household"]}
    values.pop("household")
    return lines == plan.draft.lines and all(getattr(invoice, name) == value for name, value in values.items())
