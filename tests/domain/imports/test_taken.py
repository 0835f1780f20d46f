"""Rows of one key are one payment: what they must share, and what they may not say twice."""

from datetime import date

import pytest

from domain.imports.outcome import Outcome, Row
from domain.imports.taken import group


def row(line: int, **values) -> Row:
    defaults = {"payment": "C1", "invoice_number": f"F{line}", "paid_on": date(2026, 11, 23), "amount": 4_000}
    return Row(line, defaults | {"method": "cheque", "payer": ""} | values)


def problems(*rows: Row) -> list[tuple[int, str]]:
    outcome = Outcome()
    group(rows, outcome)
    return [(problem.line, problem.column) for problem in outcome.rejected]


def test_rows_of_one_key_are_together_in_their_order():
    grouped = group([row(2), row(3, payment="C2"), row(4)], Outcome())
    assert {key: [one.line for one in same] for key, same in grouped.items()} == {"C1": [2, 4], "C2": [3]}


def test_one_cheque_for_several_invoices_is_right():
    assert problems(row(2), row(3), row(4, amount=1)) == []


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"paid_on": date(2026, 11, 24)}, "paid_on"),
        ({"method": "cash"}, "method"),
        ({"payer": "QMAGB00000001"}, "payer"),
        ({"amount": -1}, "amount"),
        ({"invoice_number": "F2"}, "payment"),
    ],
)
def test_what_they_do_not_share_is_named_with_its_line(change, column):
    assert problems(row(2), row(3, **change)) == [(3, column)]
