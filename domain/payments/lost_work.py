"""What was done here since a copy that is put back, and that the gateway does not know: it must be done again.

Counter payments, people set apart, consents, what staff decided. The database that the copy replaces tells of each;
when it cannot be read, only the days are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.common import alerts, clock
from domain.common.alerts import Kind
from domain.common.audit import COMINGS_AND_GOINGS, Act
from domain.common.facts import Values
from models import AuditEvent, Payment, write

LOOKS = {
    Act.FILE_OPENED,
    Act.REGISTERING_OPENED,
    Act.PAYMENT_OPENED,
    Act.INVOICE_OPENED,
    Act.CHANGE_READ,
    Act.ACCOUNT_READ,
    Act.REQUEST_READ,
    Act.HEALTH_FORM_READ,
    Act.ACCOMPANIMENT_READ,
    Act.STAFF_SIGNED_IN,
    Act.STAFF_SIGNED_OUT,
    *COMINGS_AND_GOINGS,
    Act.PAYMENTS_EXPORTED,
    Act.DATA_DOWNLOADED,
    Act.ONE_TIME_CODE,
    Act.CARD_UNBLOCKED,
    Act.SESSIONS_ENDED,
    Act.OTHERS_CLOSED,
    Act.ALERT_SETTLED,
}  # fmt: skip  nothing that a copy lacks is missed
MOST_NAMED = 500


@dataclass(frozen=True)
class Done:
    """Something done after the copy: when (UTC), which act, about whose card and what."""

    at: datetime
    act: str
    card: str
    subject: str


@dataclass(frozen=True)
class Taken:
    """Money taken elsewhere that the copy does not know: its file must be imported again."""

    paid_at: datetime
    reference: str
    amount_cents: int


def warn(lived_until: datetime | None, now: datetime) -> None:
    """Put the days that the copy lacks before a person, in the caller's transaction, until each thing is named."""
    first = lived_until or now
    alerts.raise_alert(Kind.UNKNOWN_SINCE_COPY, _moment(now), first=_moment(first), last=_moment(now))


def known_until() -> tuple[int, int]:
    """Return the ids of the last act and of the last payment that this database knows."""
    acts = AuditEvent.select(AuditEvent.id).order_by(AuditEvent.id.desc()).scalar()
    payments = Payment.select(Payment.id).order_by(Payment.id.desc()).scalar()
    return acts or 0, payments or 0


def name(done: Sequence[Done], taken: Sequence[Taken]) -> int:
    """Put each thing that must be done again before a person, in place of the days; return how many there are."""
    missed = [one for one in done if one.act not in LOOKS]
    with write():
        for number, act in enumerate(missed[:MOST_NAMED], start=1):
            subject = f"{_moment(act.at)} {number}"
            about = f"{act.card} {act.subject}".strip()
            alerts.raise_alert(Kind.DONE_SINCE_COPY, subject, at=_moment(act.at), act=act.act, about=about)
        for money in taken[:MOST_NAMED]:
            told: Values = {"reference": money.reference, "amount_cents": money.amount_cents}
            alerts.raise_alert(Kind.TAKEN_SINCE_COPY, money.reference, at=_moment(money.paid_at), **told)
        if len(missed) <= MOST_NAMED and len(taken) <= MOST_NAMED:
            alerts.settle_all(Kind.UNKNOWN_SINCE_COPY)
    return len(missed) + len(taken)


def _moment(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"
