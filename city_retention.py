"""How long what nothing needs any more is kept: the city's own schedule, in city.toml."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta


@dataclass(frozen=True)
class Period:
    """How long something is kept, and the number of its series in the city's retention schedule."""

    number: str = ""
    years: int = 0
    days: int = 0

    @property
    def length(self) -> timedelta:
        return timedelta(days=self.years * 366 + self.days)


@dataclass(frozen=True)
class Retention:
    """How long what nothing needs any more is kept, by series (domain/privacy/series.py): the city's own schedule."""

    cards: Period = Period(years=7)  # tax records are kept six years after the last year concerned
    accounts: Period = Period(years=3)
    guests: Period = Period(years=1)
    invoices: Period = Period(years=7)
    receipts: Period = Period(years=7)
    registrations: Period = Period(years=7)
    reservations: Period = Period(years=3)
    messages: Period = Period(days=30)
    requests: Period = Period(years=2)
    reviews: Period = Period(years=2)
    alerts: Period = Period(years=2)
    incidents: Period = Period(years=5)  # r. 3.1
    unused_account_notice: Period = Period(days=60)  # between the letter and the closing

    LEAST_YEARS = {"cards": 7, "invoices": 7, "receipts": 7, "registrations": 7, "incidents": 5}  # noqa: RUF012

    def problems(self) -> Iterator[str]:
        """Yield what is no period, or shorter than the law allows, in French."""
        for series in fields(self):
            period: Period = getattr(self, series.name)
            if period.years < 0 or period.days < 0 or not timedelta(0) < period.length < timedelta(days=36_600):
                yield f"city.toml: retention.{series.name} doit être de 1 jour à 100 ans (years, days)"
            elif period.years < self.LEAST_YEARS.get(series.name, 0):
                yield f"city.toml: retention.{series.name}.years doit être {self.LEAST_YEARS[series.name]} ou plus"
