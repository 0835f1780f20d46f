"""An invoice is made one way: lines, taxes to the cent, ledger entries, and 0 $ is an invoice too."""

from datetime import date

import pytest
from peewee import IntegrityError

from domain.billing import issuing, ledger
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from models import Invoice, InvoiceLine, LedgerEntry, write
from tests.factories import make_household, make_person

ISSUED_ON, DUE_ON = date(2026, 11, 1), date(2026, 12, 1)


class Ear(Listener):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def settled(self, invoice: Invoice) -> None:
        assert not invoice.balance_cents
        self.heard.append(invoice.number)


def line(cents: int = 10_000, *, taxable: bool = False, account: str = "4100", **values) -> LineDraft:
    tax_code = InvoiceLine.TAXABLE if taxable else InvoiceLine.EXEMPT
    wanted = {"description": "Camp", "quantity_thousandths": 1_000, "category": "activity"} | values
    return LineDraft(unit_price_cents=cents, tax_code=tax_code, ledger_account=account, **wanted)


def draft(*lines: LineDraft, number: str = "F1", household: int = 0, status: str = Invoice.OPEN) -> issuing.Draft:
    return issuing.draft(number, household or make_household().id, ISSUED_ON, DUE_ON, lines, status)


def issue(*drafts: issuing.Draft) -> list[str]:
    ear = Ear()
    with write():
        issuing.issue(drafts, ear)
    return ear.heard


def balances() -> dict[str, int]:
    """Return debits less credits by account, those at nothing left out."""
    sums: dict[str, int] = {}
    for entry in LedgerEntry.select():
        sums[entry.account] = sums.get(entry.account, 0) + entry.debit_cents - entry.credit_cents
    return {account: cents for account, cents in sums.items() if cents}


def test_taxes_are_those_of_the_taxable_subtotal_shared_out_to_its_lines(db):
    made = draft(line(3_333, taxable=True), line(3_333, taxable=True), line(1_000))
    assert [made.values[name] for name in issuing.MONEY] == [7_666, 333, 665, 8_664]
    assert [(row["tps_cents"], row["tvq_cents"]) for row in made.lines] == [(167, 333), (166, 332), (0, 0)]


def test_a_quantity_and_a_rebate_count(db):
    made = draft(line(1_000, quantity_thousandths=2_500), line(-500))
    assert made.values["total_cents"] == 2_000


def test_what_is_issued_stands_in_invoice_lines_and_ledger(db):
    person = make_person()
    assert issue(draft(line(10_000, taxable=True, person=person.id), line(2_000, account="4200"))) == []
    invoice = Invoice.get()
    assert (invoice.total_cents, invoice.paid_cents, invoice.issued_on) == (13_498, 0, ISSUED_ON)
    assert [(one.position, one.person_id) for one in invoice.lines] == [(1, person.id), (2, None)]
    owed = {ledger.RECEIVABLE: 13_498, ledger.TPS: -500, ledger.TVQ: -998}
    assert balances() == owed | {"revenue 4100": -10_000, "revenue 4200": -2_000}


@pytest.mark.parametrize("lines", [[line(0)], [line(5_000), line(-5_000, account="4900")]])
def test_an_invoice_of_nothing_is_settled_as_it_is_issued(db, lines):
    assert issue(draft(*lines)) == ["F1"]
    assert Invoice.get().total_cents == 0


def test_one_that_is_cancelled_from_the_first_is_neither_owed_nor_settled(db):
    assert issue(draft(line(0), status=Invoice.CANCELLED), draft(line(), number="F2", status=Invoice.CANCELLED)) == []
    assert not LedgerEntry.select().exists()


def test_rebates_never_come_to_more_than_the_rest(db):
    with pytest.raises(issuing.NegativeTotal):
        draft(line(100), line(-101))


def test_many_are_written_in_few_statements(db, queries):
    home = make_household().id
    drafts = [draft(line(), line(), number=f"F{n}", household=home) for n in range(150)]
    with queries() as made:
        issue(*drafts)
    assert len(made) < 12
    assert Invoice.select().count() == 150


def test_a_number_is_given_once_and_nothing_of_the_second_is_kept(db):
    issue(draft(line()))
    with pytest.raises(IntegrityError):
        issue(draft(line(500), number="F0"), draft(line(7_000)))
    assert [invoice.total_cents for invoice in Invoice.select()] == [10_000]
    assert balances()[ledger.RECEIVABLE] == 10_000


def replace(new: issuing.Draft) -> list[str]:
    ear = Ear()
    with write():
        issuing.replace(Invoice.get(), new, ear)
    return ear.heard


def test_another_version_takes_the_first_back_in_the_books(db):
    issue(draft(line(10_000, taxable=True)))
    assert replace(draft(line(4_000, account="4200"), household=Invoice.get().household_id)) == []
    assert balances() == {ledger.RECEIVABLE: 4_000, "revenue 4200": -4_000}
    assert [one.net_cents for one in Invoice.get().lines] == [4_000]


def test_cancelled_it_is_owed_no_more_and_opened_again_it_is(db):
    issue(draft(line()))
    home = Invoice.get().household_id
    replace(draft(line(), household=home, status=Invoice.CANCELLED))
    assert balances() == {}
    replace(draft(line(), household=home))
    assert balances()[ledger.RECEIVABLE] == 10_000


def test_lowered_to_nothing_it_is_settled_once(db):
    issue(draft(line()))
    home = Invoice.get().household_id
    assert replace(draft(line(0), household=home)) == ["F1"]
    assert replace(draft(line(0, description="Camp de jour"), household=home)) == []
