"""Moving in from another portal, with the files that its `flask export` wrote, before anybody uses this one."""

from collections.abc import Collection

from domain.common import clock, numbering
from domain.common.batches import insert_all
from models import Account, Household, Payment, write


class NotNew(Exception):
    """Tried to take another portal's files as they stand where people come in already."""


def begin() -> None:
    """Have numbers given here bear a series of their own: those of before are on papers already. Raises: NotNew."""
    if Account.select().exists() or Payment.select().where(Payment.source == "portal").exists():
        raise NotNew
    if not numbering.has_series():
        with write():
            numbering.begin_series(clock.now())


def make_homes(codes: Collection[str]) -> None:
    """Make households of which nobody is left, but that have invoices or reservations."""
    with write():
        insert_all(Household, [{"code": code} for code in sorted(codes)])
