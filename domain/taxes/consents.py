"""Consent to receive tax receipts online instead of by mail: recorded, and revocable."""

from datetime import datetime

from domain.common import audit, clock
from models import Account, ElectronicConsent, write


def given_at(person_id: int) -> datetime | None:
    """Return since when (UTC) someone receives her tax receipts online, None when she does not."""
    return (
        ElectronicConsent.select(ElectronicConsent.given_at)
        .where(ElectronicConsent.person == person_id, ElectronicConsent.withdrawn_at.is_null())
        .scalar()
    )


def all_given() -> dict[int | None, datetime]:
    """Return since when (UTC) each of those who receive theirs online does, by person: one query, however many."""
    given = ElectronicConsent.select().where(ElectronicConsent.withdrawn_at.is_null())
    return {consent.person_id: consent.given_at for consent in given}


def give(account: Account) -> None:
    """Record the consent; given twice is given once."""
    with write():
        ElectronicConsent.insert(person=account.person_id, given_at=clock.now()).on_conflict_ignore().execute()
        audit.by_resident(account, audit.Act.RECEIPTS_ONLINE)


def withdraw(account: Account) -> None:
    """Record the end of the consent."""
    with write():
        ElectronicConsent.update(withdrawn_at=clock.now()).where(
            ElectronicConsent.person == account.person_id, ElectronicConsent.withdrawn_at.is_null()
        ).execute()
        audit.by_resident(account, audit.Act.RECEIPTS_BY_MAIL)
