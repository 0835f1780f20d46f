"""Who opened or changed a file: one's own, and one's children's but for what is the other home's."""

from collections.abc import Sequence

from peewee import Expression

from domain.common import audit
from domain.common.audit import Act
from models import Account, AuditEvent, Household, Invoice, Payment, PaymentInvoice, Person

# What a parent sees of a child's file: an act that is not named here is seen by nobody else than the child's own list.
OF_A_CHILD = (
    Act.FILE_OPENED,
    Act.REGISTERING_OPENED,
    Act.FILE_CORRECTED,
    Act.CHANGE_READ,
    Act.CARD_UNBLOCKED,
    Act.INVOICE_OPENED,
    Act.PAYMENT_OPENED,
    Act.HEALTH_FORM_READ,
    Act.ACCOMPANIMENT_READ,
)
OF_A_HOME = (Act.REGISTERING_OPENED, Act.HEALTH_FORM_READ, Act.ACCOMPANIMENT_READ)  # their subject is the home's code


def of(account: Account, children: Sequence[Person], limit: int) -> list[AuditEvent]:
    """Return what was seen or changed of an account's person's file and of these children's, the latest first.

    Her comings and goings stand elsewhere (Mon profil).
    """
    own = AuditEvent.select().where(
        AuditEvent.person == account.person_id, AuditEvent.action.not_in(audit.COMINGS_AND_GOINGS)
    )
    found = [*own.order_by(AuditEvent.id.desc()).limit(limit), *of_children(account, children, limit)]
    return sorted(found, key=lambda event: event.id, reverse=True)[:limit]


def of_children(account: Account, children: Sequence[Person], limit: int) -> list[AuditEvent]:
    """Return what was seen or changed of these children's files, the latest first."""
    if not children:
        return []
    return list(AuditEvent.select().where(_of(account, children)).order_by(AuditEvent.id.desc()).limit(limit))


def _of(account: Account, children: Sequence[Person]) -> Expression:
    """Return what is true of an act that a parent sees of these children's files.

    An invoice, a payment, a health form or a registering of the other home is its own, and so are looks at it.
    """
    ours = Invoice.select(Invoice.number).where(Invoice.household.in_(account.household_ids()))
    paid = Payment.select(Payment.reference).join(PaymentInvoice).join(Invoice)
    paid = paid.where(Invoice.household.in_(account.household_ids()))
    homes = Household.select(Household.code).where(Household.id.in_(account.household_ids()))
    is_ours = (
        AuditEvent.action.not_in((Act.INVOICE_OPENED, Act.PAYMENT_OPENED, *OF_A_HOME))
        | (AuditEvent.action.in_(OF_A_HOME) & AuditEvent.subject.in_(homes))
        | (AuditEvent.action == Act.INVOICE_OPENED) & AuditEvent.subject.in_(ours)
        | (AuditEvent.action == Act.PAYMENT_OPENED) & AuditEvent.subject.in_(paid)
    )
    theirs = AuditEvent.person.in_([child.id for child in children])
    return theirs & AuditEvent.action.in_(OF_A_CHILD) & is_ours
