"""Fees beside places, such as for opening a file: nobody chooses them, and each is asked once of whom it is asked."""

from collections.abc import Iterable, Iterator, Sequence

from city import City
from domain.activities.classes import price_class
from domain.activities.enrolments import Enrolment
from domain.activities.price_list import Asked, row_of
from models import PriceRule

Scope = tuple[int | str, ...]  # what a fee is asked once of


def asked_of(settled: Iterable[Enrolment], rules: Sequence[PriceRule], city: City) -> set[Scope]:
    """Return what was asked already with places that a household has: who has one has paid its fees."""
    fees = [rule for rule in rules if rule.fee]
    return {_scope(place, rule) for place in settled if fees for rule in _rows(place, fees, city)}


def due(place: Enrolment, rules: Sequence[PriceRule], asked: set[Scope], city: City) -> Iterator[PriceRule]:
    """Yield the fees to ask with a place, by their code, and note in `asked` that they are."""
    for rule in _rows(place, [one for one in rules if one.fee], city):
        scope = _scope(place, rule)
        if scope not in asked and rule.amount_cents:
            asked.add(scope)
            yield rule


def is_kept(rule: PriceRule, city: City) -> bool:
    """Tell whether nothing of a fee is ever given back to who cancels."""
    policy = city.refunds.get(rule.refund or "")
    return policy is not None and not any(tier.percent for tier in policy.tiers)


def _rows(place: Enrolment, fees: Sequence[PriceRule], city: City) -> list[PriceRule]:
    """Return the fees that go with a place, whether they were asked before or not."""
    hers = price_class(place.person, city, place.held_on)
    found = [
        row_of(Asked(place.activity, code, hers, place.held_on, is_fee=True), fees, lambda _over: 1)
        for code in sorted({rule.option for rule in fees})
    ]
    return [rule for rule in found if rule]


def _scope(place: Enrolment, rule: PriceRule) -> Scope:
    """Return what a fee is asked once of: a household in a season, a child of it, or each place."""
    whose: dict[str | None, tuple[int | str, ...]] = {
        PriceRule.ONCE_A_CHILD: (place.person.id,),
        PriceRule.EACH_PLACE: (place.person.id, place.activity.code),
    }
    return (place.activity.season, rule.program, rule.option, *whose.get(rule.fee, ()))
