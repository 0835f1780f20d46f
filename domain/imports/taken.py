"""The rows of a file of payments that are one: one cheque for several invoices has several rows of one key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.common.facts import Values
from domain.imports.outcome import Outcome, Problem, Reason, Row
from models import Invoice

SHARED = {"paid_on": Reason.PAID_ON_DIFFERS, "method": Reason.METHOD_DIFFERS, "payer": Reason.PAYER_DIFFERS}
Known = tuple[dict[int, int], str, int | None, datetime | None]  # cents by invoice, method, payer, moment: as is here


@dataclass(frozen=True)
class Taken:
    """A payment of the file, or money given back: its rows, and its invoices and payer, which are known here."""

    rows: Sequence[Row]
    invoices: dict[int, Invoice]  # by line
    payer: int | None

    @property
    def key(self) -> str:
        return self.rows[0].values["payment"]

    @property
    def line(self) -> int:
        return self.rows[0].line

    @property
    def method(self) -> str:
        return self.rows[0].values["method"]

    @property
    def paid_on(self) -> date:
        return self.rows[0].values["paid_on"]

    @property
    def is_given_back(self) -> bool:
        return self.rows[0].values["amount"] < 0

    @property
    def amounts(self) -> dict[int, int]:
        """Return the cents of each invoice, by its id."""
        return {self.invoices[row.line].id: row.values["amount"] for row in self.rows}

    def problem(self, line: int, column: str, reason: Reason, told: Values | None = None) -> Problem:
        return Problem(line, column, reason, {"payment": self.key, **(told or {})}, self.key)


def group(rows: Sequence[Row], outcome: Outcome) -> dict[str, list[Row]]:
    """Put a payment's rows together, after checking what they must share."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        same = grouped.setdefault(row.values["payment"], [])
        if same:
            outcome.rejected += _disagreeing(row, same)
        same.append(row)
    return grouped


def _disagreeing(row: Row, same: Sequence[Row]) -> list[Problem]:
    """Say why a row cannot be of the same payment as those before it."""
    first, found = same[0], []
    for name, reason in SHARED.items():
        if row.values[name] != first.values[name]:
            found.append(Problem(row.line, name, reason, {"line": first.line}))
    if (row.values["amount"] < 0) != (first.values["amount"] < 0):
        found.append(Problem(row.line, "amount", Reason.BOTH_WAYS, {"line": first.line}))
    for other in same:
        if other.values["invoice_number"] == row.values["invoice_number"]:
            found.append(Problem(row.line, "payment", Reason.PAYMENT_TWICE, {"line": other.line}))
    return found
