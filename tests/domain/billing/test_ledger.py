"""The ledger: double entries that balance, in a table that the database itself does not let change."""

import pytest
from peewee import IntegrityError, PeeweeException

import models
from commands import schema
from domain.billing import ledger
from domain.common.money import Amounts
from models import Invoice, LedgerEntry, PaymentEvent
from tests.databases import ON_POSTGRES
from tests.factories import make_household, make_invoice

SAME_ENTRY = (
    "INTO ledger_entry (id, posting, at, account, debit_cents, credit_cents)"
    " VALUES (1, 'x', '2026-01-01 00:00:00', 'cash', 1, 0)"
)
CHANGES = [
    "UPDATE ledger_entry SET debit_cents = debit_cents + 1",
    "UPDATE ledger_entry SET account = 'cash'",
    "DELETE FROM ledger_entry",
    "DELETE FROM ledger_entry WHERE id = 1",
    f"INSERT {SAME_ENTRY} ON CONFLICT (id) DO UPDATE SET debit_cents = 0",
    *(["TRUNCATE ledger_entry"] if ON_POSTGRES else [f"REPLACE {SAME_ENTRY}", f"INSERT OR REPLACE {SAME_ENTRY}"]),
]


@pytest.fixture
def invoice(db):
    return make_invoice(make_household(), 10_000, taxable=True)


@pytest.mark.parametrize("steps_ran_again", [False, True])
@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_every_change(invoice, change, steps_ran_again):
    if steps_ran_again:
        schema.upgrade()
    before = list(LedgerEntry.select().dicts())
    with pytest.raises(PeeweeException, match="append-only"):
        models.database.execute_sql(change)
    assert list(LedgerEntry.select().dicts()) == before


def test_a_step_that_rebuilds_the_table_gets_its_guards_back(invoice):
    models.database.execute_sql("ALTER TABLE ledger_entry RENAME TO old")
    models.database.execute_sql("CREATE TABLE ledger_entry AS SELECT * FROM old")
    models.database.execute_sql("DROP TABLE old")
    schema.upgrade()
    with pytest.raises(PeeweeException, match="append-only"):
        models.database.execute_sql("DELETE FROM ledger_entry")


@pytest.mark.parametrize("change", ["UPDATE payment_event SET words = ''", "DELETE FROM payment_event"])
def test_a_payments_events_are_kept_too(citizen, change):
    citizen.joins()
    citizen.pays(make_invoice(citizen.household))
    with pytest.raises(PeeweeException, match="append-only"):
        models.database.execute_sql(change)
    assert PaymentEvent.select().count() == 1


@pytest.mark.parametrize(("debit", "credit"), [(1, 1), (0, 0), (-1, 0)])
def test_an_entry_is_a_debit_or_a_credit(db, debit, credit):
    with pytest.raises(IntegrityError):
        LedgerEntry.create(posting="x", account="cash", debit_cents=debit, credit_cents=credit)


def test_what_does_not_balance_is_not_posted(db):
    with pytest.raises(ledger.Unbalanced):
        ledger.post([ledger.Entry("x", "cash", 100), ledger.Entry("x", "receivable", -99)])
    assert not LedgerEntry.select().exists()


def test_an_invoice_is_owed_earned_and_taxed(invoice):
    entries = {entry.account: entry.debit_cents - entry.credit_cents for entry in LedgerEntry.select()}
    assert entries == {"receivable": 11_498, "revenue 4100": -10_000, "tps": -500, "tvq": -998}
    assert ledger.receivable_cents(invoice.id) == 11_498


def test_taken_back_it_leaves_nothing(invoice):
    ledger.post(
        ledger.issued(invoice.id, Amounts(10_000, 500, 998, 11_498), [("4100", 10_000)], posting="undo", sign=-1)
    )
    Invoice.update(status=Invoice.CANCELLED).execute()
    assert ledger.receivable_cents(invoice.id) == 0
    assert ledger.imbalance_cents() == 0
