"""Making an invoice: its lines, its taxes and its ledger entries, one way for files, registrations, rentals and staff.

An invoice of 0 $ is one too: a confirmation with nothing to pay, settled as soon as it is issued.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from dataclasses import replace as dataclass_replace
from datetime import date

from domain.billing import household_credits, ledger
from domain.billing.listener import Listener
from domain.common import money
from domain.common.batches import among, columns_among, insert_all
from domain.common.money import Amounts, LineTaxes
from models import Invoice, InvoiceLine, LedgerEntry, Value

MONEY = ("subtotal_cents", "tps_cents", "tvq_cents", "total_cents")


class NegativeTotal(Exception):
    """Tried to make an invoice whose rebates come to more than the rest."""


@dataclass(frozen=True)
class LineDraft:
    """A line to be invoiced: `person` is our key of whom it is for, the price is before tax."""

    description: str
    quantity_thousandths: int
    unit_price_cents: int
    tax_code: str
    category: str
    ledger_account: str
    person: int | None = None


@dataclass(frozen=True)
class Draft:
    """An invoice worked out and not written yet: its columns, and those of its lines."""

    household: int
    issued_on: date
    values: dict[str, Value]
    lines: list[dict[str, Value]]
    amounts: Amounts
    nets: list[tuple[str, int]]  # by line: its ledger account, and cents before tax

    @property
    def number(self) -> str:
        return str(self.values["number"])

    @property
    def due_on(self) -> date:
        return date.fromisoformat(str(self.values["due_on"]))

    @property
    def is_credit(self) -> bool:
        return self.amounts.total_cents < 0

    @property
    def is_open(self) -> bool:
        return bool(self.values["status"] == Invoice.OPEN)


def draft(
    number: str, household: int, issued_on: date, due_on: date, lines: Sequence[LineDraft], status: str = Invoice.OPEN
) -> Draft:
    """Work out an invoice's amounts, as `work_out` does. Raises: NegativeTotal."""
    made = work_out(number, household, issued_on, due_on, lines, status)
    if made.is_credit:
        raise NegativeTotal(number)
    return made


def work_out(
    number: str, household: int, issued_on: date, due_on: date, lines: Sequence[LineDraft], status: str = Invoice.OPEN
) -> Draft:
    """Work out amounts: nets by line, taxes on the taxable subtotal shared out to the lines. Below zero: a credit."""
    nets = [money.line_net(line.quantity_thousandths, line.unit_price_cents) for line in lines]
    taxes = money.tax_lines(nets, [line.tax_code == InvoiceLine.TAXABLE for line in lines])
    tps_cents, tvq_cents = sum(tax.tps_cents for tax in taxes), sum(tax.tvq_cents for tax in taxes)
    total_cents = sum(nets) + tps_cents + tvq_cents
    amounts = Amounts(sum(nets), tps_cents, tvq_cents, total_cents)
    values: dict[str, Value] = {
        "number": number,
        "household": household,
        "issued_on": issued_on,
        "due_on": due_on,
        "status": status,
    }
    rows: list[dict[str, Value]] = [
        asdict(line) | {"position": position, "net_cents": net} | asdict(tax)
        for position, (line, net, tax) in enumerate(zip(lines, nets, taxes, strict=True), 1)
    ]
    earned = [(line.ledger_account, net) for line, net in zip(lines, nets, strict=True)]
    return Draft(household, issued_on, values | asdict(amounts), rows, amounts, earned)


def taxed_as(made: Draft, taxes: Sequence[LineTaxes]) -> Draft:
    """Return an invoice with these taxes, by line, instead of those of its own subtotal: it is a part of a whole."""
    lines = [line | asdict(tax) for line, tax in zip(made.lines, taxes, strict=True)]
    tps_cents, tvq_cents = sum(tax.tps_cents for tax in taxes), sum(tax.tvq_cents for tax in taxes)
    subtotal_cents = made.amounts.subtotal_cents
    amounts = Amounts(subtotal_cents, tps_cents, tvq_cents, subtotal_cents + tps_cents + tvq_cents)
    return dataclass_replace(made, values=made.values | asdict(amounts), lines=lines, amounts=amounts)


def issue(drafts: Sequence[Draft], listener: Listener) -> None:
    """Write invoices and tell of those that are settled at once, in the caller's transaction."""
    write_all(drafts)
    tell_settled(drafts, listener)


def write_all(drafts: Sequence[Draft]) -> list[int]:
    """Write invoices with their lines and ledger entries, in the caller's transaction; return their ids, in order.

    `tell_settled` follows, once whatever points to them is written too.
    """
    insert_all(Invoice, [one.values for one in drafts])
    ids = _ids([one.number for one in drafts])
    insert_all(InvoiceLine, [{"invoice": ids[one.number], **line} for one in drafts for line in one.lines])
    entries = [
        entry
        for one in drafts
        if one.is_open
        for entry in ledger.issued(ids[one.number], one.amounts, one.nets, posting=f"invoice:{one.number}:1")
    ]
    ledger.post(entries)
    return [ids[one.number] for one in drafts]


def tell_settled(drafts: Sequence[Draft], listener: Listener) -> None:
    """Tell of the invoices of 0 $, and use what is left of their households' credits, in the caller's transaction."""
    free = [one.number for one in drafts if one.is_open and not one.amounts.total_cents]
    for invoice in among(Invoice.select(), Invoice.number, free):
        listener.settled(invoice)
    household_credits.use({one.household for one in drafts}, listener)


def replace(invoice: Invoice, new: Draft, listener: Listener) -> None:
    """Put another version in place of an invoice on which nothing was paid, in the caller's transaction.

    The ledger takes the old one back and books the new.
    """
    postings = LedgerEntry.select(LedgerEntry.posting).where(LedgerEntry.invoice == invoice).distinct().count()
    posting = f"invoice:{new.number}:{postings + 1}"
    mine = InvoiceLine.invoice == invoice
    entries: list[ledger.Entry] = []
    if invoice.status == Invoice.OPEN:
        old = Amounts(invoice.subtotal_cents, invoice.tps_cents, invoice.tvq_cents, invoice.total_cents)
        nets = [(line.ledger_account, line.net_cents) for line in InvoiceLine.select().where(mine)]
        entries += ledger.issued(invoice.id, old, nets, posting=posting, sign=-1)
    if new.is_open:
        entries += ledger.issued(invoice.id, new.amounts, new.nets, posting=posting)
    was_settled = invoice.status == Invoice.OPEN and not invoice.balance_cents
    Invoice.update(**new.values).where(Invoice.id == invoice.id).execute()
    InvoiceLine.delete().where(mine).execute()
    InvoiceLine.insert_many([{"invoice": invoice.id, **line} for line in new.lines]).execute()
    ledger.post(entries)
    if new.is_open and not new.amounts.total_cents and not was_settled:
        listener.settled(Invoice.get_by_id(invoice.id))


def cancel(invoice: Invoice) -> bool:
    """Cancel an open invoice of which nothing was paid or credited, in the caller's transaction.

    The ledger takes it back. Returns whether this call did it: something may have been paid meanwhile.
    """
    untouched = (Invoice.paid_cents == 0) & (Invoice.credited_cents == 0) & (Invoice.status == Invoice.OPEN)
    if not Invoice.update(status=Invoice.CANCELLED).where(Invoice.id == invoice.id, untouched).execute():
        return False
    postings = LedgerEntry.select(LedgerEntry.posting).where(LedgerEntry.invoice == invoice).distinct().count()
    amounts = Amounts(invoice.subtotal_cents, invoice.tps_cents, invoice.tvq_cents, invoice.total_cents)
    lines = InvoiceLine.select().where(InvoiceLine.invoice == invoice)
    nets = [(line.ledger_account, line.net_cents) for line in lines]
    ledger.post(ledger.issued(invoice.id, amounts, nets, posting=f"invoice:{invoice.number}:{postings + 1}", sign=-1))
    return True


def in_parts(
    whole: Draft, numbers: Sequence[str], due: Sequence[date], percents: Sequence[Sequence[int]]
) -> list[tuple[Draft, list[int]]]:
    """Cut an invoice into one a date, the whole taxed once: each line's net and taxes shared by largest remainder.

    `percents` are those of each line, by date; ties go to the earliest. Returns the invoices with anything on them,
    each with the positions in the whole of the lines that it has a part of.
    """
    shares = [
        {name: money.share(int(str(line[name])), parts) for name in ("net_cents", "tps_cents", "tvq_cents")}
        for line, parts in zip(whole.lines, percents, strict=True)
    ]
    made = []
    for at, (number, day) in enumerate(zip(numbers, due, strict=True)):
        on_it = [position for position, parts in enumerate(percents) if parts[at]]
        cents = [{name: shared[at] for name, shared in shares[position].items()} for position in on_it]
        parts = [(whole.lines[position], of_it) for position, of_it in zip(on_it, cents, strict=True)]
        if parts:
            made.append((_part(whole, number, day, parts), on_it))
    return made


def _part(whole: Draft, number: str, due_on: date, parts: Sequence[tuple[dict[str, Value], dict[str, int]]]) -> Draft:
    """Make the invoice of one date of these shares of lines."""
    lines: list[dict[str, Value]] = [
        line | cents | {"position": position, "quantity_thousandths": 1000, "unit_price_cents": cents["net_cents"]}
        for position, (line, cents) in enumerate(parts, 1)
    ]
    subtotal, tps, tvq = (
        sum(cents[name] for _line, cents in parts) for name in ("net_cents", "tps_cents", "tvq_cents")
    )
    amounts = Amounts(subtotal, tps, tvq, subtotal + tps + tvq)
    values = whole.values | {"number": number, "due_on": due_on} | asdict(amounts)
    earned = [(str(line["ledger_account"]), cents["net_cents"]) for line, cents in parts]
    return Draft(whole.household, whole.issued_on, values, lines, amounts, earned)


def _ids(numbers: Sequence[str]) -> dict[str, int]:
    return dict(columns_among(Invoice.select(Invoice.number, Invoice.id), Invoice.number, numbers))
