"""A town with years behind it, beside the same town without: pages of one household in turn; then what sums a town."""

import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import requests
from flask import Flask, session
from flask_wtf.csrf import generate_csrf

import models
from adapters import sqlite_copies
from app import create_app
from domain.access import sessions
from domain.billing import receipts
from domain.common import clock
from domain.staff import accounts
from models import Account, Invoice, Job, StaffRole
from settings import load
from tests import factories
from tests.bench.charges import AT_ONCE, under_way
from tests.bench.pages import memory_mb
from tests.databases import migrate
from tests.factories.town import ENDED, grow
from tests.faults.town import Town

HOUSEHOLDS = 6_667  # 20,000 people, 200,000 invoices with their payments
ROUNDS, RUNS = 40, 5
PAGES = (
    "/mon-dossier",
    "/mon-dossier/famille",
    "/mon-dossier/activites",
    "/mon-dossier/reservations",
    "/mon-dossier/comptes",
    "/mon-dossier/comptes/B1",
    "/mon-dossier/comptes/factures",
    "/mon-dossier/comptes/recus",
    "/mon-dossier/comptes/releve",
    "/mon-dossier/payer?facture=B9",
    "/mon-dossier/recus-fiscaux",
    "/mon-dossier/coffre",
    "/mon-dossier/renseignements.json",
    "/mon-dossier/acces",
    "/personnel",
    "/personnel/journal",
    "/personnel/remboursement?paiement=EXT-1",
)
FORMS = {  # what finds an invoice as it is typed
    "/payer-une-facture": {"invoice_number": "b9", "amount": "100,00", "postal_code": "J1X 2B6"},
    "/personnel/facture": {"reference": "b9"},
}


def measure(folder: Path) -> None:
    """Print each page's medians in both towns, each sum's time, and what fifty charges add to the worker's memory."""
    with closing(Town(folder, migrate(f"sqlite:///{folder}/new.db"))) as new:
        visitor = Visitor(new)
        with closing(Town(folder, grown(folder), GATEWAY_TIMEOUT="55", UNCERTAIN_FOR="150")) as old:
            new.server.start()
            old.server.start()
            for path in (*PAGES, *FORMS):
                compare(path, visitor, old.server.url, new.server.url)
            new.server.kill()
            memory(old)
            old.server.kill()
            sums(create_app(load(old.environment)), folder)


class Visitor(requests.Session):
    """A browser signed in as a resident and for the city, good in every copy of the town she lives in."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        app = create_app(load(town.environment))
        token, _row = sessions.start(household())
        staff = accounts.start_session(
            factories.make_staff("bench", *StaffRole.ROLES, totp_confirmed_at=clock.now()), confirmed=True
        )
        with app.test_request_context():
            session.update(_user_id=token, _fresh=True, staff=staff)
            self.csrf = generate_csrf()
            signer = app.session_interface.get_signing_serializer(app)
            self.headers["Cookie"] = f"portail={signer.dumps(dict(session))}"

    def ask(self, url: str, path: str) -> float:
        """Ask for a page, or send its form; return the milliseconds it took."""
        start = time.perf_counter()
        if path in FORMS:
            answer = self.post(url + path, data=FORMS[path] | {"csrf_token": self.csrf}, allow_redirects=False)
        else:
            answer = self.get(url + path, allow_redirects=False)
        assert answer.status_code == (303 if path == "/payer-une-facture" else 200), (path, answer.status_code)
        return (time.perf_counter() - start) * 1000


def household() -> Account:
    """Make a household with a little of everything; return the account of its first person."""
    home = factories.make_household()
    account = factories.make_account(factories.make_person(home))
    for n in range(10):
        invoice = factories.make_invoice(home, number=f"B{n}")
        if n < 8:
            values = {"reference": f"EXT-{n}", "payer": account.person}
            receipts.issue(factories.pay_elsewhere((invoice, 10_000), **values))
    factories.make_reservation(home)
    factories.make_registration(account.person)
    factories.make_tax_receipt(account.person)
    factories.make_saved_card(account)
    return account


def grown(folder: Path) -> str:
    """Return the address of a copy of the town, given a history."""
    start = time.perf_counter()
    sqlite_copies.make(folder / "new.db", folder / "old.db")
    models.database.close()
    models.open_database(f"sqlite:///{folder}/old.db")
    grow(HOUSEHOLDS)
    print(f"a town of {Invoice.select().count()} invoices    made in {time.perf_counter() - start:.0f} s")
    models.database.close()
    return f"sqlite:///{folder}/old.db"


def compare(path: str, visitor: Visitor, old: str, new: str) -> None:
    """Print one page's medians, asked in turn."""
    times: dict[str, list[float]] = {old: [], new: []}
    for _ in range(ROUNDS):
        for url, taken in times.items():
            taken.append(visitor.ask(url, path))
    slow, quick = (statistics.median(taken) for taken in times.values())
    print(f"page {path:43} old {slow:5.1f} ms   new {quick:5.1f} ms   {slow / quick:.2f} × (budget 1.2)")


def memory(town: Town) -> None:
    """Print the worker's memory before and after fifty charges at once."""
    before = memory_mb(town.server.worker())
    with under_way(town):
        during = memory_mb(town.server.worker())
    after = memory_mb(town.server.worker())
    print(f"worker memory, {AT_ONCE} charges            {before:.0f} MB before, {during:.0f} during, {after:.0f} after")


def sums(app: Flask, folder: Path) -> None:
    """Print how long each look at the whole town takes, start of the command left out."""
    today = clock.today()
    first, last = today - timedelta(days=ENDED), today - timedelta(days=ENDED)
    commands = (
        ("export", "payments", "--from", today, "--to", today, folder / "none.csv"),
        ("export", "payments", "--from", first, "--to", last, folder / "day.csv"),
        ("export", "settlements", today, folder / "lots.csv"),
        ("match", today - timedelta(days=1)),
        ("attention",),
        ("retention", "--dry-run"),
        ("reconcile",),
        ("jobs",),
    )
    runner, client = app.test_cli_runner(), app.test_client()
    for words in commands:
        time_of(" ".join(map(str, words[:2])), lambda words=words: runner.invoke(args=[str(word) for word in words]))
    time_of("/sante", lambda: client.get("/sante"))


def time_of(name: str, act: Callable[[], object]) -> None:
    """Print the median of some runs."""
    times = []
    for _ in range(RUNS):
        Job.update(last_run_at=clock.now() - timedelta(days=2)).execute()
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    print(f"sum  {name:43} {statistics.median(times):5.0f} ms (budget 150)")
