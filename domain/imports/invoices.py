"""Invoices, a row a line. What is paid, or being paid, is left alone: the nightly import must not stop."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.billing import ledger
from domain.common import money
from domain.imports.outcome import Outcome, Problem, insert_all
from models import Allocation, Household, Invoice, InvoiceLine, LedgerEntry, PaymentInvoice, Person, hold

HEADER = ("household", "issued_on", "due_on", "status")
NAMES = {"household": "le foyer", "issued_on": "la date", "due_on": "l’échéance", "status": "l’état"}


@dataclass(frozen=True)
class Planned:
    """An invoice as the file wants it; amounts in cents."""

    line: int
    number: str
    values: dict
    lines: list[dict]


def bring_in(rows: Sequence, progress=iter) -> Outcome:
    """Create and update invoices with their lines and ledger entries, in the caller's transaction."""
    outcome = Outcome()
    planned = [_plan(number, group, outcome) for number, group in progress(_group(rows, outcome).items())]
    if outcome.rejected:
        return outcome
    fresh, differing = _compare(planned, outcome)
    changed = _changeable(differing, outcome)
    _create(fresh)
    for invoice, plan in changed:
        _replace(invoice, plan)
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


def _plan(number: str, rows: list, outcome: Outcome) -> Planned:
    """Work out an invoice's amounts: nets by line, taxes on the taxable subtotal shared out to the lines."""
    first = rows[0]
    nets = [money.line_net(row.values["quantity"], row.values["unit_price"]) for row in rows]
    taxes = money.tax_lines(nets, [row.values["tax_code"] == InvoiceLine.TAXABLE for row in rows])
    tps_cents, tvq_cents = sum(tax.tps_cents for tax in taxes), sum(tax.tvq_cents for tax in taxes)
    total = sum(nets) + tps_cents + tvq_cents
    if total < 0:
        outcome.rejected.append(Problem(first.line, "unit_price", f"le total de la facture {number} est négatif"))
    if first.values["due_on"] < first.values["issued_on"]:
        outcome.rejected.append(Problem(first.line, "due_on", "l’échéance vient avant la date de la facture"))
    values = {
        "number": number,
        "household": first.ids[0],
        "issued_on": first.values["issued_on"],
        "due_on": first.values["due_on"],
        "status": first.values["status"],
        "subtotal_cents": sum(nets),
        "tps_cents": tps_cents,
        "tvq_cents": tvq_cents,
        "total_cents": total,
    }
    lines = [
        {
            "position": position,
            "person": row.ids[1],
            "description": row.values["description"],
            "quantity_thousandths": row.values["quantity"],
            "unit_price_cents": row.values["unit_price"],
            "net_cents": net,
            "tps_cents": tax.tps_cents,
            "tvq_cents": tax.tvq_cents,
            "tax_code": row.values["tax_code"],
            "category": row.values["category"],
            "ledger_account": row.values["ledger_account"],
        }
        for position, (row, net, tax) in enumerate(zip(rows, nets, taxes, strict=True), 1)
    ]
    return Planned(first.line, number, values, lines)


def _lines_by_invoice() -> dict[int, list[dict]]:
    kept: dict[int, list[dict]] = {}
    for line in InvoiceLine.select().order_by(InvoiceLine.invoice, InvoiceLine.position).dicts().iterator():
        line.pop("id")
        kept.setdefault(line.pop("invoice"), []).append(line)
    return kept


def _ever_paid() -> set[int]:
    """Return the ids of the invoices something was paid on, even if it was given back since: their lines bear it."""
    lines = InvoiceLine.select(InvoiceLine.invoice).join(Allocation).distinct()
    return {invoice_id for (invoice_id,) in lines.tuples()}


def _same(invoice: Invoice, lines: list[dict], plan: Planned) -> bool:
    values = plan.values | {"household_id": plan.values["household"]}
    values.pop("household")
    return lines == plan.lines and all(getattr(invoice, name) == value for name, value in values.items())


def _create(plans: list[Planned]) -> None:
    insert_all(Invoice, [plan.values for plan in plans])
    ids = dict(Invoice.select(Invoice.number, Invoice.id).tuples())
    insert_all(InvoiceLine, [{"invoice": ids[plan.number], **line} for plan in plans for line in plan.lines])
    entries = []
    for plan in plans:
        if plan.values["status"] == Invoice.OPEN:
            entries += _entries(ids[plan.number], plan.values, plan.lines, f"invoice:{plan.number}:1")
    if entries:
        ledger.post(entries)


def _replace(invoice: Invoice, plan: Planned) -> None:
    """Put the file's version in place of the one we have; the ledger takes the old one back and books the new."""
    postings = LedgerEntry.select(LedgerEntry.posting).where(LedgerEntry.invoice == invoice).distinct().count()
    posting = f"invoice:{plan.number}:{postings + 1}"
    old_lines = list(InvoiceLine.select().where(InvoiceLine.invoice == invoice).order_by(InvoiceLine.position).dicts())
    entries = []
    if invoice.status == Invoice.OPEN:
        old = {name: getattr(invoice, name) for name in ("total_cents", "tps_cents", "tvq_cents")}
        entries += _entries(invoice.id, old, old_lines, posting, sign=-1)
    if plan.values["status"] == Invoice.OPEN:
        entries += _entries(invoice.id, plan.values, plan.lines, posting)
    Invoice.update(**plan.values).where(Invoice.id == invoice.id).execute()
    InvoiceLine.delete().where(InvoiceLine.invoice == invoice).execute()
    InvoiceLine.insert_many([{"invoice": invoice.id, **line} for line in plan.lines]).execute()
    if entries:
        ledger.post(entries)


def _entries(invoice_id: int, values: dict, lines: list[dict], posting: str, sign: int = 1) -> list[dict]:
    bare = Invoice(id=invoice_id, **{name: values[name] for name in ("total_cents", "tps_cents", "tvq_cents")})
    return ledger.issued(bare, [InvoiceLine(**_money_of(line)) for line in lines], posting=posting, sign=sign)


def _money_of(line: dict) -> dict:
    return {name: line[name] for name in ("net_cents", "ledger_account")}
