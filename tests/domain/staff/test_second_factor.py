"""The second factor: a code counts once, in its minute, and none can be guessed."""

from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine

from domain.access import credentials
from domain.common import rate_limits
from domain.staff import accounts, second_factor
from domain.staff.second_factor import TooManyCodes, WrongCode
from models import AuditEvent, StaffAccount, StaffRecoveryCode, StaffSession, digest
from settings import LIMITS
from tests.factories import make_staff

TEMPORARY, PASSWORD, NEW = "grive solitaire 12", "mésange du lac 27", "un canot bleu 3"
NOON = datetime(2026, 11, 23, 17)  # a half-minute begins


@pytest.fixture
def clock_stands(app):
    """Time stands still at noon, until a test moves it."""
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def staff(clock_stands) -> StaffAccount:
    """Someone with a temporary password and no phone yet."""
    return make_staff(password_hash=credentials.hash_password(TEMPORARY), password_expires_at=NOON + timedelta(days=3))


def opens(staff: StaffAccount) -> StaffSession:
    """A browser that has given the password, as it is read back."""
    made = StaffSession.create(token_digest=digest(f"{StaffSession.select().count()}"), staff=staff)
    return StaffSession.select(StaffSession, StaffAccount).join(StaffAccount).where(StaffSession.id == made.id).get()


def code(staff: StaffAccount, after: int = 0) -> str:
    """Return what the phone shows so many half-minutes from noon."""
    return pyotp.TOTP(StaffAccount.get_by_id(staff.id).totp_secret).at(NOON + timedelta(seconds=30 * after))


def begin(staff: StaffAccount, password: str = PASSWORD, **how) -> list[str]:
    second_factor.secret_for(staff)
    return second_factor.begin(opens(staff), password, how.get("code", code(staff)), ["magog"])


@pytest.fixture
def known(staff, clock_stands) -> StaffAccount:
    """Someone who has set her phone up, half an hour ago."""
    begin(staff)
    StaffAccount.update(totp_last_step=0).execute()
    StaffSession.delete().execute()
    return staff


def actions() -> list[tuple[str, str]]:
    return [(one.actor, one.action) for one in AuditEvent.select().order_by(AuditEvent.id)]


def test_a_secret_is_made_once_and_stands_in_the_address_for_the_phone(staff):
    secret = second_factor.secret_for(staff)
    assert second_factor.secret_for(StaffAccount.get_by_id(staff.id)) == secret
    other = make_staff("autre")
    assert second_factor.secret_for(other) != secret
    address = second_factor.address_for(staff, "Ville de Magog")
    assert pyotp.parse_uri(address).secret == secret
    assert address.startswith("otpauth://totp/Ville%20de%20Magog:agente?")


def test_the_first_visit_replaces_the_password_and_gives_ten_codes_of_which_only_digests_are_kept(staff):
    codes = begin(staff)
    kept = StaffAccount.get_by_id(staff.id)
    credentials.check_hash(kept, PASSWORD)
    assert (kept.password_expires_at, kept.totp_confirmed_at) == (None, NOON)
    assert StaffSession.get().confirmed_at == NOON
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    stored = {row.code_digest for row in StaffRecoveryCode.select()}
    assert stored == {digest(one.replace("-", "")) for one in codes}
    assert actions() == [(staff.username, "second factor set up")]


def test_a_reset_voids_the_codes_given_before(staff):
    before = begin(staff)
    StaffAccount.update(totp_last_step=0).execute()
    begin(staff, NEW)
    assert StaffRecoveryCode.select().count() == second_factor.RECOVERY_CODES
    with pytest.raises(WrongCode):
        second_factor.confirm(opens(staff), before[0])


@pytest.mark.parametrize(
    ("password", "typed", "refused"),
    [
        (TEMPORARY, None, credentials.WeakPassword),
        ("court", None, credentials.WeakPassword),
        ("magog magog", None, credentials.WeakPassword),
        (PASSWORD, "000000", WrongCode),
        (PASSWORD, "", WrongCode),
    ],
)
def test_a_first_visit_that_is_wrong_changes_nothing(staff, password, typed, refused):
    second_factor.secret_for(staff)
    with pytest.raises(refused):
        begin(staff, password, code=code(staff) if typed is None else typed)
    kept = StaffAccount.get_by_id(staff.id)
    credentials.check_hash(kept, TEMPORARY)
    assert (kept.totp_confirmed_at, kept.totp_last_step, StaffSession.get().confirmed_at) == (None, 0, None)
    assert not StaffRecoveryCode.select().exists()


def test_without_a_secret_no_code_is_right(staff):
    """As in a browser whose page is older than a second sign-in with the temporary password."""
    for act in (
        lambda: second_factor.begin(opens(staff), PASSWORD, "123456", []),
        lambda: second_factor.confirm(opens(staff), "123456"),
    ):
        with pytest.raises(WrongCode):
            act()


@pytest.mark.parametrize(("after", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(known, after, taken):
    session = opens(known)
    if taken:
        second_factor.confirm(session, code(known, after))
    else:
        with pytest.raises(WrongCode):
            second_factor.confirm(session, code(known, after))
    assert bool(StaffSession.get().confirmed_at) is taken


def test_a_code_counts_once_and_none_before_it_counts_after(known):
    second_factor.confirm(opens(known), code(known))
    for after in (0, -1):
        with pytest.raises(WrongCode):
            second_factor.confirm(opens(known), code(known, after))
    second_factor.confirm(opens(known), code(known, 1))


def test_a_code_opens_the_browser_it_was_typed_in_and_no_other(known):
    here, elsewhere = opens(known), opens(known)
    second_factor.confirm(here, code(known))
    assert {one.id: bool(one.confirmed_at) for one in StaffSession.select()} == {here.id: True, elsewhere.id: False}


def test_anothers_code_is_wrong(known):
    other = make_staff("autre")
    second_factor.secret_for(other)
    with pytest.raises(WrongCode):
        second_factor.confirm(opens(known), code(other))


def test_a_code_from_paper_counts_once_for_its_owner_however_it_is_typed(staff):
    [first, second, *_] = begin(staff)
    other = make_staff("autre")
    with pytest.raises(WrongCode):
        second_factor.confirm(opens(other), first)
    second_factor.confirm(opens(staff), first.lower())
    with pytest.raises(WrongCode):
        second_factor.confirm(opens(staff), first)
    second_factor.confirm(opens(staff), f" {second.replace('-', ' ')} ")
    assert [action for _, action in actions()].count("recovery code used") == 2


def test_signing_in_is_noted_once_and_a_code_asked_again_moves_its_moment(known, clock_stands):
    session = opens(known)
    second_factor.confirm(session, code(known))
    clock_stands.shift(60)
    second_factor.confirm(StaffSession.get(), code(known, 2))
    assert StaffSession.get().confirmed_at == NOON + timedelta(seconds=60)
    assert [action for _, action in actions()].count("staff signed in") == 1


def test_wrong_codes_close_the_account_for_a_while_to_the_right_one_too_and_to_nobody_elses(staff, clock_stands):
    [paper, *_] = begin(staff)
    limit = LIMITS[rate_limits.STAFF_CODES]
    for wrong in ["000000", "ABCDE-FGHJK"] * limit.most:
        with pytest.raises((WrongCode, TooManyCodes)):
            second_factor.confirm(opens(staff), wrong)
    for right in (code(staff, 1), paper):
        with pytest.raises(TooManyCodes):
            second_factor.confirm(opens(staff), right)
    other = make_staff("autre")
    second_factor.secret_for(other)
    second_factor.confirm(opens(other), code(other))
    clock_stands.shift(limit.minutes * 60)
    second_factor.confirm(opens(staff), paper)


def test_a_password_is_changed_with_the_present_one_and_a_code_and_the_other_sessions_end(known):
    here, _elsewhere, anothers = opens(known), opens(known), opens(make_staff("autre"))
    second_factor.change_password(here, PASSWORD, NEW, code(known), ["magog"])
    credentials.check_hash(StaffAccount.get_by_id(known.id), NEW)
    assert set(StaffSession.select()) == {here, anothers}
    assert actions()[-1] == (known.username, "staff password")


@pytest.mark.parametrize(
    ("current", "password", "right_code", "refused"),
    [
        ("pas celui-là", NEW, True, credentials.WrongCredentials),
        (PASSWORD, NEW, False, WrongCode),
        (PASSWORD, "court", True, credentials.WeakPassword),
    ],
)
def test_a_password_stays_when_anything_given_is_wrong(known, current, password, right_code, refused):
    here, _elsewhere = opens(known), opens(known)
    with pytest.raises(refused):
        second_factor.change_password(here, current, password, code(known) if right_code else "000000", ["magog"])
    credentials.check_hash(StaffAccount.get_by_id(known.id), PASSWORD)
    assert StaffSession.select().count() == 2
    assert "staff password" not in [action for _, action in actions()]


def test_the_present_password_is_guessed_no_faster_than_codes_come(known):
    shown = code(known)
    with pytest.raises(credentials.WrongCredentials):
        second_factor.change_password(opens(known), "pas celui-là", NEW, shown, [])
    with pytest.raises(WrongCode):
        second_factor.change_password(opens(known), PASSWORD, NEW, shown, [])


# An admin resets the account while its holder, or whoever has the temporary password, sets a phone up


@pytest.mark.parametrize("meanwhile", ["nothing", "a reset", "another entry", "its closing"])
def test_a_first_time_page_opened_before_a_reset_sets_up_nothing_after_it(staff, meanwhile):
    """What the page was opened with is read before; with nothing in between it does set up: the test's control."""
    second_factor.secret_for(staff)
    mine, typed = opens(staff), code(staff)
    chief, name = make_staff("chef", "admin"), staff.username
    before = {
        "nothing": lambda: "",
        "a reset": lambda: accounts.reset(name, chief),
        "another entry": lambda: accounts.sign_in(name, TEMPORARY),
        "its closing": lambda: accounts.close(name, chief),
    }
    given = before[meanwhile]()
    if meanwhile == "nothing":
        assert second_factor.begin(mine, PASSWORD, typed, [])
        assert StaffAccount.get_by_id(staff.id).totp_confirmed_at
        return
    with pytest.raises(credentials.WrongCredentials):
        second_factor.begin(mine, PASSWORD, typed, [])
    now = StaffAccount.get_by_id(staff.id)
    assert now.totp_confirmed_at is None
    assert meanwhile == "its closing" or now.totp_secret == ""
    assert not StaffRecoveryCode.select().exists()
    assert "second factor set up" not in [action for _actor, action in actions()]
    temporary = given if meanwhile == "a reset" else TEMPORARY
    assert now.closed_at or accounts.sign_in(staff.username, temporary), "the temporary password opens still"
