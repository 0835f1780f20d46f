"""How a city registers people, what it gives back, and in how many parts it is paid: sections of city.toml."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date


def is_day(text: str) -> bool:
    """Tell whether a text is a day such as 2027-01-04."""
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False


@dataclass(frozen=True)
class Neighbour:
    """A town whose residents register by agreement, until a day: whose price they pay, and when their hour is."""

    city: str
    price: str
    window: str
    until: str

    PRICES, WINDOWS = ("resident", "non_resident"), ("residents", "neighbours", "everyone")


@dataclass(frozen=True)
class Registration:
    """How the city registers people."""

    first_child: str = "order"
    refuse_overdue: bool = False
    most_weeks: dict[str, int] = field(default_factory=dict)
    least_weeks: dict[str, int] = field(default_factory=dict)
    offers: str = "automatic"
    reprice: bool = False
    neighbours: list[Neighbour] = field(default_factory=list)

    ORDER, DEAREST, OLDEST = "order", "dearest", "oldest"
    AUTOMATIC, BY_HAND = "automatic", "by_hand"
    PHASES = ("residents", "neighbours", "everyone")

    def problems(self) -> Iterator[str]:
        """Yield what cannot be understood, in French."""
        for name, value, allowed in (
            ("first_child", self.first_child, (self.ORDER, self.DEAREST, self.OLDEST)),
            ("offers", self.offers, (self.AUTOMATIC, self.BY_HAND)),
        ):
            if value not in allowed:
                yield f"city.toml: registration.{name} doit être l’un de {', '.join(allowed)}, et non {value!r}"
        for phase, weeks in self.most_weeks.items():
            if phase not in self.PHASES or weeks < 1:
                phases = ", ".join(self.PHASES)
                yield f"city.toml: registration.most_weeks.{phase}: des semaines, au moins 1, pour {phases}"
        for program, weeks in self.least_weeks.items():
            if weeks < 1:
                yield f"city.toml: registration.least_weeks.{program}: des semaines, au moins 1"
        for one in self.neighbours:
            if one.price not in Neighbour.PRICES or one.window not in Neighbour.WINDOWS or not is_day(one.until):
                yield f"city.toml: registration.neighbours, {one.city}: price, window ou until ne se comprend pas"


@dataclass(frozen=True)
class HealthForms:
    """For how long a child's health form is good, and until when accompaniment is asked."""

    year_ends: str = "05-31"  # month and day: forms of a season's year are good until then, and erased after
    accompaniment_days: int = 28  # before the opening

    def problems(self) -> Iterator[str]:
        """Yield what cannot be understood, in French."""
        if not is_day(f"2027-{self.year_ends}"):
            yield 'city.toml: health_forms.year_ends doit être un mois et un jour comme "05-31"'
        if not 0 <= self.accompaniment_days <= 365:
            yield "city.toml: health_forms.accompaniment_days: des jours, de 0 à 365"


@dataclass(frozen=True)
class Tier:
    """Until so many days before the start, so many percent of what was paid are given back."""

    days_before_start: int
    percent: int


@dataclass(frozen=True)
class RefundPolicy:
    """What is given back to who cancels: the first tier that holds, less a fee."""

    tiers: list[Tier]
    fee: str = "0"
    nothing_at: str = "0"


@dataclass(frozen=True)
class InstalmentPlan:
    """In how many parts an invoice is paid: percent of each, and days after confirming."""

    percent: list[int]
    due: list[int]


@dataclass(frozen=True)
class Partner:
    """Who gives an activity that is not the city's: a merchant, named in the contract."""

    name: str
    address: list[str]
    phone: str = ""
    email: str = ""


def plans_wrong(instalments: dict[str, InstalmentPlan], refunds: dict[str, RefundPolicy]) -> Iterator[str]:
    """Yield what is wrong in policies of refunds and plans of instalments, in French."""
    for name, plan in instalments.items():
        if sum(plan.percent) != 100 or min(plan.percent) < 1 or len(plan.due) != len(plan.percent) or plan.due[0] != 0:
            yield f"city.toml: instalments.{name}: percent doit faire 100, et due commencer à 0, un par versement"
    for name, policy in refunds.items():
        amounts = (policy.fee, policy.nothing_at)
        wrong = [one for one in amounts if not re.fullmatch(r"\d{1,6}(\.\d{2})?", one)]
        if wrong or any(not 0 <= tier.percent <= 100 for tier in policy.tiers):
            yield f'city.toml: refunds.{name}: percent va de 0 à 100, fee et nothing_at ressemblent à "10.00"'
