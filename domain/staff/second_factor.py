"""The second factor of staff: a code of six digits from their phone (RFC 6238), or a one-time code kept on paper."""

import hmac
from datetime import UTC

import pyotp
from peewee import Expression

from domain.access import credentials, refused_tries
from domain.common import audit, clock, rate_limits
from domain.common.codes import readable_secret
from models import StaffAccount, StaffRecoveryCode, StaffSession, digest, write

STEP_SECONDS = 30
DRIFT_STEPS = 1  # a phone's clock may be half a minute off
RECOVERY_CODES = 10


class WrongCode(Exception):
    """Tried a code that is wrong, too old, or was already taken once."""


class TooManyCodes(Exception):
    """Tried a code after too many wrong ones."""


def secret_for(staff: StaffAccount) -> str:
    """Return the secret to put on a phone that is not set up yet, made at the first call."""
    if not staff.totp_secret:
        with write():
            made = pyotp.random_base32()
            StaffAccount.update(totp_secret=made).where(
                StaffAccount.id == staff.id, StaffAccount.totp_secret == ""
            ).execute()
        staff.totp_secret = StaffAccount.get_by_id(staff.id).totp_secret
    return staff.totp_secret


def address_for(staff: StaffAccount, issuer: str) -> str:
    """Return the otpauth:// address that the QR code holds."""
    return pyotp.TOTP(secret_for(staff)).provisioning_uri(name=staff.username, issuer_name=issuer)


def begin(session: StaffSession, password: str, code: str, refused_words: list[str]) -> list[str]:
    """Replace a temporary password and take a new phone's first code; return one-time codes to keep on paper.

    Raises: WeakPassword, WrongCode, TooManyCodes; WrongCredentials when the account was reset or closed meanwhile.
    """
    staff = session.staff
    credentials.check_words(password, [staff.username], refused_words)
    _refuse_the_temporary(staff, password)
    hashed = credentials.hash_password(password)
    _take_totp(staff, code)
    codes = [readable_secret(10) for _ in range(RECOVERY_CODES)]
    with write():
        values = {"password_hash": hashed, "password_expires_at": None, "totp_confirmed_at": clock.now()}
        if not StaffAccount.update(values).where(_is_still(staff)).execute():
            raise credentials.WrongCredentials
        StaffRecoveryCode.delete().where(StaffRecoveryCode.staff == staff).execute()
        StaffRecoveryCode.insert_many([{"staff": staff.id, "code_digest": digest(kept)} for kept in codes]).execute()
        _confirmed(session)
        audit.by_staff(staff, audit.Act.SECOND_FACTOR_SET_UP)
    return [f"{kept[:5]}-{kept[5:]}" for kept in codes]


def _is_still(staff: StaffAccount) -> Expression:
    """Return the condition that an account's password and phone are those that were read with its session.

    A page opened before a reset would set the phone of before up again after it.
    """
    same = (StaffAccount.password_hash == staff.password_hash) & (StaffAccount.totp_secret == staff.totp_secret)
    return (StaffAccount.id == staff.id) & same & StaffAccount.closed_at.is_null()


def _refuse_the_temporary(staff: StaffAccount, password: str) -> None:
    """Want a password that nobody else has read."""
    try:
        credentials.check_hash(staff, password)
    except credentials.WrongCredentials:
        return
    raise credentials.WeakPassword(credentials.Weakness.TEMPORARY)


def change_password(session: StaffSession, current: str, password: str, code: str, refused_words: list[str]) -> None:
    """Change one's password, the present one and a code being given; every other session ends.

    A code counts once, so that the present password is guessed no faster than codes come.
    Raises: WeakPassword, WrongCode, TooManyCodes, WrongCredentials.
    """
    staff = session.staff
    credentials.check_words(password, [staff.username], refused_words)
    confirm(session, code)
    try:
        credentials.check_hash(staff, current)
    except credentials.WrongCredentials:
        refused_tries.note(refused_tries.Way.PRESENT_PASSWORD, staff=staff)
        raise
    hashed = credentials.hash_password(password)
    with write():
        credentials.want_unchanged(staff)
        StaffAccount.update(password_hash=hashed).where(StaffAccount.id == staff.id).execute()
        StaffSession.delete().where(StaffSession.staff == staff, StaffSession.id != session.id).execute()
        audit.by_staff(staff, audit.Act.STAFF_PASSWORD)


def confirm(session: StaffSession, code: str) -> None:
    """Want a code, at sign-in and again before what matters: six digits, or a one-time code.

    Raises: WrongCode, TooManyCodes.
    """
    bare = code.replace(" ", "").replace("-", "").upper()
    if len(bare) == 10:
        _take_recovery_code(session.staff, bare)
    else:
        _take_totp(session.staff, bare)
    with write():
        if session.confirmed_at is None:
            audit.by_staff(session.staff, audit.Act.STAFF_SIGNED_IN)
        _confirmed(session)


def _confirmed(session: StaffSession) -> None:
    StaffSession.update(confirmed_at=clock.now()).where(StaffSession.id == session.id).execute()


def _take_totp(staff: StaffAccount, code: str) -> None:
    _refuse_guessing(staff)
    step = _step_of(staff, code.replace(" ", ""))
    with write():
        taken = (
            StaffAccount.update(totp_last_step=step)
            .where(StaffAccount.id == staff.id, StaffAccount.totp_last_step < step)
            .execute()
        )
    if not taken:
        _blame(staff)


def _step_of(staff: StaffAccount, code: str) -> int:
    """Return the half-minute a code belongs to, 0 when it is no code of these minutes, or there is no phone yet."""
    if not staff.totp_secret:
        return 0
    now = int(clock.now().replace(tzinfo=UTC).timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(staff.totp_secret, interval=STEP_SECONDS)
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return 0


def _take_recovery_code(staff: StaffAccount, code: str) -> None:
    _refuse_guessing(staff)
    with write():
        taken = (
            StaffRecoveryCode.update(used_at=clock.now())
            .where(
                StaffRecoveryCode.staff == staff,
                StaffRecoveryCode.code_digest == digest(code),
                StaffRecoveryCode.used_at.is_null(),
            )
            .execute()
        )
        if taken:
            audit.by_staff(staff, audit.Act.RECOVERY_CODE_USED)
    if not taken:
        _blame(staff)


def _refuse_guessing(staff: StaffAccount) -> None:
    if rate_limits.is_reached(rate_limits.STAFF_CODES, str(staff.id)):
        refused_tries.note(refused_tries.Way.CLOSED, staff=staff)
        raise TooManyCodes


def _blame(staff: StaffAccount) -> None:
    rate_limits.note(rate_limits.STAFF_CODES, str(staff.id))
    refused_tries.note(refused_tries.Way.SECOND_FACTOR, staff=staff)
    raise WrongCode
