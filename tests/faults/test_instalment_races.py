"""Two runs of the job, and the job with the resident at once: one charge. Without its guard, the same test sees two."""

import pytest

import models
from domain.common import clock
from domain.payments import checkout, instalments
from models import CardConsent, Instalment, Invoice, Payment
from tests.domain.payments.agreed import agree, is_today
from tests.factories import make_account, make_household, make_person, make_saved_card, pay_elsewhere
from tests.faults.test_races import at_once, open_payments

RUNS = 6


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
