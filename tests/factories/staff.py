"""People of the city."""

from models import StaffAccount, StaffRole


def make_staff(username: str = "agente", *roles: str, **values) -> StaffAccount:
    """Someone of the city, of the counter unless told, who enters with no password here."""
    defaults = {"username_key": username.casefold(), "password_hash": "never matches"}
    staff = StaffAccount.create(username=username, **(defaults | values))
    for role in roles or (StaffRole.COUNTER,):
        StaffRole.create(staff=staff, role=role)
    return staff
