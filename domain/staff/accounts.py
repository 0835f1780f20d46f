"""The people of the city: their accounts, their roles, and the first of their two factors."""

import secrets
from datetime import timedelta

from peewee import IntegrityError, prefetch

from domain.access import credentials, refused_tries
from domain.common import audit, clock
from domain.common.codes import readable_secret
from models import StaffAccount, StaffRecoveryCode, StaffRole, StaffSession, digest, hold, write

TEMPORARY_FOR = timedelta(days=3)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)

ROLES = StaffRole.ROLES
FORMER_NAMES = {"agent": StaffRole.COUNTER}  # what scripts and habits still say


class UnknownRole(Exception):
    """Tried to give no role, or one there is not."""


class NameTaken(Exception):
    """Tried to give a staff account a user name that another has, or had."""


class NoSuchStaff(Exception):
    """Tried to change a staff account that does not exist or is closed."""


class OwnAccount(Exception):
    """Tried to change one's own role, or to close one's own account."""


class LastAdmin(Exception):
    """Tried to leave the city without anybody who can make accounts."""


def named(role: str) -> str:
    """Return the present name of a role."""
    return FORMER_NAMES.get(role, role)


def add(username: str, *roles: str, by: StaffAccount | None = None) -> str:
    """Open an account with some roles; return the temporary password to hand over.

    Raises: NameTaken, UnknownRole.
    """
    wanted, (password, hashed) = _known(roles), _temporary()
    try:
        with write():
            staff = StaffAccount.create(
                username=username.strip(),
                username_key=credentials.fold(username),
                password_hash=hashed,
                password_expires_at=clock.now() + TEMPORARY_FOR,
            )
            _give(staff, wanted)
            _note(by, audit.Act.STAFF_ADDED, f"{staff.username} {' '.join(wanted)}")
    except IntegrityError:
        raise NameTaken from None
    return password


def reset(username: str, by: StaffAccount | None = None) -> str:
    """Give someone who lost password or phone a temporary password; the second factor is set up again.

    Raises: NoSuchStaff, OwnAccount.
    """
    staff = _other(username, by)
    password, hashed = _temporary()
    with write():
        StaffAccount.update(
            password_hash=hashed,
            password_expires_at=clock.now() + TEMPORARY_FOR,
            totp_secret="",
            totp_confirmed_at=None,
        ).where(StaffAccount.id == staff.id).execute()
        StaffRecoveryCode.delete().where(StaffRecoveryCode.staff == staff).execute()
        _end_sessions(staff)
        _note(by, audit.Act.STAFF_RESET, staff.username)
    return password


def change_roles(username: str, *roles: str, by: StaffAccount | None = None) -> None:
    """Give someone these roles and no other; what is open in a browser ends.

    Raises: NoSuchStaff, OwnAccount, LastAdmin, UnknownRole.
    """
    wanted = _known(roles)
    with write():
        _set_roles(username, wanted, by)


def _set_roles(username: str, roles: list[str], by: StaffAccount | None) -> None:
    staff = _held(username, by)
    StaffRole.delete().where(StaffRole.staff == staff).execute()
    _give(staff, roles)
    _want_an_admin()
    _end_sessions(staff)
    _note(by, audit.Act.STAFF_ROLE, f"{staff.username} {' '.join(roles)}")


def close(username: str, by: StaffAccount | None = None) -> None:
    """Close the account of someone who leaves; its name stays in the audit and is not given again.

    Raises: NoSuchStaff, OwnAccount, LastAdmin.
    """
    with write():
        staff = _held(username, by)
        StaffAccount.update(closed_at=clock.now()).where(StaffAccount.id == staff.id).execute()
        _want_an_admin()
        _end_sessions(staff)
        _note(by, audit.Act.STAFF_CLOSED, staff.username)


def everyone() -> list[StaffAccount]:
    """Return the open accounts by name, with their roles."""
    accounts = StaffAccount.select().where(StaffAccount.closed_at.is_null()).order_by(StaffAccount.username_key)
    return prefetch(accounts, StaffRole.select())


def sign_in(username: str, password: str) -> str:
    """Return the token of a session that opens nothing until the second factor is given.

    An unknown name takes as long as a wrong password; a temporary password too old is a wrong one.
    Raises: WrongCredentials.
    """
    found = _open_account(username)
    try:
        staff = credentials.check_hash(found, password)
        if staff.password_expires_at and staff.password_expires_at < clock.now():
            raise credentials.WrongCredentials
    except credentials.WrongCredentials:
        refused_tries.note(refused_tries.Way.PASSWORD, staff=found)
        raise
    if staff.password_expires_at:
        _forget_half_open(staff)
    with write():
        credentials.want_unchanged(staff)
        return start_session(staff)


def start_session(staff: StaffAccount, *, confirmed: bool = False) -> str:
    """Open a session and return its token."""
    token = secrets.token_urlsafe(32)
    with write():
        StaffSession.create(token_digest=digest(token), staff=staff, confirmed_at=clock.now() if confirmed else None)
    return token


def find_session(token: str) -> StaffSession | None:
    """Return the live session of a token with its account."""
    session = (
        StaffSession.select(StaffSession, StaffAccount)
        .join(StaffAccount)
        .where(StaffSession.token_digest == digest(token), StaffAccount.closed_at.is_null())
        .first()
    )
    now = clock.now()
    if session is None or now - session.seen_at > IDLE or now - session.created_at > ABSOLUTE:
        return None
    if now - session.seen_at > NOTED_EVERY:
        with write():
            StaffSession.update(seen_at=now).where(StaffSession.id == session.id).execute()
    return session


def end_session(session: StaffSession) -> None:
    """Sign a browser out; that somebody whom both factors let in leaves is noted."""
    with write():
        if session.confirmed_at:
            audit.by_staff(session.staff, audit.Act.STAFF_SIGNED_OUT)
        session.delete_instance()


def forget_expired() -> None:
    """Delete the sessions past their time."""
    now = clock.now()
    with write():
        StaffSession.delete().where(
            (StaffSession.seen_at < now - IDLE) | (StaffSession.created_at < now - ABSOLUTE)
        ).execute()


def _forget_half_open(staff: StaffAccount) -> None:
    """Let nobody who entered before with the same temporary password know the phone's secret: a new one is made."""
    with write():
        StaffAccount.update(totp_secret="").where(StaffAccount.id == staff.id).execute()
        _end_sessions(staff)


def _temporary() -> tuple[str, str]:
    letters = readable_secret(15)
    password = "-".join(letters[start : start + 5] for start in (0, 5, 10))
    return password, credentials.hash_password(password)


def _open_account(username: str) -> StaffAccount | None:
    return StaffAccount.get_or_none(
        StaffAccount.username_key == credentials.fold(username), StaffAccount.closed_at.is_null()
    )


def _other(username: str, by: StaffAccount | None) -> StaffAccount:
    staff = _open_account(username)
    if staff is None:
        raise NoSuchStaff(username)
    if by is not None and staff.id == by.id:
        raise OwnAccount
    return staff


def _known(roles: tuple[str, ...]) -> list[str]:
    wanted = {named(role) for role in roles}
    if not wanted or not wanted <= set(ROLES):
        raise UnknownRole(*sorted(wanted))
    return [role for role in ROLES if role in wanted]


def _give(staff: StaffAccount, roles: list[str]) -> None:
    StaffRole.insert_many([{"staff": staff.id, "role": role} for role in roles]).execute()


def _held(username: str, by: StaffAccount | None) -> StaffAccount:
    """Return someone else's account, nobody else changing any: two admins could each take the other's role."""
    hold(StaffAccount.select())
    return _other(username, by)


def _want_an_admin() -> None:
    is_admin = (StaffRole.role == StaffRole.ADMIN) & StaffAccount.closed_at.is_null()
    if not StaffRole.select().join(StaffAccount).where(is_admin).exists():
        raise LastAdmin


def _end_sessions(staff: StaffAccount) -> None:
    StaffSession.delete().where(StaffSession.staff == staff).execute()


def _note(by: StaffAccount | None, action: audit.Act, subject: str) -> None:
    if by is None:
        audit.by_system(action, subject=subject)
    else:
        audit.by_staff(by, action, subject=subject)
