"""What is found at the gateway that this database did not know: a line of `flask reconcile` each."""

from enum import StrEnum

from domain.common.facts import Fact, Values
from models import Payment, Refund, UnmatchedCharge


class Finding(StrEnum):
    """What may be found; commands/findings has the words. What an alert says too is told by the alert's kind."""

    CHARGE = "charge booked"
    CHARGE_STANDS = "charge stands"
    PAYMENT_STANDS = "payment stands"
    REFUND = "refund booked"
    REFUND_STANDS = "refund stands"
    UNMATCHED_STANDS = "unmatched charge stands"
    MADE_AND_VOIDED = "made and voided since the copy"


class Mismatch(StrEnum):
    """What may differ; its words stand in views/messages/facts."""

    AMOUNT = "amounts differ"
    REFUSED_HERE = "found after it was refused"
    UNKNOWN_HERE = "charge unknown here"
    SECOND = "second charge of one reference"
    NOT_THERE = "charge not at the gateway"
    REFUND_UNKNOWN_HERE = "refund unknown here"
    REFUND_NOT_THERE = "refund not at the gateway"
    UNKNOWN_CURRENCY = "charge unknown here, in another currency"
    FOREIGN = "charged in another currency or on another account"
    TAKEN_BACK = "taken back here, live at the gateway"


def payment_stands(payment_id: int) -> Fact:
    """Tell how a payment stands now."""
    payment = Payment.get_by_id(payment_id)
    return Fact(Finding.PAYMENT_STANDS, {"reference": payment.reference, "state": payment.state})


def refund_stands(refund_id: int) -> Fact:
    """Tell how a refund stands now."""
    refund = Refund.get_by_id(refund_id)
    told: Values = {"reference": refund.payment.reference, "amount_cents": refund.amount_cents, "state": refund.state}
    return Fact(Finding.REFUND_STANDS, told)


def unmatched_stands(charge_id: int) -> Fact:
    """Tell how a charge that pays nothing here stands now."""
    charge = UnmatchedCharge.get_by_id(charge_id)
    told: Values = {"reference": charge.reference, "amount_cents": charge.amount_cents, "state": charge.state}
    return Fact(Finding.UNMATCHED_STANDS, told)
