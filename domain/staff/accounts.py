"""The people of the city: their accounts, their roles, and the first of their two factors."""

import secrets
from datetime import timedelta

from peewee import IntegrityError

from domain.access import credentials
from domain.common import audit, clock
from domain.common.codes import readable_secret
from models import StaffAccount, StaffRecoveryCode, StaffSession, digest, write

TEMPORARY_FOR = timedelta(days=3)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)

ROLES = StaffAccount.ROLES  # each may do what those before it may


class NameTaken(Exception):
    """Tried to give a staff account a user name that another has, or had."""


class NoSuchStaff(Exception):
    """Tried to change a staff account that does not exist or is closed."""


class OwnAccount(Exception):
    """Tried to change one's own role, or to close one's own account."""


class LastAdmin(Exception):
    """Tried to leave the city without anybody who can make accounts."""


def may(staff: StaffAccount, role: str) -> bool:
    """Tell whether someone may do what a role is needed for."""
    return ROLES.index(staff.role) >= ROLES.index(role)


def add(username: str, role: str, by: StaffAccount | None = None) -> str:
    """Open an account; return the temporary password to hand over.

    Raises: NameTaken.
    """
    password, hashed = _temporary()
    try:
        with write():
            StaffAccount.create(
                username=username.strip(),
                username_key=credentials.fold(username),
                role=role,
                password_hash=hashed,
                password_expires_at=clock.now() + TEMPORARY_FOR,
            )
            _note(by, "staff added", f"{username.strip()} {role}")
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
        _note(by, "staff reset", staff.username)
    return password


def change_role(username: str, role: str, by: StaffAccount | None = None) -> None:
    """Give someone another role; what is open in a browser ends. Raises: NoSuchStaff, OwnAccount, LastAdmin."""
    staff = _other(username, by)
    with write():
        StaffAccount.update(role=role).where(StaffAccount.id == staff.id).execute()
        _want_an_admin()
        _end_sessions(staff)
        _note(by, "staff role", f"{staff.username} {role}")


def close(username: str, by: StaffAccount | None = None) -> None:
    """Close the account of someone who leaves; its name stays in the audit and is not given again.

    Raises: NoSuchStaff, OwnAccount, LastAdmin.
    """
    staff = _other(username, by)
    with write():
        StaffAccount.update(closed_at=clock.now()).where(StaffAccount.id == staff.id).execute()
        _want_an_admin()
        _end_sessions(staff)
        _note(by, "staff closed", staff.username)


def everyone() -> list[StaffAccount]:
    """Return the open accounts by name."""
    return list(StaffAccount.select().where(StaffAccount.closed_at.is_null()).order_by(StaffAccount.username_key))


def sign_in(username: str, password: str) -> str:
    """Return the token of a session that opens nothing until the second factor is given.

    An unknown name takes as long as a wrong password; a temporary password too old is a wrong one.
    Raises: WrongCredentials.
    """
    staff = _open_account(username)
    credentials.check_hash(staff, password)
    if staff.password_expires_at and staff.password_expires_at < clock.now():
        raise credentials.WrongCredentials
    if staff.password_expires_at:
        _forget_half_open(staff)
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
    """Sign a browser out."""
    with write():
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


def _want_an_admin() -> None:
    is_admin = (StaffAccount.role == StaffAccount.ADMIN) & StaffAccount.closed_at.is_null()
    if not StaffAccount.select().where(is_admin).exists():
        raise LastAdmin


def _end_sessions(staff: StaffAccount) -> None:
    StaffSession.delete().where(StaffSession.staff == staff).execute()


def _note(by: StaffAccount | None, action: str, subject: str) -> None:
    if by is None:
        audit.by_system(action, subject=subject)
    else:
        audit.by_staff(by, action, subject=subject)
