"""Nothing that concerns a household, a day or what is under way costs more because the town has years behind it.

What SQLite does for each statement is counted, in steps of its virtual machine, over a day of the town's life; then the
town is given a history, none of it under way, and the day is lived again by others. No clock is looked at.
"""

import logging
import re
import threading
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask

import models
from commands.worker import jobs, tasks
from domain.access import calendar_links
from domain.common import clock
from domain.payments import lifecycle
from models import (
    Account,
    Activity,
    Invoice,
    Job,
    Payment,
    Registration,
    StaffRole,
)
from tests.attacks.conftest import rules, things_of
from tests.commands.rows import card, line, payment, table
from tests.factories import make_group, make_household, make_invoice, make_place
from tests.factories.town import grow
from tests.guest.conftest import Guest
from tests.staff.conftest import Clerk
from tests.walker import Citizen

pytestmark = pytest.mark.sqlite_only
HOUSEHOLDS = 150  # each with thirty invoices: to read one table of them takes ten thousand steps
AT_A_TIME = 10  # steps
SLACK = 300  # steps: a longer number, one more row of the day before
COUNTED = re.compile(r"SELECT|UPDATE|DELETE")
OF_THE_TOWN = {  # jobs that look at everyone, once a day
    "cards of the deceased",
    "cards deleted at the gateway",
    "destructions proposed",  # it counts what is past its time
}
FILTERS = ("annee=2026", "etat=paid", "etat=overdue")
SAID_OTHERWISE = {  # not what a page without its e-mail, its invoice or its guest answers
    "account.confirm_email",
    "account.restore_email", "calendar_link.days", "forgotten.new_password", "payment.pay", "guest.outcome",
    "guest.pay", "guest.receipt",
}  # fmt: skip
DAY = "2020-01-15"  # on which nothing happened


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


@pytest.fixture
def admin(app) -> Clerk:
    clerk = Clerk(app, "admin.magog", *StaffRole.ROLES)
    clerk.sets_up()
    return clerk


@contextmanager
def counted() -> Iterator[Tally]:
    """Give the steps that SQLite takes in this thread while the block runs, by statement."""
    steps: Tally = Tally()
    here = threading.get_ident()

    def count(sql: str) -> None:
        steps[sql] += AT_A_TIME

    def begin(record: logging.LogRecord) -> None:
        """Have what SQLite does from now on count for the statement that is about to run."""
        sql = record.msg[0]
        models.database.connection().set_progress_handler(lambda: count(sql), AT_A_TIME)

    handler = logging.Handler(logging.DEBUG)
    handler.addFilter(lambda record: record.thread == here)
    handler.emit = begin
    logger = logging.getLogger("peewee")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False  # pytest would keep them all
    try:
        yield steps
    finally:
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)
        models.database.connection().set_progress_handler(None, 1)


class Day:
    """A day of one household, of a guest, of the counter and of what the portal does by itself."""

    def __init__(self, app: Flask, admin: Clerk, simulator, context, folder) -> None:
        self.app, self.admin, self.simulator, self.context, self.folder = app, admin, simulator, context, folder

    def live(self, name: str) -> Tally:
        """Live it as somebody of this name, who is new; return the steps it took, by statement."""
        with counted() as steps:
            citizen = self.joins(name)
            paid = self.pays(citizen)
            self.refunds(paid)
            self.is_told(paid)
            self.guest_pays(citizen)
            self.registers(citizen)
            self.forgets(citizen, name)
            self.sees_every_page(citizen, paid)
            self.counter_looks(citizen)
            self.commands(citizen, name)
            self.works()
        Activity.update(ends_on=clock.today() - timedelta(days=1)).execute()  # what is on sale is no history
        return steps

    def joins(self, name: str) -> Citizen:
        citizen = Citizen(self.app.test_client(), make_household())
        citizen.joins(username=name, email=f"{name}@example.org")
        citizen.signs_out()
        citizen.signs_in(name)
        citizen.keeps_a_card()
        return citizen

    def pays(self, citizen: Citizen) -> Payment:
        paid = citizen.payment(citizen.pays(make_invoice(citizen.household), make_invoice(citizen.household)))
        self.works()
        self.simulator.ask("POST", "settle-all")
        return Payment.get_by_id(paid.id)

    def refunds(self, paid: Payment) -> None:
        path = "/personnel/remboursement"
        fields = {"amount": "12,50", "reason": "annulé", "seen_left_cents": "20000", "code": self.admin.code()}
        assert self.admin.post(path, f"{path}?paiement={paid.reference}", paiement=paid.reference, **fields).location
        self.works()

    def is_told(self, paid: Payment) -> None:
        sent = self.simulator.ask("POST", "webhook", kind="transaction_settled", transaction=paid.gateway_id).json()
        data = {"bt_signature": sent["bt_signature"], "bt_payload": sent["bt_payload"]}
        assert self.app.test_client().post("/webhooks/braintree", data=data).status_code == 204
        self.works()

    def guest_pays(self, citizen: Citizen) -> None:
        guest = Guest(self.app)
        assert guest.finds(make_invoice(citizen.household)).status_code == 303
        assert guest.pays().status_code == 303
        self.works()
        for path in ("paiements/{}", "recus/{}.pdf"):
            assert guest.client.get(f"/payer-une-facture/{path.format(guest.payment().reference)}").status_code == 200

    def registers(self, citizen: Citizen) -> None:
        group = make_group()
        citizen.post(f"/inscription/{group.code}", person=citizen.person.id)
        citizen.post("/panier/prolonger", "/panier")
        led_to = citizen.post("/panier/confirmer", "/panier", total_seen_cents=group.price_cents).location
        citizen.pays(Invoice.get(Invoice.number == led_to.rpartition("=")[2]))
        self.works()
        assert Registration.get(Registration.activity == group).status == Registration.CONFIRMED

    def sees_every_page(self, citizen: Citizen, paid: Payment) -> None:
        ids = things_of(citizen.household)
        ids.code, ids.username = make_place().code, self.admin.username
        ids.reference = paid.reference
        ids.activity, ids.household = make_group(program="").code, citizen.household.code
        portal = self.app.extensions["portal"]
        portal.catalogue.forget()  # its rows are kept for five seconds
        ids.number, ids.receipt = paid.invoice_links.get().invoice.number, paid.receipts.get().number
        account = Account.get(Account.person == citizen.person)
        its_days = calendar_links.make(account, portal.letters, portal.city)
        paths = [(rule.endpoint, ids.fill(rule)) for rule in rules(self.app, "GET")]
        paths.append(("its days", f"/calendrier/{its_days}.ics"))
        paths += [("billing.invoices", f"/mon-dossier/comptes/factures?{asked}") for asked in FILTERS]
        paths.append(("billing.slip", f"/mon-dossier/payer?facture={make_invoice(citizen.household).number}"))
        for endpoint, path in paths:
            client = self.admin.client if endpoint.startswith("staff.") else citizen.client
            assert client.get(path).status_code < 400 or endpoint in SAID_OTHERWISE, path

    def counter_looks(self, citizen: Citizen) -> None:
        number = citizen.person.card_number
        owed = make_invoice(citizen.household)
        for act in ("", "code", "unblock", "sessions"):
            asked = self.admin.post("/personnel/carte", card_number=number, act=act, code=self.admin.code())
            assert asked.status_code == 200
        assert self.admin.post("/personnel/facture", reference=owed.number.lower()).status_code == 200
        code = self.admin.code()
        assert self.admin.post("/personnel/export", first=DAY, last=DAY, code=code).mimetype == "text/csv"

    def forgets(self, citizen: Citizen, name: str) -> None:
        born = citizen.person.birth_date
        dated = {"birth_year": born.year, "birth_month": born.month, "birth_day": born.day}
        citizen.post("/oubli/code", card_number=citizen.person.card_number, **dated)
        citizen.post("/oubli/mot-de-passe", card_number=citizen.person.card_number, **dated)
        citizen.post("/rappelez-moi", phone="819 843-0000")
        citizen.signs_in(name)
        citizen.post("/mon-dossier/renseignements/correction", words="Une lettre de trop")
        citizen.post("/revoir", decision="card expired", phone="819 843-0000", words="Elle vaut encore")

    def commands(self, citizen: Citizen, name: str) -> None:
        home, number = citizen.household.code, citizen.person.card_number
        someone = card(household=home, card_number=f"QMAGB{citizen.person.id + 5_000:08}")
        files = {
            "cards": [someone],
            "invoices": [line(name, household=home)],
            "payments": [payment(name, invoice_number=name)],
        }
        for kind, rows in files.items():
            file = self.folder / f"{kind}.csv"
            file.write_text(table(rows))
            self.runs("import", kind, file)
        self.runs("household", "split", someone["card_number"])
        self.runs("export", "payments", "--from", DAY, "--to", DAY, self.folder / "payments.csv")
        self.runs("export", "settlements", DAY, self.folder / "lots.csv")
        self.runs("match", DAY)
        for words in (("unblock", number), ("recovery-code", number), ("attention",), ("reconcile",)):
            self.runs(*words)

    def runs(self, *words: object) -> None:
        done = self.app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exit_code == 0, (words, done.output, done.exception)

    def works(self) -> None:
        """Do all that the portal does by itself, whatever the hour."""
        lifecycle.resume()
        for kind, key in tasks.due():
            tasks.advance(kind, key, self.context)
        Job.update(last_run_at=clock.now() - timedelta(days=2)).execute()
        portal = self.app.extensions["portal"]
        worker = portal.worker
        ordinary = jobs.ordinary(worker.send_mail, portal.letters, portal.city, portal.listeners, worker.see)
        jobs.run_due([job for job in ordinary if job.name not in OF_THE_TOWN])
        jobs.run_due([job for job in jobs.at_the_gateway(self.context) if job.name not in OF_THE_TOWN])


def test_a_towns_history_costs_a_household_nothing(app, admin, simulator, context, tmp_path):
    day = Day(app, admin, simulator, context, tmp_path)
    day.live("avant")
    before = day.live("encore")  # the first of all finds everything empty
    grow(HOUSEHOLDS)
    after = day.live("apres")
    grown = {
        sql: (before[sql], steps)
        for sql, steps in after.items()
        if COUNTED.match(sql) and steps > 1.2 * before[sql] + SLACK
    }
    assert not grown, "\n".join(f"{was} → {now} steps: {sql}" for sql, (was, now) in sorted(grown.items()))
