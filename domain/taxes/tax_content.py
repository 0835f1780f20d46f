"""What each of someone's tax receipts should say now, and what is missing to say it.

Mandatory words of a gift's: Income Tax Regulations, s. 3501. Of child care: who provides it, the child's name, the
amount paid, the dates (Canada Revenue Agency, form T778).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from city import City
from domain.common import clock
from domain.common.facts import Fact
from domain.taxes import tax_ages, tax_amounts
from domain.taxes.tax_amounts import Care, Paid
from models import Payment, Person, TaxReceipt

Printed = dict[str, str | int | list[str] | list[str | int] | None]  # as JSON has it
PERSON = "person "  # before a person's id, in a receipt's subject
ADDRESS, CHILD, DAYS = "address", "child", "days"  # what may be missing
GAPS = (ADDRESS, CHILD, DAYS)  # their words stand in views/messages/dossier


@dataclass(frozen=True)
class Content:
    """What a receipt says: `subject` is the person or the payment it is for, `printed` all that stands on it.

    `unfit` tells why no such receipt is given: one that was given before stays.
    """

    kind: str
    year: int
    subject: str
    person_id: int | None
    cents: int
    lacks: str
    printed: Printed
    unfit: Fact | None = None


def of_payer(payer: Person, city: City, today: date) -> Iterator[Content]:
    """Yield what someone's receipts should be: of each year that is over, and of each gift."""
    for year in tax_amounts.years(payer.id, today):
        paid = tax_amounts.of_year(year, [payer.id])
        care = tax_amounts.care({one.person_id for one in paid if one.kind == TaxReceipt.CHILD_CARE}, year)
        for one in paid:
            if one.kind == TaxReceipt.DONATION:
                yield from _gift(one, payer, year, city)
            elif year < today.year:
                looked_after = care.get(one.person_id) if one.kind == TaxReceipt.CHILD_CARE else None
                yield _yearly(one, payer, year, looked_after, city)


def subject_of(person_id: int | None) -> str:
    """Return how a receipt names whom it is for; nobody in particular too."""
    return f"{PERSON}{person_id or ''}"


def missing(paid: Paid, payer: Person, care: Care | None) -> list[str]:
    """Return what is missing for an amount's receipt."""
    found = [] if payer.has_address else [ADDRESS]
    if paid.kind != TaxReceipt.DONATION and paid.person_id is None:
        found.append(CHILD)
    if paid.kind == TaxReceipt.CHILD_CARE and care is None:
        found.append(DAYS)
    return found


def _gift(paid: Paid, payer: Person, year: int, city: City) -> Iterator[Content]:
    """Yield a gift's receipt; without the giver's address there can be none."""
    if not payer.has_address:
        return
    payment = Payment.get_by_id(paid.gift_id)
    day = clock.local(payment.resolved_at).date()  # type: ignore[arg-type]  # paid: it has its moment
    printed = _common(payer, year, city) | {"received_on": day.isoformat(), "reference": payment.reference}
    yield Content(paid.kind, year, payment.reference, None, paid.cents, "", printed)


def _yearly(paid: Paid, payer: Person, year: int, care: Care | None, city: City) -> Content:
    person = Person.get_or_none(Person.id == paid.person_id)
    days: list[str | int] = [care.number, care.first.isoformat(), care.last.isoformat(), *care.places] if care else []
    printed: Printed = {
        **_common(payer, year, city),
        "person": person.name if person else "",
        "born": person.birth_date.isoformat() if person else "",
        "services": tax_amounts.services(year, payer.id, paid.kind, paid.person_id),
        "care": days or None,
        "partial": tax_amounts.is_partial(year, city),
    }
    lacks = " ".join(missing(paid, payer, care))
    unfit = tax_ages.unfit(paid.kind, year, person, city)
    return Content(paid.kind, year, subject_of(paid.person_id), paid.person_id, paid.cents, lacks, printed, unfit)


def _common(payer: Person, year: int, city: City) -> Printed:
    return {
        "payer": payer.name,
        "address": [payer.address, f"{payer.city}  {payer.postal_code}".strip()] if payer.address else [],
        "issuer": [city.name, *city.address],
        "place": city.tax_receipts.place,
        "signatory": city.tax_receipts.signatory,
        "rules": year,
    }
