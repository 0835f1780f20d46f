"""People of the city."""

from domain.common import clock
from models import StaffAccount, StaffRole, StaffSession
from tests.factories.numbers import numbers


def make_staff(username: str = "agente", *roles: str, **values) -> StaffAccount:
    """Someone of the city, of the counter unless told, who enters with no password here."""
    defaults = {"username_key": username.casefold(), "password_hash": "never matches"}
    staff = StaffAccount.create(username=username, **(defaults | values))
    for role in roles or (StaffRole.COUNTER,):
        StaffRole.create(staff=staff, role=role)
    return staff


def make_visit(staff: StaffAccount | None = None) -> StaffSession:
    """Somebody of the city at her browser, both factors given."""
    n = next(numbers)
    staff = staff or make_staff(f"agente{n}")
    return StaffSession.create(token_digest=f"visit {n}", staff=staff, confirmed_at=clock.now())
