"""A mother, her child, and what was paid for them in the years before."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from city import City, load_city
from domain.common import clock
from domain.payments import checkout, refunds
from domain.taxes import tax_receipts
from models import Payment, TaxReceipt
from tests.factories import make_account, make_household, make_invoice, make_person, pay_elsewhere

LAST_YEAR = clock.today().year - 1
THIS_YEAR = LAST_YEAR + 1

SHIPPED = "ages_known_until = 2026"


@pytest.fixture
def environment(environment, tmp_path):
    """The settings of a city that looked up the years of these tests, whichever they are run in."""
    file, shipped = tmp_path / "city.toml", Path("city.toml").read_text(encoding="utf-8")
    assert SHIPPED in shipped
    file.write_text(shipped.replace(SHIPPED, f"ages_known_until = {THIS_YEAR}"), encoding="utf-8")
    return environment | {"CITY_FILE": str(file)}


@pytest.fixture
def city(environment) -> City:
    """That city."""
    return load_city(Path(environment["CITY_FILE"]))


def knowing_until(city: City, year: int) -> City:
    """Return a city that looked up the ages of the credits until a year."""
    return replace(city, tax_receipts=replace(city.tax_receipts, ages_known_until=year))


@pytest.fixture
def member(app):
    """A mother with an account, in a household with her child."""
    household = make_household()
    person = make_person(household)
    child = make_person(household, first_name="Léa", birth_date=date(LAST_YEAR - 6, 5, 4))
    return SimpleNamespace(household=household, person=person, child=child, account=make_account(person))


def spring(year: int) -> datetime:
    """Return a moment (UTC) in March of a year."""
    return datetime(year, 3, 12, 17)


@pytest.fixture
def pays(member):
    """Return what has something paid at the counter by the member, in March of a year."""

    def paid(category: str, cents: int = 10_000, year: int = LAST_YEAR, **how) -> Payment:
        person = how.pop("person", member.child if category != "donation" else member.person)
        household, words = how.pop("household", member.household), how.pop("description", "Club été, semaine 3")
        how = {"payer": member.person, "resolved_at": spring(year)} | how
        line = {"category": category, "person": person, "description": words}
        return pay_elsewhere(
            (make_invoice(household, cents, issued_on=how["resolved_at"].date(), **line), cents), **how
        )

    return paid


@pytest.fixture
def issuing(app, city):
    """Return what the job does: bring the receipts up to date, as on a day."""

    def issue(today: date | None = None) -> list[TaxReceipt]:
        while tax_receipts.issue_due(app.extensions["portal"].letters, city, today or clock.today()):
            pass
        return list(TaxReceipt.select().order_by(TaxReceipt.id))

    return issue


@pytest.fixture
def charged(member, simulator, paying):
    """Return what has something paid online by the member, and settled."""

    def pay(category: str, cents: int) -> Payment:
        person = member.child if category == "child_care" else member.person
        invoice = make_invoice(member.household, cents, category=category, person=person)
        payment = checkout.create(member.account, [invoice.number], cents, "fake-valid-nonce")
        paying()
        simulator.ask("POST", "settle-all")
        return Payment.get_by_id(payment.id)

    return pay


def give_back(payment: Payment, cents: int, context) -> None:
    """Refund so much of a payment, at the gateway too."""
    refund = refunds.ask(payment, cents, refunds.left_cents(payment), "")
    refunds.advance(refund.id, context)
