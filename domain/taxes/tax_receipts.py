"""Numbered receipts for taxes, to the person who paid: for a year once it is over, for a gift as soon as it is paid.

One that what was paid does not bear out any more is cancelled, kept, and replaced by one that says so. Numbers never
come again. A receipt for child care is not an RL-24 and must never look like one.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from peewee import ModelSelect, fn

from city import City
from domain.common import alerts, clock, jobs, numbering, outbox
from domain.common.letters import Letters
from domain.people import household
from domain.taxes import consents, tax_ages, tax_amounts, tax_content
from domain.taxes.tax_content import Content, Printed
from models import (
    Account,
    Allocation,
    Counter,
    CreditAllocation,
    CreditNote,
    InvoiceLine,
    Payment,
    Person,
    TaxReceipt,
    write,
)

LETTERS = {TaxReceipt.CHILD_CARE: "G", TaxReceipt.ACTIVITY: "A", TaxReceipt.DONATION: "D"}
SEEN = "tax seen {}"  # up to which row of a table what was paid is on receipts
DAILY, UP_TO = "daily tax receipts", "tax receipts up to"  # the daily pass: its job, and how far it is today
AT_ONCE = 100  # of the rows, and of the people, looked at in one turn: other jobs must not wait


class NoSuchTaxReceipt(Exception):
    """Tried to see a tax receipt that does not exist or is another person's."""


@dataclass(frozen=True)
class TaxReceiptDocument:
    """All that a tax receipt's page prints. `printed` is what domain/taxes/tax_content.py wrote; moments are UTC."""

    city: City
    number: str
    kind: str
    year: int
    amount_cents: int
    printed: Printed
    issued_at: datetime
    cancelled_at: datetime | None
    replaces: str
    replaced_by: str

    @property
    def is_gift(self) -> bool:
        return self.kind == TaxReceipt.DONATION

    @property
    def is_child_care(self) -> bool:
        return self.kind == TaxReceipt.CHILD_CARE


def issue_due(letters: Letters, city: City, today: date) -> int:
    """Bring up to date the receipts of whoever something changed for since the last time; return of how many people.

    A part at a time: call it again and again.
    """
    touched, seen = _touched()
    lacking, up_to = _daily_part(city, today)
    payers = touched | lacking
    for payer_id in sorted(payers):
        _try(payer_id, letters, city, today)
    if seen | up_to:
        with write():
            for name, value in (seen | up_to).items():
                Counter.keep(name, value)
            if up_to.get(UP_TO) == 0:
                jobs.done(DAILY, today)
    return len(payers)


def _try(payer_id: int, letters: Letters, city: City, today: date) -> None:
    """Bring one person's receipts up to date; what is odd about hers does not hold up everyone's."""
    try:
        bring_up_to_date(payer_id, letters, city, today)
    except Exception as problem:
        with write():
            alerts.raise_alert(alerts.Kind.TAX_RECEIPTS, str(payer_id), person=payer_id, error=type(problem).__name__)


def _daily_part(city: City, today: date) -> tuple[set[int], dict[str, int]]:
    """Return the next people of the daily pass, and up to whom it is once they are done: 0 at its end."""
    if jobs.done_until(DAILY) == today:
        return set(), {}
    after = Counter.kept(UP_TO) or 0
    part = sorted(payer_id for payer_id in _lacking(city, today) if payer_id > after)[:AT_ONCE]
    if len(part) < AT_ONCE:
        return set(part), {UP_TO: 0}
    return set(part), {UP_TO: part[-1]}


def _touched() -> tuple[set[int], dict[str, int]]:
    """Return who paid, or was given back, something since the last time, and up to where that was looked at."""
    payers: set[int] = set()
    seen: dict[str, int] = {}
    for table, rows in (
        (Allocation, Allocation.select(Allocation.id, Payment.payer).join(Payment)),
        (CreditAllocation, CreditAllocation.select(CreditAllocation.id, Payment.payer).join(CreditNote).join(Payment)),
    ):
        name = SEEN.format(table._meta.table_name)
        found = list(
            rows.where(table.id > (Counter.kept(name) or 0)).order_by(table.id).limit(AT_ONCE).tuples().iterator()
        )
        payers |= {payer_id for _, payer_id in found if payer_id}
        if found:
            seen[name] = found[-1][0]
    return payers, seen


def _lacking(city: City, today: date) -> set[int]:
    """Return who may have a receipt to come: of the year that has just ended, or one that waited for something."""
    last_day = jobs.done_until(DAILY)
    since = tax_amounts.bounds(today.year - 1)[0]
    lately = Payment.select(Payment.payer).where(Payment.payer.is_null(False), Payment.resolved_at >= since).distinct()
    if last_day is None or last_day.year < today.year:
        return _ids(lately)
    acknowledged = TaxReceipt.select(TaxReceipt.subject).where(TaxReceipt.kind == TaxReceipt.DONATION)
    gifts = lately.join(Allocation).join(InvoiceLine).where(InvoiceLine.category == TaxReceipt.DONATION)
    lacking = TaxReceipt.select(TaxReceipt.payer).where(TaxReceipt.lacks != "", TaxReceipt.cancelled_at.is_null())
    young = [_of_age(lately, kind, today.year - 1, city) for kind in (TaxReceipt.ACTIVITY, TaxReceipt.CHILD_CARE)]
    return _ids(gifts.where(Payment.reference.not_in(acknowledged))) | _ids(lacking) | set().union(*young)


def _of_age(lately: "ModelSelect[Payment]", kind: str, year: int, city: City) -> set[int]:
    """Return who paid for a child of these ages and has no receipt: a birth date was wrong, or the year unknown."""
    ages = tax_ages.of(kind, year, city)
    if ages is None:
        return set()
    given = TaxReceipt.select().where(
        TaxReceipt.payer == Payment.payer,
        TaxReceipt.year == year,
        TaxReceipt.kind == kind,
        TaxReceipt.person == InvoiceLine.person,
    )
    paid = lately.join(Allocation).join(InvoiceLine).join(Person, on=InvoiceLine.person == Person.id)
    of_age = Person.birth_date.between(*ages.born(year)), Payment.resolved_at < tax_amounts.bounds(year)[1]
    return _ids(paid.where(InvoiceLine.category == kind, *of_age, ~fn.EXISTS(given)))


def _ids(rows: "ModelSelect[Payment] | ModelSelect[TaxReceipt]") -> set[int]:
    return set(rows.scalars())


def bring_up_to_date(payer_id: int, letters: Letters, city: City, today: date) -> None:
    """Issue, cancel and replace someone's receipts until the valid ones say what was paid; tell her of the new ones."""
    with write():
        payer = Person.get_by_id(payer_id)
        wanted = {(one.kind, one.year, one.subject): one for one in tax_content.of_payer(payer, city, today)}
        issued = []
        for receipt in list(TaxReceipt.select().where(TaxReceipt.payer == payer, TaxReceipt.cancelled_at.is_null())):
            one = wanted.pop((receipt.kind, receipt.year, receipt.subject), None)
            if one and (one.cents, one.lacks) == (receipt.amount_cents, receipt.lacks):
                continue
            TaxReceipt.update(cancelled_at=clock.now()).where(TaxReceipt.id == receipt.id).execute()
            issued += [_issue(payer, one, replaces=receipt)] if one and not one.unfit else []
        issued += [_issue(payer, one) for one in wanted.values() if not one.unfit]
        _tell(payer, issued, letters)


def _issue(payer: Person, content: Content, replaces: TaxReceipt | None = None) -> TaxReceipt:
    return TaxReceipt.create(
        number=numbering.take(LETTERS[content.kind], f"tax receipt {content.kind}"),
        kind=content.kind,
        year=content.year,
        payer=payer,
        subject=content.subject,
        person=content.person_id,
        amount_cents=content.cents,
        lacks=content.lacks,
        printed=json.dumps(content.printed, ensure_ascii=False),
        replaces=replaces,
    )


def _tell(payer: Person, issued: list[TaxReceipt], letters: Letters) -> None:
    account = Account.get_or_none(Account.person == payer)
    if issued and account and account.confirmed_email and consents.given_at(payer.id):
        outbox.write(account.confirmed_email, *letters.write("tax_receipts", account=account, receipts=issued))


@dataclass(frozen=True)
class ListedTaxReceipt:
    """A receipt where a year's stand, with the numbers of what replaced it and of what it replaces, if anything."""

    receipt: TaxReceipt
    replacement: str
    replaced_number: str


def of_year(payer_id: int, year: int) -> list[ListedTaxReceipt]:
    """Return someone's receipts of a year, cancelled ones too."""
    found = list(
        TaxReceipt.select().where(TaxReceipt.payer == payer_id, TaxReceipt.year == year).order_by(TaxReceipt.id)
    )
    by_replaced = {receipt.replaces_id: receipt.number for receipt in found}
    numbers: dict[int | None, str] = {receipt.id: receipt.number for receipt in found}
    return [ListedTaxReceipt(one, by_replaced.get(one.id, ""), numbers.get(one.replaces_id, "")) for one in found]


def find(number: str, payer_id: int) -> TaxReceipt:
    """Return one of someone's receipts.

    Raises: NoSuchTaxReceipt.
    """
    receipt = TaxReceipt.get_or_none(TaxReceipt.number == number, TaxReceipt.payer == payer_id)
    if receipt is None:
        raise NoSuchTaxReceipt(number)
    return receipt


def document(receipt: TaxReceipt, city: City) -> TaxReceiptDocument:
    """Gather what a receipt prints: what it said when it was issued, and what became of it since."""
    after = TaxReceipt.get_or_none(TaxReceipt.replaces == receipt)
    return TaxReceiptDocument(
        city=city,
        number=receipt.number,
        kind=receipt.kind,
        year=receipt.year,
        amount_cents=receipt.amount_cents,
        printed=json.loads(receipt.printed),
        issued_at=receipt.issued_at,
        cancelled_at=receipt.cancelled_at,
        replaces=receipt.replaces.number if receipt.replaces else "",
        replaced_by=after.number if after else "",
    )


def for_reader(receipt: TaxReceipt, account: Account, city: City) -> TaxReceiptDocument:
    """Gather what an account may print: the address only once it is verified whose the account is."""
    whole = document(receipt, city)
    return whole if household.reads_contacts(account) else replace(whole, printed=whole.printed | {"address": []})


def to_mail(year: int) -> list[TaxReceipt]:
    """Return a year's valid receipts of those who did not accept to receive them online."""
    valid = TaxReceipt.select().where(TaxReceipt.year == year, TaxReceipt.cancelled_at.is_null())
    online = consents.all_given()
    return [receipt for receipt in valid.order_by(TaxReceipt.id) if receipt.payer_id not in online]
