"""What must hold of a file's activities: each by itself, those of one hour together, and what they name."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from domain.common.batches import columns_among
from domain.common.facts import Values
from domain.imports.outcome import Cells, Reason
from models import Activity, PriceRule

Fault = tuple[str, str, Reason, Values]  # of a row: its key, a column, why
OPENINGS = ("opens_residents", "opens_neighbours", "opens_everyone")
Hour = tuple[str, datetime]  # a season, and a moment at which some of it opens


def check(values: Cells) -> Iterator[tuple[str, Reason]]:
    """Yield what is wrong in an activity as it will be."""
    if values["ends_on"] < values["starts_on"]:
        yield "ends_on", Reason.LAST_DAY_FIRST
    if values["ends_at"] <= values["starts_at"]:
        yield "ends_at", Reason.ENDS_BEFORE_HOUR
    if _reversed(values["age_min"], values["age_max"]):
        yield "age_max", Reason.AGES_REVERSED
    if _reversed(values["born_from"], values["born_until"]):
        yield "born_until", Reason.BIRTHS_REVERSED
    if values["closes"] and any(values["closes"] <= values[name] for name in OPENINGS if values[name]):
        yield "closes", Reason.CLOSES_BEFORE
    if is_sold(values) and re.search(r"[\s:/]", values["code"]):  # carts and addresses put codes together
        yield "activity", Reason.CODE_NOT_SOLD


def together(rows: dict[str, Cells]) -> Iterator[Fault]:
    """Yield what is wrong among a file's activities as they will be, beside those that are here."""
    yield from _modes(rows)
    yield from _unknown_before(rows)


def without_price(rows: dict[str, Cells]) -> Iterator[Fault]:
    """Yield what is sold here and has no price anywhere yet: prices come in a file of their own, after this one."""
    bare = {code: {code, row["program"]} for code, row in rows.items() if is_sold(row) and row["price_cents"] is None}
    rules = PriceRule.select(PriceRule.program).where(PriceRule.option == "", PriceRule.amount_cents.is_null(False))
    priced = {name for (name,) in columns_among(rules, PriceRule.program, set().union(*bare.values()))}
    for code, names in bare.items():
        if not names & priced:
            yield code, "price", Reason.NO_PRICE, {"key": code}


def is_sold(values: Cells) -> bool:
    """Tell whether places of an activity are sold here."""
    return values["capacity"] is not None and not values["register_at"]


def programs_known(names: Collection[str]) -> set[str]:
    """Return which of some names are a programme's or an activity's that is here."""
    fields = (Activity.code, Activity.program)
    return {name for field in fields for (name,) in columns_among(Activity.select(field), field, names)}


def _reversed(first: object, last: object) -> bool:
    return first is not None and last is not None and last < first  # type: ignore[operator]  # two of one kind


def _modes(rows: dict[str, Cells]) -> Iterator[Fault]:
    """Yield the activities served otherwise than another one of their season that opens at the same hour."""
    first: dict[Hour, tuple[str, str]] = {}  # the code and mode of the first that opens then
    seasons = {row["season"] for row in rows.values()}
    columns = (
        Activity.season,
        Activity.code,
        Activity.mode,
        Activity.register_at,
        *(getattr(Activity, name) for name in OPENINGS),
    )
    for season, code, mode, elsewhere, *opens in columns_among(Activity.select(*columns), Activity.season, seasons):
        if code not in rows and not elsewhere:
            first |= dict.fromkeys(_hours(season, opens), (code, mode))
    for code, row in rows.items():
        if row["register_at"]:
            continue
        for hour in _hours(row["season"], [row[name] for name in OPENINGS]):
            other, mode = first.setdefault(hour, (code, row["mode"]))
            if mode != row["mode"]:
                yield code, "mode", Reason.MODE_DIFFERS, {"key": code, "other": other}
                break


def _hours(season: str, opens: Iterable[datetime | None]) -> list[Hour]:
    return [(season, moment) for moment in opens if moment]


def _unknown_before(rows: dict[str, Cells]) -> Iterator[Fault]:
    """Yield what is to have been taken before, and is neither an activity nor a programme."""
    wanted = {name for row in rows.values() for name in row["after"].split()}
    named = wanted & {name for code, row in rows.items() for name in (code, row["program"])}
    unknown = wanted - named - programs_known(wanted - named)
    for code, row in rows.items():
        for name in row["after"].split():
            if name in unknown:
                yield code, "after", Reason.UNKNOWN_BEFORE, {"unknown": name}
