"""The rows of the file of invoices, as `flask import` reads them: invoices, then credit notes of households."""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from peewee import JOIN, Expression

from domain.common import money
from domain.common.batches import columns_among
from domain.exports.things import Cells, with_a_home
from models import Household, HouseholdCredit, Invoice, InvoiceLine, Person

TAXES = ("tps", "tvq")
FIELDS = ("description", "tax_code", "category", "ledger_account")


def rows() -> Iterator[Cells]:
    """Yield a row a line, by number and position. `tps` and `tvq` stand where the file would not lead to them."""
    yield from _invoices()
    yield from _credits()


def any_shared() -> bool:
    """Tell whether some invoice's taxes are a share of another's, so that the file must say them."""
    taxed = Invoice.tps_cents + Invoice.tvq_cents != 0
    return any(row["tps"] is not None for row in _invoices(taxed=taxed))


def _invoices(taxed: Expression | None = None) -> Iterator[Cells]:
    found = (
        InvoiceLine.select(
            InvoiceLine,
            Invoice.number,
            Invoice.issued_on,
            Invoice.due_on,
            Invoice.status,
            Household.code.alias("home"),
            Person.card_number,
        )
        .join(Invoice)
        .join(Household)
        .join_from(
            InvoiceLine,
            Person,
            JOIN.LEFT_OUTER,
            on=(InvoiceLine.person == Person.id) & Person.id.in_(with_a_home()),
        )
        .order_by(Invoice.number, InvoiceLine.position)
    )
    if taxed is not None:
        found = found.where(taxed)
    for _number, lines in groupby(found.dicts().iterator(), key=itemgetter("number")):
        yield from _with_taxes(list(lines))


def _with_taxes(lines: list[Cells]) -> Iterator[Cells]:
    """Yield an invoice's rows; its taxes too when they are not those of its own subtotal."""
    nets = [line["net_cents"] for line in lines]
    worked_out = money.tax_lines(nets, [line["tax_code"] == InvoiceLine.TAXABLE for line in lines])
    kept = [money.LineTaxes(line["tps_cents"], line["tvq_cents"]) for line in lines]
    for line in lines:
        said = {"tps": line["tps_cents"], "tvq": line["tvq_cents"]} if kept != worked_out else dict.fromkeys(TAXES)
        yield said | {name: line[name] for name in (*FIELDS, "issued_on", "due_on", "status")} | {
            "invoice_number": line["number"],
            "household": line["home"],
            "card_number": line["card_number"],
            "quantity": line["quantity_thousandths"],
            "unit_price": line["unit_price_cents"],
        }  # fmt: skip


def _credits() -> Iterator[Cells]:
    """Yield the rows of the credit notes that files brought."""
    brought = HouseholdCredit.select(HouseholdCredit, Household).join(Household).order_by(HouseholdCredit.number)
    for credit in brought:
        lines = json.loads(credit.lines)
        people = {line["person"] for line in lines if line["person"]}
        homes = Person.select(Person.id, Person.card_number).where(Person.id.in_(with_a_home()))
        cards = dict(columns_among(homes, Person.id, people))
        for line in lines:
            yield dict.fromkeys(TAXES) | {name: line[name] for name in FIELDS} | {
                "invoice_number": credit.number,
                "household": credit.household.code,
                "issued_on": credit.issued_on,
                "due_on": credit.issued_on,  # it is not kept: nothing is due
                "card_number": cards.get(line["person"]),
                "quantity": line["quantity_thousandths"],
                "unit_price": line["unit_price_cents"],
                "status": Invoice.OPEN,
            }  # fmt: skip
