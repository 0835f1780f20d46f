"""Rows of the city's files, each with sensible values; and all that the database holds, to see what changed."""

import csv
import io
from collections.abc import Sequence

from models import TABLES


def card(number: int = 1, **values: object) -> dict:
    defaults = {
        "card_number": f"QMAGB{number:08}",
        "last_name": "Trần",
        "first_name": "Zoé",
        "birth_date": "1984-02-29",
        "expires_on": "2030-11-23",
        "household": "D1",
        "email": "",
        "resident": "1",
        "status": "active",
    }
    return defaults | values


def line(number: str = "F1", **values: object) -> dict:
    """A row of invoices: one line, exempt, of 100.00."""
    defaults = {
        "invoice_number": number,
        "household": "D1",
        "issued_on": "2026-11-01",
        "due_on": "2026-12-01",
        "card_number": "",
        "description": "Club été",
        "quantity": "1",
        "unit_price": "100.00",
        "tax_code": "exempt",
        "category": "activity",
        "ledger_account": "4100",
        "status": "open",
    }
    return defaults | values


def payment(key: str = "C1", **values: object) -> dict:
    """A row of payments taken elsewhere: 40.00 in cash on F1."""
    defaults = {
        "payment": key,
        "invoice_number": "F1",
        "paid_on": "2026-11-23",
        "amount": "40.00",
        "method": "cash",
        "payer": "",
    }
    return defaults | values


def everything() -> dict[str, list[dict]]:
    """Return every row of every table."""
    return {one.__name__: list(one.select().dicts()) for one in TABLES}


def table(rows: Sequence[dict], separator: str = ",") -> str:
    """Return rows as CSV text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
