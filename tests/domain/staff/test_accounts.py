"""Staff accounts: roles are a set, the last admin stays, a temporary password passes, a session has its limits."""

from datetime import datetime, timedelta
from itertools import islice
from threading import Thread

import peewee
import pytest
import time_machine

from domain.access import credentials
from domain.access.credentials import TooBusy, WrongCredentials
from domain.staff import accounts
from models import AuditEvent, StaffAccount, StaffRecoveryCode, StaffRole, StaffSession, connected, digest
from tests.factories import make_staff
from tests.walker import PASSWORD

IS_AGENTE = StaffAccount.username == "agente"
NOON = datetime(2026, 11, 23, 17)
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def clock_stands(db):
    """Time stands still at noon, until a test moves it."""
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def chief(db) -> StaffAccount:
    return make_staff("chef", "admin")


def read(username: str) -> StaffAccount:
    return StaffAccount.get(StaffAccount.username == username)


def trail() -> list[tuple[str, str, str]]:
    return [(one.actor, one.action, one.subject) for one in AuditEvent.select().order_by(AuditEvent.id)]


# Roles


@pytest.mark.parametrize(
    ("said", "given"),
    [
        (["counter"], ("counter",)),
        (["agent"], ("counter",)),
        (["agent", "counter"], ("counter",)),
        (["admin", "finance", "finance"], ("finance", "admin")),
        (accounts.ROLES, ("counter", "finance", "programming", "admin")),
    ],
)
def test_an_account_has_the_roles_it_is_given(chief, said, given):
    accounts.add(" Lucie.B ", *said, by=chief)
    assert read("Lucie.B").roles == given
    assert trail() == [("chef", "staff added", f"Lucie.B {' '.join(given)}")]


@pytest.mark.parametrize("said", [[], [""], ["maire"], ["counter", "maire"], ["Admin"]])
def test_a_role_that_is_none_gives_nothing(chief, said):
    make_staff("lucie")
    for act in (accounts.add, accounts.change_roles):
        with pytest.raises(accounts.UnknownRole):
            act("nouvelle" if act is accounts.add else "lucie", *said, by=chief)
    assert read("lucie").roles == ("counter",)
    assert StaffAccount.select().count() == 2
    assert trail() == []


def test_a_name_is_given_once_however_it_is_written_and_after_it_is_closed(chief):
    make_staff("lucie.b")
    accounts.close("lucie.b", chief)
    with pytest.raises(accounts.NameTaken):
        accounts.add(" LUCIE.b ", "admin", by=chief)
    assert StaffAccount.select().count() == 2
    assert read("lucie.b").roles == ("counter",)


def test_roles_are_set_as_a_whole_and_what_is_open_ends(chief):
    lucie, marc = make_staff("lucie", "counter", "finance"), make_staff("marc")
    for one in (lucie, marc, chief):
        accounts.start_session(one, confirmed=True)
    accounts.change_roles("LUCIE", "programming", "agent", by=chief)
    assert read("lucie").roles == ("counter", "programming")
    assert {one.staff for one in StaffSession.select()} == {marc, chief}
    assert trail() == [("chef", "staff role", "lucie counter programming")]


def test_everyone_is_listed_by_name_with_roles_in_as_many_queries_for_many(chief, queries):
    make_staff("Aline", "finance", "counter")
    make_staff("bernard", closed_at=NOON)
    with queries() as few:
        assert [(one.username, one.roles) for one in accounts.everyone()] == [
            ("Aline", ("counter", "finance")),
            ("chef", ("admin",)),
        ]
    for number in range(5):
        make_staff(f"autre{number}")
    with queries() as many:
        assert all(one.roles for one in accounts.everyone())
    assert len(few) == len(many)


@pytest.mark.parametrize("role", ["agent", "maire", ""])
def test_the_database_knows_four_roles_each_once(chief, role):
    with pytest.raises(peewee.IntegrityError), StaffRole._meta.database.atomic():
        StaffRole.create(staff=chief, role=role)
    with pytest.raises(peewee.IntegrityError), StaffRole._meta.database.atomic():
        StaffRole.create(staff=chief, role="admin")


# Never one's own, never the last admin


def test_ones_own_account_is_for_others_to_change(chief):
    make_staff("autre", "admin")
    accounts.start_session(chief)
    for act in (
        lambda: accounts.change_roles("CHEF", "counter", by=chief),
        lambda: accounts.close("chef", chief),
        lambda: accounts.reset("chef", chief),
    ):
        with pytest.raises(accounts.OwnAccount):
            act()
    assert read("chef").roles == ("admin",)
    assert read("chef").closed_at is None
    assert StaffSession.select().count() == 1
    assert trail() == []


def test_the_last_admin_keeps_the_role_and_the_account(chief):
    make_staff("parti", "admin", closed_at=NOON)
    make_staff("lucie", "counter", "finance", "programming")
    accounts.start_session(chief)
    for act in (lambda: accounts.change_roles("chef", *accounts.ROLES[:3]), lambda: accounts.close("chef")):
        with pytest.raises(accounts.LastAdmin):
            act()
    assert read("chef").roles == ("admin",)
    assert read("chef").closed_at is None
    assert StaffSession.select().count() == 1, "nothing of the change is left"
    assert trail() == []


def test_of_two_admins_one_may_go(chief):
    make_staff("autre", "admin", "counter")
    accounts.change_roles("autre", "counter", by=chief)
    with pytest.raises(accounts.LastAdmin):
        accounts.close("chef", read("autre"))
    accounts.change_roles("autre", "counter", "admin", by=chief)
    accounts.close("chef", read("autre"))
    assert [one.username for one in accounts.everyone()] == ["autre"]


@pytest.mark.parametrize("username", ["personne", "partie", ""])
def test_nobody_of_that_name_is_changed(chief, username):
    make_staff("partie", closed_at=NOON)
    for act in (
        lambda: accounts.change_roles(username, "admin", by=chief),
        lambda: accounts.close(username, chief),
        lambda: accounts.reset(username, chief),
    ):
        with pytest.raises(accounts.NoSuchStaff):
            act()
    assert read("partie").roles == ("counter",)


# Temporary passwords


def test_a_temporary_password_opens_for_three_days(clock_stands):
    password = accounts.add("lucie", "counter")
    clock_stands.shift(accounts.TEMPORARY_FOR)
    assert accounts.find_session(accounts.sign_in("Lucie", password)).confirmed_at is None
    clock_stands.shift(A_SECOND)
    with pytest.raises(WrongCredentials):
        accounts.sign_in("lucie", password)


def voided_while_checked() -> str:
    """Void a password while the thread that tries it waits for its turn to hash; return what became of the try."""
    StaffAccount.update(password_hash=credentials.hash_password(PASSWORD)).where(IS_AGENTE).execute()
    became = []

    def comes_in() -> None:
        with connected():
            try:
                became.append(f"in: {accounts.sign_in('agente', PASSWORD)}")
            except (WrongCredentials, TooBusy) as refusal:
                became.append(type(refusal).__name__)

    with credentials.hashing():
        other = Thread(target=comes_in)
        other.start()
        while other.is_alive() and credentials._at_the_door._value:  # until she stands there
            other.join(0.001)
        StaffAccount.update(password_hash="nobody's").where(IS_AGENTE).execute()
    other.join()
    return became[0]


def test_a_password_voided_while_it_is_checked_opens_no_session(app, chief):
    """Whoever has it would come in after the reset, and set up a telephone of her own."""
    make_staff("agente")
    before = list(islice(iter(voided_while_checked, "WrongCredentials"), 5))
    assert len(before) < 5
    assert set(before) <= {"TooBusy"}, "on a slow machine her turn does not come within its second"
    assert not StaffSession.select().exists()


def test_who_signs_in_again_with_a_temporary_password_makes_the_one_before_leave(clock_stands):
    password = accounts.add("lucie", "counter")
    before = accounts.sign_in("lucie", password)
    StaffAccount.update(totp_secret="seen").execute()
    after = accounts.sign_in("lucie", password)
    assert accounts.find_session(before) is None
    assert accounts.find_session(after)
    assert read("lucie").totp_secret == ""


def test_a_reset_gives_another_password_and_takes_the_phone_the_paper_and_what_is_open(chief):
    first = accounts.add("lucie", "finance")
    lucie = read("lucie")
    StaffAccount.update(totp_secret="secret", totp_confirmed_at=NOON).where(StaffAccount.id == lucie.id).execute()
    for one in (lucie, chief):
        accounts.start_session(one)
        StaffRecoveryCode.create(staff=one, code_digest=digest(one.username))
    second = accounts.reset("lucie", chief)
    with pytest.raises(WrongCredentials):
        accounts.sign_in("lucie", first)
    assert [one.staff for one in StaffSession.select()] == [chief]
    assert [one.staff for one in StaffRecoveryCode.select()] == [chief]
    assert accounts.sign_in("lucie", second)
    assert (read("lucie").totp_confirmed_at, read("lucie").roles) == (None, ("finance",))
    assert trail()[-1] == ("chef", "staff reset", "lucie")


@pytest.mark.parametrize(("username", "password"), [("lucie", "autre"), ("lucie", ""), ("personne", None), ("", None)])
def test_a_wrong_name_or_password_opens_nothing(db, username, password):
    right = accounts.add("lucie", "counter")
    with pytest.raises(WrongCredentials):
        accounts.sign_in(username, right if password is None else password)
    assert not StaffSession.select().exists()


# Sessions


def test_a_session_is_its_tokens_and_only_its_digest_is_kept(chief):
    token = accounts.start_session(chief, confirmed=True)
    session = accounts.find_session(token)
    assert session.staff == chief
    assert session.confirmed_at
    assert session.token_digest == digest(token)
    assert accounts.find_session(session.token_digest) is None
    accounts.end_session(session)
    assert accounts.find_session(token) is None


def test_an_idle_session_ends_and_one_that_is_seen_goes_on_to_the_day_s_limit(clock_stands, chief):
    idle, busy = accounts.start_session(chief), accounts.start_session(chief)
    for _ in range(accounts.ABSOLUTE // accounts.IDLE):
        clock_stands.shift(accounts.IDLE)
        assert accounts.find_session(busy)
    assert accounts.find_session(idle) is None
    clock_stands.shift(A_SECOND)
    assert accounts.find_session(busy) is None
    accounts.forget_expired()
    assert not StaffSession.select().exists()


def test_what_may_still_be_used_is_not_forgotten(clock_stands, chief):
    accounts.start_session(chief)
    clock_stands.shift(accounts.IDLE)
    accounts.forget_expired()
    assert StaffSession.select().exists()


def test_a_closed_account_has_no_session_and_no_way_in(chief):
    password = accounts.add("lucie", "counter")
    token = accounts.sign_in("lucie", password)
    accounts.close("lucie", chief)
    assert accounts.find_session(token) is None
    assert not StaffSession.select().exists()
    with pytest.raises(WrongCredentials):
        accounts.sign_in("lucie", password)
    assert trail()[-1] == ("chef", "staff closed", "lucie")
