"""A town goes out by `flask export` and comes into a new database by `flask import`, to the cent, and out again."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import models
from app import create_app
from commands.import_kinds import KINDS
from demo.city import __main__ as demo
from domain.access import separation
from domain.billing import overpayments
from domain.billing.issuing import LineDraft
from domain.common import numbering
from domain.payments import refunds
from models import (
    Household,
    HouseholdCredit,
    Invoice,
    InvoiceLine,
    Membership,
    Overpayment,
    Payment,
    Person,
    Place,
    Registration,
    Reservation,
    write,
)
from settings import load
from tests.commands.rows import card, everything, line, payment
from tests.conftest import books_agree
from tests.factories import make_group, make_invoice, make_invoice_of, make_price, make_registration, take_back
from tests.registering.family import child_of
from tests.server import ROOT

ORDER = ("cards", "invoices", "payments", "places", "activities", "prices", "registrations", "reservations")


@pytest.fixture
def town(flask, brings, citizen, paying, simulator, gateway, context, tmp_path, app) -> None:
    """The invented city, and what people, staff and files did there since."""
    subprocess.run([sys.executable, "-m", "demo.city", tmp_path], check=True, capture_output=True, cwd=ROOT)
    for kind in demo.TABLES:
        assert flask("import", kind, tmp_path / f"{kind}.csv").exit_code == 0
    registers_with_an_option_and_pays(citizen, paying)
    is_refunded_and_reversed(citizen, paying, simulator, context)
    pays_twice_and_has_credits(brings)
    a_household_separates(app)
    with write():
        left = Household.create(code="VIDE")  # the file moved its last person; its invoice stays
    make_invoice(left, 1_234, taxable=True)


def registers_with_an_option_and_pays(citizen, paying) -> None:
    """A place by instalments with child care, taxable; others confirmed, waiting and cancelled."""
    lea, tom = child_of(citizen, first_name="Léa", phone="+33 1 70 18 99 00"), child_of(citizen, 6, first_name="=Tom")
    group = make_group(
        age_min=4,
        age_max=11,
        program="tennis-ete",
        instalments="trois",
        tax_code="taxable",
        ledger_account="tennis",
        price_cents=9_999,
    )
    make_price("tennis-ete", 3_333, option="garde", label="Service de garde")
    citizen.joins()
    citizen.post(f"/inscription/{group.code}", person=[lea.id], option="garde")
    [total] = re.findall(r'data-total-cents="(\d+)"', citizen.client.get_page("/panier"))
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=total)
    first = Invoice.select().where(Invoice.household == citizen.household).order_by(Invoice.due_on).first()
    citizen.pays(first)
    paying()
    make_registration(tom, group, status=Registration.WAITING, rank=1, option="garde")
    make_registration(citizen.person, group, status=Registration.CANCELLED)


def is_refunded_and_reversed(citizen, paying, simulator, context) -> None:
    """A payment of two invoices, refunded in part; one that the bank took back; one refunded whole."""
    two = make_invoice(citizen.household, 10_000, taxable=True, person=citizen.person), make_invoice(citizen.household)
    citizen.pays(*two)
    paying()
    simulator.ask("POST", "settle-all")
    both = Payment.select().order_by(Payment.id.desc()).first()
    refunds.advance(refunds.ask(both, 5_001, both.amount_cents, "absence").id, context)
    citizen.pays(make_invoice(citizen.household, 2_500))
    paying()
    take_back(Payment.select().order_by(Payment.id.desc()).first(), 2_500, owed_again=True)
    citizen.pays(make_invoice(citizen.household, 3_700))
    paying()
    simulator.ask("POST", "settle-all")
    whole = Payment.select().order_by(Payment.id.desc()).first()
    refunds.advance(refunds.ask(whole, 3_700, 3_700, "annulation").id, context)


def pays_twice_and_has_credits(brings) -> None:
    """Money owed back, some of it returned by a person, some by a file; credits used, and one that waits."""
    brings("cards", [card(70, household="D70"), card(71, household="D71", first_name="Min")])
    brings("invoices", [line("F70", household="D70", tax_code="taxable"), line("F71", household="D71")])
    brings("payments", [payment("C70", invoice_number="F70", amount="114.98", payer="QMAGB00000070")])
    brings("payments", [payment("C71", invoice_number="F70", amount="114.98", payer="QMAGB00000070")])
    brings("payments", [payment("C72", invoice_number="F70", amount="20.00", method="cheque")])
    brings("payments", [payment("C73", invoice_number="F71", amount="60.00", paid_on="2026-11-20")])
    brings("payments", [payment("C74", invoice_number="F71", amount="-10.00")])
    over = Overpayment.get(Overpayment.amount_cents == 2_000)
    with write():
        assert overpayments.give_back(over, 2_000, "cheque", by="agente")
    of_credits = {"N70": ("D70", "-30.00"), "N71": ("D71", "-55")}
    brings("invoices", [line(n, household=home, unit_price=price) for n, (home, price) in of_credits.items()])
    brings("invoices", [line("F72", household="D70", unit_price="21.00", due_on="2026-11-15")])
    brings("invoices", [line("F73", household="D70", unit_price="50.00", due_on="2026-11-14")])
    brings("payments", [payment("C75", invoice_number="F73", amount="50.00")])
    assert HouseholdCredit.get(HouseholdCredit.number == "N71").left_cents > 0


def a_household_separates(app) -> None:
    """Two of a household go to one of their own; its invoices, and a line of who went, stay."""
    one = Membership.select().join(Household).join(Invoice).where(Household.code.startswith("D")).first()
    people = list(Person.select().join(Membership).where(Membership.household == one.household))
    make_invoice(one.household, 4_321, person=people[0])
    portal = app.extensions["portal"]
    if len(people) > 1:
        separation.split(people[:1], people[1:2] if len(people) > 2 else [], portal.letters, portal.city)


def standing() -> dict[str, list]:
    """Return what a town would compare: balances of each household, invoices by line, registrations, all by name."""
    owed = overpayments.owed_by_invoice(list(Invoice.select(Invoice.id).scalars()))
    left = {credit.number: (credit.household.code, credit.left_cents) for credit in HouseholdCredit.select()}
    balances: dict[str, int] = {}
    for one in Invoice.select():
        code = one.household.code
        balances[code] = balances.get(code, 0) + one.balance_cents - owed.get(one.id, 0)
    invoices = {
        one.number: (one.household.code, one.status, one.issued_on, one.due_on, one.subtotal_cents, one.tps_cents,
                     one.tvq_cents, one.total_cents, one.paid_cents, one.credited_cents, owed.get(one.id, 0))
        for one in Invoice.select()
    }  # fmt: skip
    lines = [
        (row.invoice.number, row.position, row.person and row.person.card_number, row.description, row.net_cents,
         row.quantity_thousandths, row.tps_cents, row.tvq_cents, row.category, row.tax_code, row.ledger_account)
        for row in InvoiceLine.select()
    ]  # fmt: skip
    registrations = [
        (row.code, row.activity.code, row.person.card_number, row.status, row.registered_on, row.option, row.rank,
         row.invoice_number)
        for row in Registration.select()
    ]  # fmt: skip
    homes = [(row.household.code, row.person.card_number, row.person.phone, row.person.first_name)
             for row in Membership.select()]  # fmt: skip
    return {
        "balances": sorted(balances.items()),
        "credits": sorted(left.items()),
        "invoices": sorted(invoices.items()),
        "lines": sorted(lines, key=str),
        "registrations": sorted(registrations, key=str),
        "homes": sorted(homes),
        "counted": [Place.select().count(), Reservation.select().count(), Person.select().count()],
    }


@pytest.fixture
def out(tmp_path) -> Callable[[Callable[..., Result], str], Path]:
    """Return what writes every kind to a folder of this name."""

    def write_all(flask: Callable[..., Result], name: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for kind in ORDER:
            result = flask("export", kind, folder / f"{kind}.csv")
            assert result.exit_code == 0, (kind, result.output, result.exception)
        return folder

    return write_all


@pytest.fixture
def elsewhere(databases, environment, tmp_path):
    """Return what opens a new, empty database, and gives what runs `flask` on it."""
    folder = tmp_path / "elsewhere"

    def open_new() -> Callable[..., Result]:
        folder.mkdir()
        models.database.close()
        second = create_app(load(environment | {"DATABASE_URL": databases.copy(folder, "second")}))
        models.database.connect(reuse_if_open=True)
        runner = second.test_cli_runner()
        return lambda *words: runner.invoke(args=[str(word) for word in words])

    yield open_new
    models.database.close()
    models.database.obj.close_all()
    models.open_database(environment["DATABASE_URL"])
    databases.forget(folder)


def comes_in(flask: Callable[..., Result], folder: Path) -> None:
    for kind in ORDER:
        result = flask("import", kind, folder / f"{kind}.csv", "--from-portal")
        assert result.exit_code == 0, (kind, result.output, result.exception)
        assert ", 0 laissé(s)" in result.output, (kind, result.output)


def test_every_kind_that_import_reads_goes_out(flask, tmp_path):
    assert set(ORDER) == set(KINDS)
    for kind in KINDS:
        assert flask("export", kind, tmp_path / f"{kind}.csv").exit_code == 0


def test_a_town_goes_out_and_comes_in_to_the_cent_and_goes_out_the_same(town, flask, out, elsewhere):
    before, first = standing(), out(flask, "first")
    books_agree()
    there = elsewhere()
    comes_in(there, first)
    after = standing()
    for name, rows in before.items():
        assert after[name] == rows, name
    second = out(there, "second")
    for kind in ORDER:
        assert (second / f"{kind}.csv").read_bytes() == (first / f"{kind}.csv").read_bytes(), kind


def test_read_again_where_it_came_from_it_changes_nothing(town, flask, out):
    folder, before = out(flask, "again"), everything()
    for kind in ORDER:
        result = flask("import", kind, folder / f"{kind}.csv")
        assert (result.exit_code, ", 0 laissé(s)" in result.output) == (0, True), (kind, result.output)
        assert result.output.splitlines()[-1].startswith("0 créé(s), 0 modifié(s)"), (kind, result.output)
    after, may = everything(), {"Counter", "ImportRun", "LocalChange"}  # how long the files were
    assert {name: rows for name, rows in after.items() if name not in may} == {
        name: rows for name, rows in before.items() if name not in may
    }


def test_what_a_new_portal_numbers_is_nobodys_number_of_before(town, flask, out, elsewhere):
    folder = out(flask, "numbers")
    there = elsewhere()
    comes_in(there, folder)
    before = set(Household.select(Household.code).scalars())
    with write():
        assert numbering.own_code("household") not in before
        assert len(numbering.own_code("household")) > len("P-000001")


def test_where_somebody_has_an_account_another_portals_files_are_refused(flask, citizen, tmp_path):
    flask("export", "places", tmp_path / "places.csv")
    citizen.joins()
    result = flask("import", "places", tmp_path / "places.csv", "--from-portal")
    assert (result.exit_code, "base neuve" in result.output or "il en faut une neuve" in result.output) == (1, True)


def test_a_line_that_nobody_gave_a_ledger_account_goes_out_and_comes_in(flask, citizen, out, elsewhere):
    bare = LineDraft("Tennis", 1_000, 5_000, InvoiceLine.TAXABLE, "activity", "", citizen.person.id)
    make_invoice_of(citizen.household, [bare])
    before, folder = standing(), out(flask, "bare")
    comes_in(elsewhere(), folder)
    assert standing() == before


def test_a_file_for_its_owner_alone(flask, brings, tmp_path):
    brings("cards", [card()])
    flask("export", "cards", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600


def test_payments_of_days_want_both_ends(flask, tmp_path):
    assert flask("export", "payments", tmp_path / "x.csv", "--from", "2026-01-01").exit_code != 0
    assert not (tmp_path / "x.csv").exists()
