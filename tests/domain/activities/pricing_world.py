"""Families, camps and rows of a price list, made without a database: pricing reads none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from city import City
from city_registration import Registration as Settings
from domain.activities import pricing
from domain.activities.enrolments import Enrolment
from domain.activities.pricing import PriceLine, Purse
from models import Activity, Person, PriceRule

MONDAY, HELD_ON = date(2027, 6, 28), date(2027, 4, 3)
numbers = count(1)


def person(**values) -> Person:
    return Person(
        **({"id": next(numbers), "birth_date": date(2019, 5, 20), "resident": True, "city": "Magog"} | values)
    )


def week(number: int = 1, **values) -> Activity:
    """A week of camp at 58 $."""
    starts_on = MONDAY + timedelta(days=7 * (number - 1))
    defaults = {"code": f"camp-{next(numbers)}", "title": "Club été", "program": "camp", "season": "ete-2027",
                "starts_on": starts_on, "price_cents": 58_00, "tax_code": "exempt", "category": "child_care",
                "ledger_account": "4100", "by_law": "2026-11"}  # fmt: skip
    return Activity(**(defaults | values))


def row(amount: int | None = None, rank: int | None = None, **values) -> PriceRule:
    """A row of the price list; the amount is in cents."""
    defaults = {"code": f"prix-{next(numbers):04}", "program": "camp", "amount_cents": amount, "rank": rank}
    return PriceRule(**(defaults | values))


def ladder(*amounts: int, over: str = PriceRule.DATES, **values) -> list[PriceRule]:
    return [row(cents, rank, rank_over=over, **values) for rank, cents in enumerate(amounts, start=1)]


def place(who: Person, activity: Activity, *options: str, held_on: date = HELD_ON) -> Enrolment:
    """A place, taken after those made before it."""
    number = next(numbers)
    return Enrolment(number, who, activity, options, held_on, number)


def priced(
    city: City,
    rules: list[PriceRule],
    *places: Enrolment,
    settled: Sequence[Enrolment] = (),
    paid: Mapping[Purse, int] | None = None,
) -> list[list[PriceLine]]:
    """Return the lines of each place, in the order in which they are given here."""
    found = pricing.price(places, settled, paid or {}, rules, city)
    return [found[one.key] for one in places]


def nets(
    city: City,
    rules: list[PriceRule],
    *places: Enrolment,
    settled: Sequence[Enrolment] = (),
    paid: Mapping[Purse, int] | None = None,
) -> list[int]:
    """Return what each place costs before tax, its options in."""
    return [sum(line.net_cents for line in lines) for lines in priced(city, rules, *places, settled=settled, paid=paid)]


def first_is(city: City, first_child: str) -> City:
    return replace(city, registration=Settings(first_child=first_child))
