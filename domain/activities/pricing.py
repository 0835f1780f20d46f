"""What a household's places cost, line by line, each saying why.

Amounts are cents before tax, of each place by itself: what is given back later is worked out from them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from city import City
from domain.activities import fees
from domain.activities.classes import price_class
from domain.activities.enrolments import Enrolment, Ranks, in_order
from domain.activities.price_list import Asked, caps_of, programs, row_of
from domain.common import money
from domain.common.facts import Fact
from models import Activity, InvoiceLine, Person, PriceRule

CHILD_CARE, OTHER = "child_care", "other"  # categories of lines


class Why(StrEnum):
    """Why a line costs what it does."""

    REGULAR = "regular"
    RANK = "rank"
    RANK_SAME_DATES = "rank same dates"
    EARLY = "early"
    LATE = "late"
    NON_RESIDENT = "non resident"
    FREE = "free"
    CAP = "cap"
    ONCE_A_HOUSEHOLD = "once a household"
    ONCE_A_CHILD = "once a child"
    EACH_PLACE = "each place"
    NOT_GIVEN_BACK = "not given back"


WHY_A_FEE = {
    PriceRule.ONCE_A_HOUSEHOLD: Why.ONCE_A_HOUSEHOLD,
    PriceRule.ONCE_A_CHILD: Why.ONCE_A_CHILD,
    PriceRule.EACH_PLACE: Why.EACH_PLACE,
}


class Purse(NamedTuple):
    """What a cap counts together: a programme, or one activity, in a season; an option apart."""

    season: str
    program: str
    option: str = ""


@dataclass(frozen=True)
class PriceLine:
    """One line of an invoice to come. `label` is the price list's; empty, the activity's title says it."""

    option: str  # empty: the place itself
    label: str
    net_cents: int
    tax_code: str
    category: str
    ledger_account: str
    by_law: str
    why: tuple[Fact, ...]
    fee: str = ""  # of whom it is asked once, as the price list says it; empty: it is none


def price(
    places: Sequence[Enrolment],
    settled: Sequence[Enrolment],
    paid_cents: Mapping[Purse, int],
    rules: Sequence[PriceRule],
    city: City,
) -> dict[int | str, list[PriceLine]]:
    """Price a household's places: of each its own line first, then its options', then the fees asked with it.

    `settled` are those already invoiced: they count for ranks, and are not priced again. `paid_cents` is what was
    invoiced for them before tax, as `purses` adds it up. An option that the price list does not have has no line.
    """
    ranks = Ranks(places, settled, city.registration.first_child, lambda one, option: _worth(one, option, rules, city))
    spent, asked = dict(paid_cents), fees.asked_of(settled, rules, city)
    priced: dict[int | str, list[PriceLine]] = {}
    for place in in_order(places):
        lines = (_line(place, option, ranks, rules, city) for option in ("", *dict.fromkeys(place.options)))
        priced[place.key] = [_within_caps(line, place, spent, rules, city) for line in lines if line]
        priced[place.key] += [_fee(place, rule, city) for rule in fees.due(place, rules, asked, city)]
    return priced


def purses(lines: Iterable[tuple[Activity, str, int]]) -> dict[Purse, int]:
    """Add up what was invoiced, as caps count it: of each line its activity, its option and its cents before tax."""
    spent: dict[Purse, int] = {}
    for activity, option, net_cents in lines:
        _spend(spent, activity, option, net_cents)
    return spent


def is_priced(person: Person, activity: Activity, rules: Sequence[PriceRule], city: City, day: date) -> bool:
    """Tell whether a place has a price for somebody: one that nobody has set is not 0 $, and is not sold."""
    asked = Asked(activity, "", price_class(person, city, day), day)
    return _own(asked) is not None or row_of(asked, rules, lambda _over: 1) is not None


def shown_cents(lines: Sequence[PriceLine]) -> int:
    """Return what some lines cost, taxes in, as an invoice of them alone would have it."""
    nets = [line.net_cents for line in lines]
    taxes = money.tax_lines(nets, [line.tax_code == InvoiceLine.TAXABLE for line in lines])
    return sum(nets) + sum(tax.tps_cents + tax.tvq_cents for tax in taxes)


def _line(place: Enrolment, option: str, ranks: Ranks, rules: Sequence[PriceRule], city: City) -> PriceLine | None:
    """Return the line of a place or of its option, before any cap; None for an option that has no price."""
    asked = _asked(place, option, city)
    rule = row_of(asked, rules, lambda over: ranks.of(place, option, over))
    if rule is None and option:
        return None
    cents = _cents(asked, rule)
    rank = ranks.of(place, option, rule.rank_over) if rule and rule.rank else None
    return _as_line(place, rule, cents, tuple(_why(asked, rule, rank, cents)) or (Fact(Why.REGULAR),))


def _fee(place: Enrolment, rule: PriceRule, city: City) -> PriceLine:
    """Return the line of a fee: no cap counts it."""
    cents = rule.amount_cents or 0
    why = [Fact(WHY_A_FEE[rule.fee or ""]), *_why(_asked(place, rule.option, city), rule, None, cents)]
    return _as_line(place, rule, cents, (*why, Fact(Why.NOT_GIVEN_BACK)) if fees.is_kept(rule, city) else tuple(why))


def _as_line(place: Enrolment, rule: PriceRule | None, cents: int, why: tuple[Fact, ...]) -> PriceLine:
    tax_code = (rule and rule.tax_code) or place.activity.tax_code
    return PriceLine(
        option=rule.option if rule else "",
        label=rule.label if rule else "",
        net_cents=cents,
        tax_code=tax_code,
        category=_category(place.activity, tax_code),
        ledger_account=place.activity.ledger_account,
        by_law=place.activity.by_law,
        why=why,
        fee=(rule and rule.fee) or "",
    )


def _asked(place: Enrolment, option: str, city: City) -> Asked:
    return Asked(place.activity, option, price_class(place.person, city, place.held_on), place.held_on)


def _cents(asked: Asked, rule: PriceRule | None) -> int:
    """Return the price that a row sets, or the activity's own of her class."""
    cents = rule.amount_cents if rule is not None else _own(asked)
    return max(0, cents or 0)


def _own(asked: Asked) -> int | None:
    """Return the activity's own price of a class; None when it is not said."""
    return asked.activity.price_non_resident_cents if _pays_more(asked) else asked.activity.price_cents


def _pays_more(asked: Asked) -> bool:
    """Tell whether the activity has a price of its own for who is not a resident, and she is not."""
    return asked.price_class == PriceRule.NON_RESIDENT and asked.activity.price_non_resident_cents is not None


def _worth(place: Enrolment, option: str, rules: Sequence[PriceRule], city: City) -> int:
    """Return what a place, or its option, would cost a first child, in cents."""
    asked = _asked(place, option, city)
    return _cents(asked, row_of(asked, rules, lambda _over: 1))


def _category(activity: Activity, tax_code: str) -> str:
    """Return what a line is for tax receipts: what is taxable beside child care, such as transport, is none."""
    is_beside = activity.category == CHILD_CARE and tax_code == InvoiceLine.TAXABLE
    return OTHER if is_beside else activity.category


def _why(asked: Asked, rule: PriceRule | None, rank: int | None, cents: int) -> Iterator[Fact]:
    """Yield why a price is what it is, but for caps."""
    if rule and rank:
        yield Fact(Why.RANK_SAME_DATES if rule.rank_over == PriceRule.DATES else Why.RANK, {"rank": rank})
    if rule and rule.last_day:
        yield Fact(Why.EARLY, {"until_on": rule.last_day.isoformat()})
    elif rule and rule.first_day:
        yield Fact(Why.LATE, {"since_on": rule.first_day.isoformat()})
    if rule.who == PriceRule.NON_RESIDENT if rule else _pays_more(asked):
        yield Fact(Why.NON_RESIDENT)
    if not cents:
        yield Fact(Why.FREE)


def _within_caps(
    line: PriceLine, place: Enrolment, spent: dict[Purse, int], rules: Sequence[PriceRule], city: City
) -> PriceLine:
    """Cut a line to what a household may still pay, and count what it costs in `spent`."""
    season = place.activity.season
    for cap in caps_of(_asked(place, line.option, city), rules):
        most = cap.household_cap_cents or 0
        left = max(0, most - spent.get(Purse(season, cap.program, line.option), 0))
        if left < line.net_cents:
            line = replace(line, net_cents=left, why=(*line.why, Fact(Why.CAP, {"cap_cents": most})))
    _spend(spent, place.activity, line.option, line.net_cents)
    return line


def _spend(spent: dict[Purse, int], activity: Activity, option: str, net_cents: int) -> None:
    for program in programs(activity):
        purse = Purse(activity.season, program, option)
        spent[purse] = spent.get(purse, 0) + net_cents
