"""Races in pairs: the guard on, nothing happens twice; the guard off, the same test sees it happen."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest

import models
from adapters import csv_files
from city import load_city
from commands.import_kinds import invoice_columns, payment_columns
from commands.worker.dispatcher import PaymentWorker
from commands.worker.leases import ProcessLock
from domain.billing.listener import Listener
from domain.imports import invoices, payments
from domain.imports.outcome import Outcome
from domain.payments import card_tries, checkout, refunds
from domain.staff import accounts
from models import CardTry, Invoice, Payment, PaymentEvent, PaymentInvoice, StaffAccount, StaffRole
from settings import LIMITS, load
from tests.commands.rows import line, payment, table
from tests.databases import ON_POSTGRES, held
from tests.factories import make_account, make_household, make_invoice, make_person, make_staff
from tests.imports import FILE_IS_MASTER, told

ADULTS = 6
BURST = 16
UNPROVEN, SEATS = LIMITS["cards refused: proof"].most, LIMITS["cards refused: closed"].most


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
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        return alone(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def alone(act: Callable[[], object]) -> object:
    """Do something on this thread's own connection; return what it returned or raised."""
    try:
        return act()
    except Exception as problem:
        return problem
    finally:
        models.database.close()


def open_payments(invoice: Invoice) -> int:
    return PaymentInvoice.select().where(PaymentInvoice.invoice == invoice, PaymentInvoice.is_open).count()


def test_adults_pressing_at_once_make_one_payment(household, adults):
    for _ in range(10):
        CardTry.delete().execute()  # nobody charges what is under way here: test_cards_at_once_take_a_seat_each counts
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


@pytest.mark.parametrize(("proven", "seats"), [(False, UNPROVEN), (True, SEATS)])
def test_cards_at_once_take_a_seat_each_and_no_more(household, adults, proven, seats):
    """A burst of cards tried on as many invoices: as many go to the bank as one after another would."""
    numbers = [make_invoice(household).number for _ in range(BURST)]
    create = partial(checkout.create, adults[0], seen_cents=10_000, nonce="nonce", proven=proven)
    results = at_once([partial(create, numbers=[number]) for number in numbers])
    assert sum(isinstance(result, Payment) for result in results) == Payment.select().count() == seats
    assert sum(isinstance(result, card_tries.NotNow) for result in results) == BURST - seats


@pytest.mark.parametrize("is_kept", [True, False])
def test_without_the_write_lock_the_seats_alone_still_hold(app, is_kept):
    """As several processes would; without the index, the same test sees too many seated."""
    if not is_kept:
        models.database.execute_sql("DROP INDEX card_try_place_seat")
    too_many = 0
    for account in range(1, 21):
        where = card_tries.places("", account)
        results = at_once([partial(card_tries.note, where, f"P{account}-{n}") for n in range(BURST)])
        assert {type(result) for result in results} <= {type(None), card_tries.ProofWanted}
        too_many += CardTry.select().where(CardTry.place == where.narrow[0]).count() > UNPROVEN
    assert bool(too_many) is not is_kept


def cancelled(folder: Path, invoice: Invoice) -> Outcome:
    """Bring in a file that cancels an invoice, as another process would: without this one's write lock."""
    rows = [line(invoice.number, household=invoice.household.code, status="cancelled")]
    return imported(folder, rows, invoice_columns, told(invoices.plan, Listener()))


def paid_elsewhere(folder: Path, invoice: Invoice) -> Outcome:
    """Bring in a file that says an invoice was paid at the counter, as another process would."""
    rows = [payment(invoice_number=invoice.number, amount="100.00")]
    return imported(folder, rows, payment_columns, told(payments.plan, Listener()))


def imported(folder: Path, rows: list[dict], columns: Callable, plan: Callable) -> Outcome:
    file = folder / "import.csv"
    file.write_text(table(rows))
    with models.database.atomic():
        planned = plan(csv_files.read(file, columns(load_city(Path("city.toml")))).rows, FILE_IS_MASTER)
        for change in planned.changes:
            change(planned.outcome)
        return planned.outcome


def guarded(account: models.Account, invoice: Invoice) -> Payment:
    return checkout.create(account, [invoice.number], 10_000, "nonce")


def unguarded(account: models.Account, invoice: Invoice) -> Payment:
    """Commit a payment of an invoice that nobody is kept from changing meanwhile."""
    with models.database.atomic():
        return unserialised(account, invoice)


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time, whatever its process")
@pytest.mark.parametrize(("commits", "both"), [(guarded, False), (unguarded, True)])
@pytest.mark.parametrize(("brings", "stops_at"), [(cancelled, models.InvoiceLine), (paid_elsewhere, models.Allocation)])
@pytest.mark.parametrize("import_first", [True, False])
def test_an_import_and_a_checkout(
    database_url, household, adults, tmp_path, commits, both, brings, stops_at, import_first
):
    """Whichever is first, the other one sees it; with a checkout that holds no invoice, both go through."""
    invoice = make_invoice(household)
    acts = [lambda: brings(tmp_path, invoice), lambda: commits(adults[0], invoice)]
    if import_first:
        outcome, pays = overlapping(database_url, acts, stops_at)
        assert isinstance(pays, Payment if both else checkout.NothingDue)
        assert not outcome.left_alone
    else:
        pays, outcome = overlapping(database_url, acts[::-1], models.Payment)
        assert isinstance(pays, Payment)
        assert bool(outcome.left_alone) is not both
    owed = Invoice.get_by_id(invoice.id).balance_cents
    assert (open_payments(invoice) and not owed) == both


def overlapping(url: str, acts: list[Callable[[], object]], stops_at: type[models.Table]) -> list[object]:
    """Do the first until it would write to a table, then the second as far as it gets, and let both end."""
    with ThreadPoolExecutor(len(acts)) as pool:
        with held(url, stops_at):
            first = pool.submit(alone, acts[0])
            wait_until(lambda: waiting() == 1)
            second = pool.submit(alone, acts[1])
            wait_until(lambda: waiting() == 2 or second.done())
        return [first.result(), second.result()]


def waiting() -> int:
    """Return how many wait for somebody else to end in the database."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return models.database.execute_sql(asked).fetchone()[0]


def wait_until(true: Callable[[], bool]) -> None:
    until = monotonic() + 10
    while not true():
        assert monotonic() < until
        sleep(0.01)


def test_two_admins_taking_each_others_role_leave_one(app):
    for number in range(10):
        names = [f"une{number}", f"autre{number}"]
        first, second = (make_staff(name, StaffRole.ADMIN) for name in names)
        results = at_once(
            [
                lambda a=first, b=second: accounts.change_roles(b.username, "counter", by=a),
                lambda a=second, b=first: accounts.change_roles(b.username, "counter", by=a),
            ]
        )
        assert sorted(map(type, results), key=str) == sorted([type(None), accounts.LastAdmin], key=str)
        assert StaffRole.delete().where(StaffRole.role == StaffRole.ADMIN).execute() == 1


def demoted(username: str) -> None:
    """Take a role as another process would: without this one's write lock."""
    with models.database.atomic():
        accounts._set_roles(username, [StaffRole.COUNTER], None)


def demoted_unheld(username: str) -> None:
    """Take a role while nobody is kept from taking another's."""
    with models.database.atomic():
        staff = StaffAccount.get(StaffAccount.username == username)
        StaffRole.update(role=StaffRole.COUNTER).where(StaffRole.staff == staff).execute()
        accounts._want_an_admin()
        accounts._note(None, "staff role", username)


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has one writer at a time, whatever its process")
@pytest.mark.parametrize(("takes", "left"), [(demoted, 1), (demoted_unheld, 0)])
def test_two_processes_taking_the_last_admins(database_url, app, takes, left):
    """The second waits, and sees that one is left; with accounts that nobody holds, both go through."""
    for name in ("une", "autre"):
        make_staff(name, StaffRole.ADMIN)
    first, second = overlapping(database_url, [partial(takes, "une"), partial(takes, "autre")], models.AuditEvent)
    assert first is None
    assert isinstance(second, accounts.LastAdmin) is bool(left)
    assert StaffRole.select().where(StaffRole.role == StaffRole.ADMIN).count() == left


def test_refunds_asked_at_once_give_back_once(household, adults, paying):
    invoice = make_invoice(household)
    payment = checkout.create(adults[0], [invoice.number], 10_000, "fake-valid-nonce")
    paying()
    payment = Payment.get_by_id(payment.id)
    results = at_once([lambda: refunds.ask(payment, 6_000, 10_000, "absence") for _ in range(ADULTS)])
    assert sum(isinstance(result, refunds.LeftChanged) for result in results) == ADULTS - 1
    assert Payment.get_by_id(payment.id).refunded_cents == 6_000


@pytest.mark.parametrize(("locks", "misjudged"), [("one", False), ("two", True)])
def test_two_workers(app, environment, simulator, context, household, adults, tmp_path, locks, misjudged):
    """One lock: one process works. Two locks: each takes the other's charge for abandoned, yet charges once."""
    simulator.breaks("sale", "slow", seconds=1)
    invoice = make_invoice(household)
    files = ["a.lock", "a.lock" if locks == "one" else "b.lock"]
    workers = [worker(app, environment, context, ProcessLock(tmp_path / file)) for file in files]
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


def worker(app, environment, context, lock) -> PaymentWorker:
    portal = app.extensions["portal"]
    return PaymentWorker(load(environment), context, portal.tokens, portal.letters, portal.worker.send_mail, lock)


def wait_until_paid() -> None:
    for _ in range(200):
        if Payment.get().state == "paid":
            return
        sleep(0.05)
