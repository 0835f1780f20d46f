"""Accounts that nobody has entered for years: their holders are told, then, approved by somebody, they are closed.

One whose holder cannot be written to stays: nobody loses an account untold.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from city import City
from domain.common import audit, clock, outbox
from domain.common.letters import Letters
from domain.people import household
from domain.privacy import own_data
from models import Account, AccountUse, Payment, Person, Session, write

if TYPE_CHECKING:
    from peewee import ModelSelect


def tell_due(letters: Letters, city: City) -> int:
    """Write to the holders of accounts that nobody has entered for long; return to how many."""
    unused = clock.now() - city.retention.accounts.length
    rows = (
        AccountUse.select(AccountUse, Account, Person)
        .join(Account)
        .join(Person)
        .where(AccountUse.used_at < unused, AccountUse.told_at.is_null(), Person.status != Person.DECEASED)
    )
    return sum(_tell(row, letters, city) for row in list(rows))


def _tell(use: AccountUse, letters: Letters, city: City) -> bool:
    person, closes_at = use.account.person, clock.now() + city.retention.unused_account_notice.length
    address = household.address_of(person)
    if not address:
        return False
    with write():
        told = AccountUse.update(told_at=clock.now()).where(
            AccountUse.id == use.id, AccountUse.used_at == use.used_at, AccountUse.told_at.is_null()
        )
        if not told.execute():
            return False
        closes_on = clock.local(closes_at).date()
        outbox.write(address, *letters.write("account_unused", person=person, closes_on=closes_on))
    return True


def past(before: datetime, city: City) -> "ModelSelect[Account]":
    """Return the accounts not entered since, told long enough ago; those of the deceased need no telling.

    A payment under way keeps its account, and so does a browser signed in.
    """
    told_before = clock.now() - city.retention.unused_account_notice.length
    under_way = Payment.select(Payment.account).where(
        Payment.state.in_(Payment.OPEN_STATES), Payment.account.is_null(False)
    )
    return (
        Account.select()
        .join(AccountUse)
        .switch(Account)
        .join(Person)
        .where(
            AccountUse.used_at < before,
            (AccountUse.told_at < told_before) | (Person.status == Person.DECEASED),
            Account.id.not_in(under_way),
            Account.id.not_in(Session.select(Session.account)),
        )
    )


def close_all(rows: Sequence[Account], letters: Letters, city: City) -> None:
    """Close accounts, in the caller's transaction; whoever is concerned is told."""
    for account in rows:
        audit.by_system(audit.Act.ACCOUNT_CLOSED, account.person)
        own_data.close(account, letters, city)
