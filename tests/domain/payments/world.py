"""A household, the city, the worker and the gateway, as the machine of test_whole_lives.py moves and sees them."""

import os
import signal
import time
from contextlib import suppress
from datetime import UTC, timedelta

import time_machine
from peewee import fn

import models
from commands.worker import tasks
from domain.billing import ledger
from domain.billing.listener import Listener
from domain.common import clock
from domain.imports import invoices, payments
from domain.imports.outcome import Outcome
from domain.payments import checkout, saved_cards, webhooks
from models import CardTry, Invoice, Job, LedgerEntry, Payment, Refund, SavedCard, UnmatchedCharge, WebhookEvent
from tests.factories import make_account, make_household, make_person
from tests.imports import bring_in, told

OPENED = ["dispute_opened", "dispute_opened retrieval"]
HELD = ("submitted_for_settlement", "settling", "settlement_pending", "settled")
MOMENTS = {
    Payment: ("created_at", "submitted_at", "due_at"),
    Refund: ("submitted_at", "due_at"),
    UnmatchedCharge: ("due_at",),
    WebhookEvent: ("due_at",),
    SavedCard: ("created_at", "due_at"),
}


class World:
    """One household with an account, on an empty database and an empty simulator."""

    def __init__(self, portal, simulator) -> None:
        self.worker, self.gateway, self.simulator = portal.worker, portal.gateway, simulator
        self.there: list[dict] = []  # the gateway's transactions after the last step
        self.notices: list[tuple[str, dict]] = []  # what the gateway sent that has not arrived: (charge, fields)
        self.numbers = 0
        simulator.ask("POST", "reset")
        self.household = make_household()
        address = {"email": "g@example.com", "email_key": "g@example.com", "email_confirmed_at": clock.now()}
        self.account = make_account(make_person(self.household), **address)

    # what it can do

    def imports_invoice(self, n: int, lines: list[tuple[int, bool]], status: str = "open") -> Outcome:
        """Bring in a file of one invoice; `lines` are (cents, taxable)."""
        self.numbers = max(self.numbers, n)
        common = {"invoice_number": f"F{n}", "household": self.household.code, "card_number": "", "status": status}
        common |= {"issued_on": clock.today(), "due_on": clock.today(), "quantity": 1_000, "description": "Camp"}
        rows = [
            common | {"unit_price": cents, "tax_code": "taxable" if taxed else "exempt", "ledger_account": f"41{i:02}"}
            for i, (cents, taxed) in enumerate(lines)
        ]
        return bring_in(told(invoices.plan, Listener()), *(row | {"category": "activity"} for row in rows))

    def takes_cash(self, invoice: Invoice, cents: int) -> None:
        values = {"payment": f"{Payment.select().count()}", "invoice_number": invoice.number, "paid_on": clock.today()}
        values |= {"amount": cents, "method": "cash", "payer": ""}
        bring_in(told(payments.plan, Listener()), values)

    def pays(self, chosen, card: str = "valid", coffer: str = "") -> None:
        CardTry.delete().execute()  # one account has more refused here than anybody: test_card_tries.py counts those
        due = sum(invoice.balance_cents for invoice in chosen)
        how = {"card": next(iter(self.saved()), None)} if coffer == "saved" else {"keep": coffer == "keep"}
        with suppress(checkout.AlreadyUnderWay, checkout.NothingDue):
            checkout.create(self.account, [invoice.number for invoice in chosen], due, f"fake-{card}-nonce", **how)

    def works(self) -> None:
        """Do what is due until nothing is; each task puts itself off, or something would never end.

        The clock stands: what is to be looked at again in three seconds is not due on a machine that is slow.
        """
        with time_machine.travel(clock.now().replace(tzinfo=UTC), tick=False):
            for _ in range(20):
                for task in self.worker._due():
                    tasks.advance(*task, self.worker._context)
            assert not self.worker._due()

    def sweeps(self) -> None:
        """Ask the gateway whatever is asked now and then, whenever that was last done."""
        Job.delete().execute()
        self.worker.sweep()

    def matches(self) -> list:
        return self.worker.match(clock.today())

    def ages(self, passed: timedelta) -> None:
        """Let time pass: the moments stored here go back, the gateway's clock does not know."""
        for table, names in MOMENTS.items():
            for row in table.select():
                for name in names:
                    if moment := getattr(row, name):
                        setattr(row, name, moment - passed)
                row.save(only=names)

    def hears(self, notice: tuple[str, dict], again: bool = False) -> None:
        """Have a notice delivered; `again` keeps it for another time."""
        _, sent = notice
        webhooks.receive(self.gateway.notice(sent["bt_signature"], sent["bt_payload"]), sent["bt_payload"])
        if not again:
            self.notices.remove(notice)

    def is_killed_at(self, task: tuple[str, int], performed: bool) -> None:
        """Do a task in a process of its own, killed while the gateway keeps its answer back, the money moved or not."""
        before = self.simulator.transactions()
        for call in ("sale", "void", "refund"):
            self.simulator.breaks(call, "hang_after" if performed else "hang", seconds=1)
        models.database.close()
        models.database.obj.close_all()  # a connection must not be shared with a child
        child = os.fork()
        if not child:
            _work_and_end(self.worker, task)
        while not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            asked = len(self.simulator.ask("GET", "faults").json()) < 3
            if asked and (not performed or self.simulator.transactions() != before):
                break
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        self.simulator.ask("DELETE", "faults")

    # how it stands

    def saved(self) -> list[SavedCard]:
        return saved_cards.usable(self.account, clock.today())

    def payable(self) -> list[Invoice]:
        return list(Invoice.payable([self.household.id]))

    def charged(self) -> list[Payment]:
        return list(Payment.select().where(Payment.gateway_id.is_null(False)).order_by(Payment.id))

    def submitted(self) -> list[Payment]:
        return list(Payment.select().where(Payment.submitted_at.is_null(False)).order_by(Payment.id))

    def sales(self) -> list[dict]:
        return [row for row in self.there if row["type"] == "sale"]

    def held(self) -> dict[str, int]:
        """Return what the gateway holds for us of each sale, in cents: below zero, what it is owed was refunded too."""
        back: dict[str, int] = {}
        for row in self.there:
            if row["type"] == "credit" and row["status"] in HELD:
                sold = row["refunded_transaction_id"]
                back[sold] = back.get(sold, 0) + row["amount_cents"]
        return {
            sale["id"]: sale["amount_cents"] - back.get(sale["id"], 0) - lost_cents(sale)
            if sale["status"] in HELD
            else 0
            for sale in self.sales()
        }

    def may_happen(self) -> list[tuple[str, str]]:
        """Return the notices the gateway may send now, each with its charge."""
        of_status = {"submitted_for_settlement": ["transaction_settled"], "settled": ["disbursement"]}
        of_dispute = {"": OPENED, "open": ["dispute_won", "dispute_lost"], "lost": ["dispute_won"]}
        return [
            (kind, sale["id"])
            for sale in self.sales()
            if sale["status"] in of_status
            for kind in (
                *of_status[sale["status"]],
                *of_dispute.get("".join(sale["disputes"]), []),
                *([] if lost_cents(sale) else ["transaction_settlement_declined"]),  # a bank takes nothing back twice
            )
        ]

    def moving(self) -> set[str]:
        """Return the charges of which something is still to be heard or done here."""
        unheard = WebhookEvent.select().where(WebhookEvent.handled_at.is_null())
        waiting = Refund.select(Refund, Payment).join(Payment).where(Refund.state.in_(Refund.OPEN_STATES))
        charges = {charge for charge, _ in self.notices} | {event.gateway_id for event in unheard}
        won = UnmatchedCharge.reason == UnmatchedCharge.WON_BACK
        charges |= {
            one.gateway_id for one in UnmatchedCharge.select().where(won, UnmatchedCharge.returned_at.is_null())
        }
        return charges | {refund.payment.gateway_id for refund in waiting}

    def is_at_rest(self) -> bool:
        unfinished = Payment.select().where(Payment.state.in_(Payment.OPEN_STATES))
        owed_back = UnmatchedCharge.select().where(UnmatchedCharge.returned_at.is_null())
        return not (self.moving() or unfinished.exists() or owed_back.exists())

    def cleared(self) -> dict[int | None, int]:
        """Return what the ledger says the gateway holds of each payment, in cents; of unmatched charges under None."""
        cents = fn.SUM(LedgerEntry.debit_cents - LedgerEntry.credit_cents)
        rows = LedgerEntry.select(LedgerEntry.payment, cents).where(
            LedgerEntry.account == ledger.CLEARING[Payment.CARD]
        )
        return dict(rows.group_by(LedgerEntry.payment).tuples())


def lost_cents(sale: dict) -> int:
    """Return what disputes took of a sale, in cents: a retrieval takes nothing."""
    gone = ("lost", "accepted", "auto_accepted", "expired")
    lost = [one for one in sale["disputed"] if one["status"] in gone and one["kind"] != "retrieval"]
    return sum(round(100 * float(one["amount"])) for one in lost)


def _work_and_end(worker, task: tuple[str, int]) -> None:
    try:
        tasks.advance(*task, worker._context)
    finally:
        os._exit(0)
