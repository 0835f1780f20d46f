"""What the gateway deposits, by settlement batch: what the month's end compares with the bank's statement."""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from domain.common import clock
from domain.common.batches import columns_among
from domain.common.formats import plain_amount
from domain.payments.gateway import OTHER_ACCOUNT, Charge, Credit, Gateway
from models import Payment, Refund, UnmatchedCharge

HEADER = (
    "settlement_batch", "date", "charges", "charged", "refunds", "refunded", "deposit", "deposit_cents", "unknown_here",
)  # fmt: skip


@dataclass
class Deposit:
    """A settlement batch: how many charges and refunds, their cents, and how many have no document here."""

    batch: str
    charges: int = 0
    charged_cents: int = 0
    refunds: int = 0
    refunded_cents: int = 0
    unknown_here: int = 0

    def row(self, day: date) -> list[str | int]:
        """Return the batch as a row under `HEADER`."""
        cents = self.charged_cents - self.refunded_cents
        charged, refunded, deposit = map(plain_amount, (self.charged_cents, self.refunded_cents, cents))
        return [
            self.batch, day.isoformat(), self.charges, charged, self.refunds, refunded, deposit, cents,
            self.unknown_here,
        ]  # fmt: skip


def of_day(day: date, gateway: Gateway) -> list[Deposit]:
    """Group what the gateway settled on a day (Montreal's) by batch.

    Raises: Uncertain when the gateway does not answer.
    """
    charges, credits = gateway.settled_between(*clock.montreal_day(day))
    # another account's deposits are its own
    charges = [charge for charge in charges if charge.foreign != OTHER_ACCOUNT]
    credits = [credit for credit in credits if credit.foreign != OTHER_ACCOUNT]
    ids = {charge.gateway_id for charge in charges}
    known = _known(ids.union(*({credit.gateway_id, credit.charge_id} for credit in credits)))
    deposits: dict[str, Deposit] = {}
    for charge in charges:
        deposit = _of(deposits, charge)
        deposit.charges += 1
        deposit.charged_cents += charge.amount_cents
        deposit.unknown_here += charge.gateway_id not in known
    for credit in credits:
        deposit = _of(deposits, credit)
        deposit.refunds += 1
        deposit.refunded_cents += credit.amount_cents
        deposit.unknown_here += not {credit.gateway_id, credit.charge_id} & known
    return [deposits[batch] for batch in sorted(deposits)]


def _of(deposits: dict[str, Deposit], moved: Charge | Credit) -> Deposit:
    return deposits.setdefault(moved.settlement_batch, Deposit(moved.settlement_batch))


def _known(ids: set[str]) -> set[str]:
    """Return those of the gateway's ids that have a document here."""
    documented = (
        columns_among(Payment.select(Payment.gateway_id), Payment.gateway_id, ids),
        columns_among(Refund.select(Refund.gateway_id), Refund.gateway_id, ids),
        columns_among(UnmatchedCharge.select(UnmatchedCharge.gateway_id), UnmatchedCharge.gateway_id, ids),
    )
    return {gateway_id for (gateway_id,) in chain(*documented)}
