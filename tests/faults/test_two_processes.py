"""Two processes learn the same thing at once, and it is written once. Without the guard each thinks it was first."""

import multiprocessing
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from threading import Thread

import psycopg2
import pytest

import models
from adapters.braintree.gateway import BraintreeGateway
from domain.billing.listener import Listener
from domain.common import lifecycle
from domain.payments import checkout, refund_booking, refunds
from domain.payments import lifecycle as payments
from domain.payments.context import Context
from domain.payments.gateway import Charge, GivenBack
from models import Allocation, Counter, CreditNote, Invoice, LedgerEntry, Payment, PaymentEvent, Receipt, Refund
from settings import load
from tests.databases import ON_POSTGRES
from tests.factories import make_account, make_household, make_invoice, make_person

SPAWN = multiprocessing.get_context("spawn")
CHARGE = Charge("found1", "", 10_000, "submitted_for_settlement", "Visa", "1111")


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


@pytest.fixture
def payment(app) -> Payment:
    """A payment that was sent, of which nobody knows yet what became."""
    home = make_household()
    invoice = make_invoice(home, 10_000)
    made = checkout.create(make_account(make_person(home)), [invoice.number], 10_000, "nonce")
    with models.write():
        payments.move(made, Payment.SUBMITTED, "submitted", "worker", submitted_at=made.created_at)
    return made


@pytest.fixture
def refund(payment, context) -> Refund:
    """A refund that was sent."""
    payments.resolve(payment, [CHARGE], context)
    asked = refunds.ask(Payment.get_by_id(payment.id), 4_000, 10_000, "absence")
    with models.write():
        lifecycle.move(asked, refund_booking.TRANSITIONS, Refund.SUBMITTED, submitted_at=asked.created_at)
    return asked


def settles(payment_id: int, context: Context, together: Callable) -> None:
    payment = Payment.get_by_id(payment_id)
    together()
    payments.resolve(payment, [CHARGE], context)


def books(refund_id: int, context: Context, together: Callable) -> None:
    refund = Refund.get_by_id(refund_id)
    together()
    refund_booking.book(refund, GivenBack("back1", voided=False), context.listener)


def moves_payment(payment_id: int, _context: Context, together: Callable) -> bool:
    payment = Payment.get_by_id(payment_id)
    together()
    with models.write():
        return payments.move(payment, Payment.PAID, "charged", "worker")


def moves_refund(refund_id: int, _context: Context, together: Callable) -> bool:
    refund = Refund.get_by_id(refund_id)
    together()
    with models.write():
        return lifecycle.move(refund, refund_booking.TRANSITIONS, Refund.DONE)


def moves_payment_whatever_it_is(payment_id: int, _context: Context, together: Callable) -> bool:
    """Write as `move` does, its condition left out."""
    together()
    with models.write():
        return bool(Payment.update(state=Payment.PAID).where(Payment.id == payment_id).execute())


def moves_refund_whatever_it_is(refund_id: int, _context: Context, together: Callable) -> bool:
    together()
    with models.write():
        return bool(Refund.update(state=Refund.DONE).where(Refund.id == refund_id).execute())


def one_of_two(environment: dict[str, str], barrier, told, act: Callable, key: int) -> None:
    """Be one of the processes: open the database, wait for the other at the last moment, act, tell what came of it."""
    settings = load(environment)
    models.open_database(settings.database_url)
    context = Context(BraintreeGateway(settings), Listener(), timedelta(seconds=1))
    try:
        told.put(act(key, context, barrier.wait))
    except Exception as problem:
        told.put(repr(problem))


def in_two_processes(environment: dict[str, str], act: Callable, key: int) -> list[object]:
    barrier, told = SPAWN.Barrier(2), SPAWN.Queue()
    both = [SPAWN.Process(target=one_of_two, args=(environment, barrier, told, act, key)) for _ in range(2)]
    for process in both:
        process.start()
    results = [told.get(timeout=60) for _ in both]
    for process in both:
        process.join()
    return results


def test_a_charge_found_by_two_is_booked_once(environment, payment):
    assert in_two_processes(environment, settles, payment.id) == [None, None]
    assert Invoice.get().balance_cents == 0
    assert [(event.name, event.to_state) for event in PaymentEvent.select()][-1] == ("charged", "paid")
    assert PaymentEvent.select().where(PaymentEvent.name == "charged").count() == 1
    assert (Receipt.select().count(), Allocation.select().count()) == (1, 1)
    assert LedgerEntry.select().where(LedgerEntry.posting == f"payment:{payment.reference}").count() == 2


def test_a_refund_found_by_two_is_booked_once(environment, refund):
    assert in_two_processes(environment, books, refund.id) == [None, None]
    assert [note.amount_cents for note in CreditNote.select()] == [4_000]
    assert PaymentEvent.select().where(PaymentEvent.name == "refunded").count() == 1
    assert Payment.get().refunded_cents == 4_000
    assert Invoice.get().credited_cents == 4_000


@pytest.mark.parametrize(("moves", "firsts"), [(moves_payment, 1), (moves_payment_whatever_it_is, 2)])
def test_of_two_that_move_a_payment_one_is_first(environment, payment, moves, firsts):
    assert in_two_processes(environment, moves, payment.id).count(True) == firsts


@pytest.mark.parametrize(("moves", "firsts"), [(moves_refund, 1), (moves_refund_whatever_it_is, 2)])
def test_of_two_that_move_a_refund_one_is_first(environment, refund, moves, firsts):
    assert in_two_processes(environment, moves, refund.id).count(True) == firsts


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite lets one writer in: nobody waits for another's row")
@pytest.mark.parametrize("table", ["payment", "invoice"])
def test_who_books_a_refund_takes_the_number_of_its_note_last(database_url, refund, context, table):
    """Others hold the payment, or the invoice, and want a number too: in two orders the database ended one of them."""
    Counter.keep("credit note", 0)
    with closing(psycopg2.connect(database_url)) as other, other.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} FOR UPDATE")  # noqa: S608
        books = Thread(target=refund_booking.book, args=(refund, GivenBack("back1", voided=False), context.listener))
        books.start()
        while not waiting(cursor):
            time.sleep(0.01)
        cursor.execute("SET LOCAL lock_timeout = '500ms'; UPDATE counter SET value = value WHERE name = 'credit note'")
        other.commit()
        books.join()
    assert CreditNote.get().amount_cents == 4_000


def waiting(cursor) -> bool:
    """Tell whether somebody waits for a row in this database."""
    cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
    return cursor.fetchone() is not None
