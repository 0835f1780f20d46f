"""The worksheet for Relevé 24: what the city types into its certified software. It holds no social insurance number.

Code R is an original, A an amended one, D a cancelled one (Revenu Québec, guide RL-24.G).
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

from city import City
from domain.common import clock
from domain.common.batches import among
from domain.common.facts import Fact
from domain.common.formats import plain_amount
from domain.taxes import consents, tax_ages, tax_amounts, tax_content
from domain.taxes.tax_ages import Unfit
from domain.taxes.tax_amounts import Care, Paid
from models import Person, TaxReceipt

HEADER = (
    "code", "payer_card", "payer_last_name", "payer_first_name", "payer_address", "payer_city", "payer_postal_code",
    "child_card", "child_last_name", "child_first_name", "child_birth_date", "days", "first_day", "last_day", "places",
    "amount_paid", "receipt", "replaces", "online_since", "year_is_partial", "missing",
)  # fmt: skip
Row = list[str | int | date]
People = dict[int | None, Person]
NO_PAYER, AGE = "payer", "age"


class Caveat(StrEnum):
    """What whoever uses the worksheet must know; commands/exports has the words."""

    YEAR_UNDER_WAY = "year under way"
    YEAR_IS_PARTIAL = "year is partial"
    AGES_UNKNOWN = "ages unknown"
    ROWS_LACK = "rows lack something"


def rows(year: int, city: City) -> Iterator[Row]:
    """Yield the worksheet's rows: a row for each child and each person who paid for her, then those cancelled since."""
    paid = [one for one in tax_amounts.of_year(year) if one.kind == TaxReceipt.CHILD_CARE]
    people: People = {person.id: person for person in among(Person.select(), Person.id, _everyone(paid))}
    care = tax_amounts.care({one.person_id for one in paid if one.person_id}, year)
    of_year = TaxReceipt.select().where(TaxReceipt.year == year, TaxReceipt.kind == TaxReceipt.CHILD_CARE)
    receipts = list(of_year.order_by(TaxReceipt.id))
    valid: dict[tuple[int | None, int | None], TaxReceipt] = {
        (receipt.payer_id, receipt.person_id): receipt for receipt in receipts if not receipt.cancelled_at
    }
    numbers: dict[int | None, str] = {receipt.id: receipt.number for receipt in receipts}
    online = consents.all_given()
    partial = "1" if tax_amounts.is_partial(year, city) else "0"
    for one in paid:
        receipt = valid.get((one.payer_id, one.person_id))
        replaced = numbers.get(receipt.replaces_id, "") if receipt else ""
        yield [
            "A" if replaced else "R",
            *_payer(people.get(one.payer_id)),
            *_child(people.get(one.person_id)),
            *_care(care.get(one.person_id)),
            plain_amount(one.cents),
            receipt.number if receipt else "",
            replaced,
            _day(online.get(one.payer_id)),
            partial,
            _missing(one, people, care, year, city),
        ]
    yield from _cancelled(receipts, partial, online)


def warnings(year: int, rows: list[Row], city: City, today: date) -> Iterator[Fact]:
    """Yield what whoever uses the worksheet must know."""
    if year >= today.year:
        yield Fact(Caveat.YEAR_UNDER_WAY, {"year": year})
    if tax_amounts.is_partial(year, city):
        yield Fact(Caveat.YEAR_IS_PARTIAL, {"year": year})
    if tax_ages.of(tax_ages.RL24, year, city) is None:
        yield Fact(Caveat.AGES_UNKNOWN, {"year": year})
    lacking = sum(1 for row in rows if row[-1])
    if lacking:
        yield Fact(Caveat.ROWS_LACK, {"count": lacking})


def _everyone(paid: list[Paid]) -> set[int]:
    return {key for one in paid for key in (one.payer_id, one.person_id) if key}


def _payer(person: Person | None) -> list[str]:
    if person is None:
        return [""] * 6
    return [
        person.card_number, person.last_name, person.first_name, person.address, person.city, person.postal_code
    ]  # fmt: skip


def _child(person: Person | None) -> Row:
    return [person.card_number, person.last_name, person.first_name, person.birth_date] if person else [""] * 4


def _care(care: Care | None) -> Row:
    return [care.number, care.first, care.last, "; ".join(care.places)] if care else [""] * 4


def _day(moment: datetime | None) -> date | str:
    return clock.local(moment).date() if moment else ""


def _missing(one: Paid, people: People, care: dict[int | None, Care], year: int, city: City) -> str:
    """Name what is to complete or to decide: past the credit's age, only an infirmity makes a slip."""
    if one.payer_id is None:
        return NO_PAYER
    missing = tax_content.missing(one, people[one.payer_id], care.get(one.person_id))
    unfit = tax_ages.unfit(tax_ages.RL24, year, people.get(one.person_id), city)
    return " ".join([*missing, AGE] if unfit and unfit.key == Unfit.AGE_FOR_CARE else missing)


def _cancelled(receipts: list[TaxReceipt], partial: str, online: dict[int | None, datetime]) -> Iterator[Row]:
    """Yield what must be cancelled at Revenu Québec: receipts that nothing replaced."""
    replaced = {receipt.replaces_id for receipt in receipts}
    for receipt in receipts:
        if receipt.cancelled_at and receipt.id not in replaced:
            yield [
                "D", *_payer(receipt.payer), *_child(receipt.person), *_care(None), plain_amount(0), receipt.number, "",
                _day(online.get(receipt.payer_id)), partial, "",
            ]  # fmt: skip
