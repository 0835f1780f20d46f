"""Races in pairs: the guard on, nothing happens twice; the guard off, the same test sees it happen."""

import threading
from collections.abc import Callable
from time import sleep

import pytest
from commands.worker.leases import ProcessLock

import models
from commands.worker.dispatcher import PaymentWorker
from domain.payments import checkout, refunds
from models import Invoice, Payment, PaymentEvent, PaymentInvoice
from settings import load
from tests.factories import make_account, make_household, make_invoice, make_person

ADULTS = 6


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


@pytest.fixture
def household(app):
    return make_household()


@pytest.fixture
def adults(household):
    return [make_account(make_person(household)) for _ in range(ADULTS)]


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """Do all at the same instant, each on a connection of its own; return what each returned or raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = acts[place]()
        except Exception as problem:
            results[place] = problem
        finally:
            models.database.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def open_payments(invoice: Invoice) -> int:
    return PaymentInvoice.select().where(PaymentInvoice.invoice == invoice, PaymentInvoice.is_open).count()


def test_adults_pressing_at_once_make_one_payment(household, adults):
    for _ in range(10):
        invoice = make_invoice(household)
        results = at_once([lambda a=a, n=invoice.number: checkout.create(a, [n], 10_000, "nonce") for a in adults])
        assert sum(isinstance(result, Payment) for result in results) == 1
        assert sum(isinstance(result, checkout.AlreadyUnderWay) for result in results) == ADULTS - 1
        assert open_payments(invoice) == 1


def test_without_the_write_lock_the_index_alone_still_holds(household, adults):
    invoice = make_invoice(household)
    results = at_once([lambda a=a: unserialised(a, invoice) for a in adults])
    assert open_payments(invoice) == 1
    assert sum(isinstance(result, Payment) for result in results) == 1


def test_without_the_lock_and_the_index_the_race_is_real(household, adults):
    models.database.execute_sql("DROP INDEX one_open_payment")
    doubles = 0
    for _ in range(20):
        invoice = make_invoice(household)
        at_once([lambda a=a, i=invoice: unserialised(a, i) for a in adults])
        doubles += open_payments(invoice) > 1
    assert doubles


def unserialised(account: models.Account, invoice: Invoice) -> Payment:
    """Commit a payment statement by statement, as it would be without `write`."""
    return checkout._create(account, account.household_ids(), [invoice.number], 10_000, "nonce")


def test_refunds_asked_at_once_give_back_once(household, adults, paying):
    invoice = make_invoice(household)
    payment = checkout.create(adults[0], [invoice.number], 10_000, "fake-valid-nonce")
    paying()
    payment = Payment.get_by_id(payment.id)
    results = at_once([lambda: refunds.ask(payment, 6_000, 10_000, "absence") for _ in range(ADULTS)])
    assert sum(isinstance(result, refunds.LeftChanged) for result in results) == ADULTS - 1
    assert Payment.get_by_id(payment.id).refunded_cents == 6_000


@pytest.mark.parametrize(("locks", "misjudged"), [("one", False), ("two", True)])
def test_two_workers(app, environment, simulator, gateway, household, adults, tmp_path, locks, misjudged):
    """One lock: one process works. Two locks: each takes the other's charge for abandoned, yet charges once."""
    simulator.breaks("sale", "slow", seconds=1)
    invoice = make_invoice(household)
    files = ["a.lock", "a.lock" if locks == "one" else "b.lock"]
    workers = [worker(app, environment, gateway, ProcessLock(tmp_path / file)) for file in files]
    for each in workers:
        each.start()
    checkout.create(adults[0], [invoice.number], 10_000, "fake-valid-nonce")
    wait_until_paid()
    for each in workers:
        each.stop()
    sleep(0.6)
    assert len(simulator.transactions()) == 1
    assert PaymentEvent.select().where(PaymentEvent.to_state == "unknown").exists() is misjudged
    assert Invoice.get_by_id(invoice.id).balance_cents == 0


def worker(app, environment, gateway, lock) -> PaymentWorker:
    portal = app.extensions["portal"]
    return PaymentWorker(load(environment), gateway, portal.tokens, portal.letters, portal.worker.mailer, lock)


def wait_until_paid() -> None:
    for _ in range(200):
        if Payment.get().state == "paid":
            return
        sleep(0.05)
