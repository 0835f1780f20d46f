"""Whom a tax credit is for by her age, year by year: a receipt is for nobody else, and no year is guessed.

- A receipt for activities is for Quebec's credit for children's activities (Taxation Act, I-3, s. 1029.8.66.6; Revenu
  Québec, tax news of 7 February 2013, and TP-1.G, line 462, point 25): at least 5 and under 16 at the beginning of the
  year. With a severe and prolonged impairment it goes to under 18: the portal knows of none, and asks for nothing of
  health to print a receipt. Of 16 and 17 it gives none by itself, and the page says to call.
- A receipt for child care is for the federal deduction (form T778): under 16 at some time in the year.
- The Relevé 24 is for Quebec's credit for childcare expenses (I-3, s. 1029.8.67): the same, but under 14 from 2026
  (Revenu Québec, tax news of 23 September 2025). With an infirmity neither has a limit: again, to call for.

The years that somebody looked at end with `[tax_receipts] ages_known_until` of city.toml.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from city import City
from domain.common.facts import Fact
from models import Person, TaxReceipt


class Unfit(StrEnum):
    """Why nobody can be given a receipt for someone by herself; views/messages/dossier has the words."""

    AGE_FOR_ACTIVITIES, AGE_FOR_CARE = "age for activities", "age for care"
    NOBODY = "nobody"  # the credit is for a child, and it is not known whose place was paid
    YEAR_UNKNOWN = "year unknown"


@dataclass(frozen=True)
class Ages:
    """From which age, and under which: at the beginning of a year, or at some time in it."""

    least: int
    under: int
    is_any_time: bool = False

    def born(self, year: int) -> tuple[date, date]:
        """Return the first and the last birth date. Who turns 16 in a year was under 16 at some time in it."""
        if self.is_any_time:
            return date(year - self.under, 1, 1), date(year - self.least, 12, 31)
        return date(year - self.under, 1, 2), date(year - self.least, 1, 1)


RL24 = "rl24"
BY_YEAR: dict[str, dict[int, Ages]] = {  # from which year on
    TaxReceipt.ACTIVITY: {2013: Ages(5, 16)},
    TaxReceipt.CHILD_CARE: {2013: Ages(0, 16, is_any_time=True)},
    RL24: {2013: Ages(0, 16, is_any_time=True), 2026: Ages(0, 14, is_any_time=True)},
}


def of(kind: str, year: int, city: City) -> Ages | None:
    """Return the ages of a kind in a year; None when nobody looked that year up."""
    since = max((one for one in BY_YEAR[kind] if one <= year), default=None)
    return BY_YEAR[kind][since] if since and year <= city.tax_receipts.ages_known_until else None


def unfit(kind: str, year: int, person: Person | None, city: City) -> Fact | None:
    """Return why what was paid in a year for someone gets no receipt, None when it does; a gift is for nobody.

    `kind` is a receipt's, or RL24. Child care that names no child stays: the receipt says that the name is missing.
    """
    if kind == TaxReceipt.DONATION:
        return None
    ages = of(kind, year, city)
    if ages is None:
        return Fact(Unfit.YEAR_UNKNOWN, {"year": year})
    is_activity = kind == TaxReceipt.ACTIVITY
    if person is None:
        return Fact(Unfit.NOBODY) if is_activity else None
    first, last = ages.born(year)
    if first <= person.birth_date <= last:
        return None
    key = Unfit.AGE_FOR_ACTIVITIES if is_activity else Unfit.AGE_FOR_CARE
    return Fact(key, {"least": ages.least, "last": ages.under - 1, "under": ages.under, "year": year})
