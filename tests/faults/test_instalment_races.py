"""Two runs of the job, and the job with the resident at once: one charge. Without its guard, the same test sees two."""

import json

import pytest

import models
from domain.activities import partner_invoices
from domain.billing import issuing
from domain.billing.listener import Listener
from domain.common import clock
from domain.payments import checkout, instalments
from models import CardConsent, Instalment, Invoice, Payment, PlannedInvoice
from tests.domain.payments.agreed import agree, is_today
from tests.factories import make_account, make_contract, make_household, make_person, make_saved_card, pay_elsewhere
from tests.faults.test_races import at_once, open_payments

RUNS = 6
LINE = {"position": 1, "description": "Danse", "quantity_thousandths": 1_000, "unit_price_cents": 10_000}
LINE |= {"net_cents": 10_000, "tps_cents": 0, "tvq_cents": 0, "tax_code": "exempt", "category": "activity"}
LINES = json.dumps([LINE | {"ledger_account": "4100", "person": None, "option": ""}])


@pytest.fixture
def home(app):
    return make_household()


@pytest.fixture
def account(home):
    address = {"email": "g@example.org", "email_key": "g@example.org", "email_confirmed_at": clock.now()}
    return make_account(make_person(home), **address)


@pytest.fixture
def letters(app):
    return app.extensions["portal"].letters


def due(account, home) -> Instalment:
    """Return an announced instalment whose day is today."""
    consent, [first, *_later] = agree(account, home)
    pay_elsewhere((first, 5_000))
    CardConsent.update(card=make_saved_card(account)).where(CardConsent.id == consent.id).execute()
    found = Instalment.select().where(Instalment.consent == consent).order_by(Instalment.id).first()
    return is_today(found, state=Instalment.ANNOUNCED)


def payments_of(invoice: Invoice) -> int:
    return Payment.select().join(models.PaymentInvoice).where(models.PaymentInvoice.invoice == invoice).count()


def test_runs_at_once_charge_once(account, home, letters):
    for _ in range(5):
        planned = due(account, home)
        results = at_once([lambda: instalments.run(letters, clock.today())] * RUNS)
        assert sum(results) == 1
        assert payments_of(planned.invoice) == 1
        assert Instalment.get_by_id(planned.id).tries == 1


def test_the_resident_and_the_job_at_once_are_one_payment(account, home, letters):
    for _ in range(10):
        planned = due(account, home)
        number = planned.invoice.number
        acts = [lambda n=number: checkout.create(account, [n], 2_500, "nonce", proven=True), lambda: _job(letters)]
        by_her, by_job = at_once(acts)
        assert isinstance(by_her, Payment) != bool(by_job)
        assert isinstance(by_her, Payment | checkout.AlreadyUnderWay)
        assert open_payments(planned.invoice) == 1


def _job(letters) -> int:
    return instalments.run(letters, clock.today())


def test_without_the_lock_the_move_and_the_index_the_race_is_real(account, home):
    models.database.execute_sql("DROP INDEX one_open_payment")
    doubles = 0
    for _ in range(20):
        planned = due(account, home)
        at_once([lambda key=planned.id: unguarded(key)] * RUNS)
        doubles += payments_of(planned.invoice) > 1
    assert doubles


def unguarded(key: int) -> None:
    """Charge an instalment as the job would without its lock and its conditional change of state."""
    planned = Instalment.get_by_id(key)
    if planned.state == Instalment.ANNOUNCED:
        account = planned.consent.account
        checkout._create(account, account.household_ids(), [planned.invoice.number], 2_500, "")
        Instalment.update(state=Instalment.CHARGING).where(Instalment.id == key).execute()


def test_runs_at_once_issue_an_invoice_of_a_contract_once(account, home):
    for _ in range(5):
        contract = make_contract(account.person, home)
        PlannedInvoice.update(due_on=clock.today(), lines=LINES).where(PlannedInvoice.contract == contract).execute()
        before = Invoice.select().count()
        results = at_once([lambda: partner_invoices.issue_due(Listener(), clock.today())] * RUNS)
        assert sum(results) == 1
        assert Invoice.select().count() == before + 1


def test_without_the_conditional_change_two_are_issued(account, home):
    doubles = 0
    for _ in range(20):
        planned = make_contract(account.person, home).planned.get()
        PlannedInvoice.update(lines=LINES).where(PlannedInvoice.id == planned.id).execute()
        before = Invoice.select().count()
        at_once([lambda key=planned.id: issued_unguarded(key)] * RUNS)
        doubles += Invoice.select().count() > before + 1
    assert doubles


def issued_unguarded(key: int) -> None:
    """Issue an invoice of a contract as the job would without its conditional change of state."""
    planned = PlannedInvoice.get_by_id(key)
    if planned.state == PlannedInvoice.PLANNED:
        with models.write():
            draft = partner_invoices._draft(planned, json.loads(planned.lines), clock.today())
            issuing.write_all([draft])
            PlannedInvoice.update(state=PlannedInvoice.ISSUED).where(PlannedInvoice.id == key).execute()
