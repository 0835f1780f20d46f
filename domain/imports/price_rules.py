"""What must hold of a file's prices: each by itself, no two for the same thing, each of something that is here."""

from collections.abc import Iterator
from datetime import date

from domain.common.batches import among
from domain.imports.activity_rules import Fault, programs_known
from domain.imports.outcome import Cells, Reason
from models import PriceRule

Thing = tuple[object, ...]  # what a price is of, and how precisely it says so


def check(values: Cells) -> Iterator[tuple[str, Reason]]:
    """Yield what is wrong in a price as it will be."""
    is_price, is_cap = values["amount_cents"] is not None, values["household_cap_cents"] is not None
    if not is_price and not is_cap:
        yield "amount", Reason.NO_AMOUNT
    if is_price and is_cap:
        yield "household_cap", Reason.TWO_AMOUNTS
    if is_cap and (values["option"] or values["rank"]):
        yield "household_cap", Reason.CAP_OF_A_PART
    if values["fee"] and (values["rank"] or not values["option"] or not values["label"]):
        yield "fee", Reason.FEE_UNNAMED
    if values["refund"] and not values["fee"]:
        yield "refund", Reason.REFUND_OF_A_PLACE
    if values["first_day"] and values["last_day"] and values["last_day"] < values["first_day"]:
        yield "until", Reason.LAST_DAY_FIRST


def together(rows: dict[str, Cells]) -> Iterator[Fault]:
    """Yield what is wrong among a file's prices as they will be, beside those that are here."""
    programs = {row["program"] for row in rows.values()}
    known = programs_known(programs)
    for code, row in rows.items():
        if row["program"] not in known:
            yield code, "program", Reason.UNKNOWN_PROGRAM, {"key": row["program"]}
    here = {one.code: one.__data__ for one in among(PriceRule.select(), PriceRule.program, programs)}
    things: dict[Thing, list[tuple[str, Cells]]] = {}
    for code, row in (here | rows).items():
        things.setdefault(_thing(row), []).append((code, row))
    for same in things.values():
        yield from _differing(same, rows)


def _differing(same: list[tuple[str, Cells]], rows: dict[str, Cells]) -> Iterator[Fault]:
    """Yield the prices of one thing that differ from another one of the same days."""
    last = None  # of those so far that agree, the one that ends last
    for code, row in sorted(same, key=lambda one: _first_day(one[1])):
        if last is None or _last_day(last[1]) < _first_day(row):
            last = code, row
        elif _price(row) != _price(last[1]):
            mine, other = (code, last[0]) if code in rows else (last[0], code)
            yield mine, "amount", Reason.PRICES_DIFFER, {"key": mine, "other": other}
        elif _last_day(row) > _last_day(last[1]):
            last = code, row


def _thing(row: Cells) -> Thing:
    is_dated = bool(row["first_day"] or row["last_day"])
    is_cap = row["household_cap_cents"] is not None
    return row["program"], row["option"], row["who"], row["rank"], is_dated, is_cap


def _price(row: Cells) -> Thing:
    return row["amount_cents"], row["tax_code"], row["household_cap_cents"], row["fee"], row["refund"]


def _first_day(row: Cells) -> date:
    return row["first_day"] or date.min


def _last_day(row: Cells) -> date:
    return row["last_day"] or date.max
