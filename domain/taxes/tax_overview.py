"""The room Reçus d'impôts / dons, for one year: a fixed number of queries, however much was paid."""

from dataclasses import dataclass, field
from datetime import datetime

from city import City
from domain.billing import invoices
from domain.common.facts import Fact
from domain.taxes import tax_ages, tax_amounts, tax_content, tax_receipts
from domain.taxes.tax_amounts import Care, Paid
from domain.taxes.tax_receipts import ListedTaxReceipt
from models import Account, Payment, Person, TaxReceipt


@dataclass
class Entry:
    """An amount of the room with its receipts, and what is missing for one. `gift` is the payment that was a gift.

    `unfit` tells why no receipt is given of it.
    """

    kind: str
    cents: int = 0
    gift: Payment | None = None
    missing: list[str] = field(default_factory=list)
    unfit: Fact | None = None
    receipts: list[ListedTaxReceipt] = field(default_factory=list)


@dataclass(frozen=True)
class Year:
    """A year's amounts, those for people by their names, and what the page must say beside them."""

    people: list[tuple[str, list[Entry]]]
    gifts: list[Entry]
    has_address: bool
    is_partial: bool
    known_from: datetime | None  # UTC
    without_payer_cents: int
    under_way: list[Payment]


def of_year(account: Account, year: int, city: City) -> Year:
    """Gather a year."""
    payer, households = account.person, account.household_ids()
    paid = tax_amounts.of_year(year, [payer.id])
    care = tax_amounts.care({one.person_id for one in paid if one.kind == TaxReceipt.CHILD_CARE}, year)
    entries = _entries(paid, payer, care, year, city)
    for one in tax_receipts.of_year(payer.id, year):
        kind = one.receipt.kind
        entries.setdefault((kind, one.receipt.subject), Entry(kind)).receipts.append(one)
    return Year(
        people=_by_person(entries),
        gifts=[entry for (kind, _), entry in entries.items() if kind == TaxReceipt.DONATION],
        has_address=payer.has_address,
        is_partial=tax_amounts.is_partial(year, city),
        known_from=tax_amounts.records_begin(),
        without_payer_cents=tax_amounts.without_payer_cents(households, year),
        under_way=invoices.payments_under_way(households),
    )


def _entries(
    paid: list[Paid], payer: Person, care: dict[int | None, Care], year: int, city: City
) -> dict[tuple[str, str], Entry]:
    """Return the amounts by kind and by whom or what they are for, as receipts name it."""
    given = Payment.select().where(Payment.id.in_([one.gift_id for one in paid]))
    gifts: dict[int | None, Payment] = {payment.id: payment for payment in given}
    known = Person.select().where(Person.id.in_([one.person_id for one in paid]))
    people: dict[int | None, Person] = {person.id: person for person in known}
    found = {}
    for one in paid:
        gift = gifts.get(one.gift_id)
        missing = tax_content.missing(one, payer, care.get(one.person_id))
        subject = gift.reference if gift else tax_content.subject_of(one.person_id)
        unfit = tax_ages.unfit(one.kind, year, people.get(one.person_id), city)
        found[one.kind, subject] = Entry(one.kind, one.cents, gift, missing, unfit)
    return found


def _by_person(entries: dict[tuple[str, str], Entry]) -> list[tuple[str, list[Entry]]]:
    """Group what was paid for people by person, with her name; nothing of gifts."""
    groups: dict[str, list[Entry]] = {}
    for (kind, subject), entry in sorted(entries.items()):
        if kind != TaxReceipt.DONATION:
            groups.setdefault(subject, []).append(entry)
    ids = [int(number) for subject in groups if (number := subject.removeprefix(tax_content.PERSON))]
    names = {tax_content.subject_of(one.id): one.name for one in Person.select().where(Person.id.in_(ids))}
    return sorted(((names.get(subject, ""), found) for subject, found in groups.items()), key=lambda group: group[0])
