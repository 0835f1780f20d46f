"""Names that city.toml and the files must agree on: one that nothing bears is an error of neither, and does nothing.

Looked at once there is a catalogue, or cards: a portal just installed has neither.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from city import City
from domain.activities.classes import folded
from domain.common import clock
from domain.common.facts import Fact
from models import Activity, Person, PriceRule


class Wrong(StrEnum):
    """What may not agree; its words stand in commands/check."""

    NO_PROGRAMME = "no such programme"
    NO_TOWN = "nobody of that town"
    NO_REFUND = "no such refund policy"
    NO_PLAN = "no such plan of instalments"


def problems(city: City) -> list[Fact]:
    """Return each name of city.toml that nothing bears, and each name of what is on that city.toml does not know."""
    return [*_programmes(city), *_towns(city), *_policies(city)]


def _programmes(city: City) -> Iterator[Fact]:
    """Yield the programmes of least_weeks, and the programmes or activities of partners, that no activity is of."""
    rows = list(Activity.select(Activity.code, Activity.program).tuples().iterator())
    programmes = {program or code for code, program in rows}
    codes = programmes | {code for code, _program in rows}
    if rows:
        yield from _unknown("registration.least_weeks", city.registration.least_weeks, programmes)
        yield from _unknown("partners", city.partners, codes)


def _unknown(section: str, names: Iterable[str], known: set[str]) -> list[Fact]:
    return [Fact(Wrong.NO_PROGRAMME, {"section": section, "name": name}) for name in names if name not in known]


def _towns(city: City) -> Iterator[Fact]:
    """Yield the towns of agreements that still hold, and that no card names."""
    today = clock.today().isoformat()
    agreed = [one.city for one in city.registration.neighbours if one.until >= today]
    if agreed and (towns := {folded(town) for town in Person.select(Person.city).distinct().scalars()}):
        yield from (Fact(Wrong.NO_TOWN, {"name": name}) for name in agreed if folded(name) not in towns)


def _policies(city: City) -> Iterator[Fact]:
    """Yield what activities that are not over, and fees, name of refunds and instalments that city.toml has not."""
    on = list(Activity.select().where(Activity.ends_on >= clock.today()).order_by(Activity.code))
    fees = PriceRule.select().where(PriceRule.refund.is_null(False)).order_by(PriceRule.code)
    named = [(one.code, one.refund) for one in on] + [(one.code, one.refund or "") for one in fees]
    for code, policy in named:
        if policy and policy not in city.refunds:
            yield Fact(Wrong.NO_REFUND, {"code": code, "name": policy})
    for one in on:
        if one.instalments and one.instalments not in city.instalments:
            yield Fact(Wrong.NO_PLAN, {"code": one.code, "name": one.instalments})
