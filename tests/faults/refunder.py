"""Staff who give back some of what was paid, and a bank that sends some of it back later, while everything breaks.

It sends back some of what went back of charges that pay nothing, too.
"""

import random
from collections import Counter as Tally
from contextlib import suppress
from dataclasses import dataclass, field

from peewee import ModelSelect

from domain.payments import refunds
from models import Payment, Refund, UnmatchedCharge
from tests.faults.audit import LIVE
from tests.faults.busy import Busy
from tests.faults.town import Town

PERCENT = 15  # of the charges
PARTS = (1, 1, 2)  # the whole, or a half
SETTLED_PERCENT = 75  # of these charges: the others are voided, or their part waits for the night
DECLINED_PERCENT = 40  # of the refunds that the gateway made


@dataclass
class Refunder(Busy):
    """Asks refunds of a share of the payments, and has the bank decline a share of those done."""

    town: Town
    random: random.Random
    refunds: Tally = field(default_factory=Tally)
    _seen: set[int] = field(default_factory=set)
    _judged: set[str] = field(default_factory=set)

    def turn(self) -> None:
        received = Payment.state.in_(Payment.RECEIVED_STATES) & Payment.gateway_id.is_null(False)
        for payment in [one for one in Payment.select().where(received) if one.id not in self._seen]:
            self._seen.add(payment.id)
            if self.random.random() * 100 < PERCENT:
                self.asks(payment)
        self.decline()

    def asks(self, payment: Payment) -> None:
        """Ask to give back the whole, or a part, of what is left now."""
        if self.random.random() * 100 < SETTLED_PERCENT:
            self.town.settles(payment.gateway_id)
        left = refunds.left_cents(payment)
        part = left // self.random.choice(PARTS)
        with suppress(refunds.NotRefundable, refunds.LeftChanged, refunds.TooMuch):  # a dispute was lost before
            refunds.ask(payment, part, left, "essai", knowingly=True)
            self.refunds["of the whole" if part == left else "of a part"] += 1

    def decline(self) -> None:
        """Have the bank send back some of what was given since the last time."""
        done = set(Refund.select(Refund.gateway_id).where(Refund.state == Refund.DONE).scalars())
        returned = set(_returned().scalars())
        for credit in self.town.simulator.transactions():
            is_refund = credit["id"] in done
            if credit["id"] in self._judged or not (is_refund or credit["refunded_transaction_id"] in returned):
                continue
            self._judged.add(credit["id"])
            if credit["status"] in LIVE and self.random.random() * 100 < DECLINED_PERCENT:
                self.town.simulator.ask("POST", f"transactions/{credit['id']}/status", status="settlement_declined")
                self.refunds["declined days later" if is_refund else "of nothing owed, declined days later"] += 1


def _returned() -> ModelSelect:
    """Return the charges that paid nothing and went back."""
    is_returned = UnmatchedCharge.state == UnmatchedCharge.RETURNED
    return UnmatchedCharge.select(UnmatchedCharge.gateway_id).where(is_returned)
