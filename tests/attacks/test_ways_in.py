"""Every way in, and every way it ends: who came in is in the audit, what was refused is counted (ASVS 16.3.1).

A form of these areas that the list does not name fails: whoever adds a way in says here what is kept of it.
"""

from datetime import date
from types import SimpleNamespace

import pytest

from domain.access import email_confirmation, email_undo, password_reset
from domain.common import clock, rate_limits
from models import Account, AuditEvent, Person, RefusedTry, Separation, write
from settings import LIMITS
from tests.attacks.conftest import rules
from tests.databases import dump
from tests.factories import make_household
from tests.staff.conftest import PASSWORD as STAFF_PASSWORD
from tests.staff.conftest import Clerk
from tests.walker import PASSWORD, Citizen

NEW, TYPED = "érable patient 81", "mésange égarée 99"
AREAS = ("account.", "forgotten.", "access.", "privacy.close", "staff.entry.")
NOT_A_WAY_IN = {
    "forgotten.username": "sends a letter, the same said to everyone",
    "forgotten.password": "sends a letter, the same said to everyone",
    "forgotten.card": "sends a letter, the same said to everyone",
    "access.reminders": "a choice of somebody signed in",
    "access.receipts_attached": "a choice of somebody signed in",
    "access.cancel_email": "closes a way, and is noted as such",
}


@pytest.fixture
def it(app, citizen) -> SimpleNamespace:
    """A resident who has an account and is out, her browser, and a clerk at hers."""
    citizen.joins(email="g@example.com")
    Account.update(email_confirmed_at=clock.now(), created_at=clock.now()).execute()
    citizen.signs_out()
    clerk = Clerk(app, "counter.magog", "counter")
    clerk.sets_up()
    clerk.signs_out()
    return SimpleNamespace(app=app, citizen=citizen, account=Account.get(), clerk=clerk, newcomer=newcomer(app))


def newcomer(app) -> Citizen:
    return Citizen(app.test_client(), make_household())


def portal(it):
    return it.app.extensions["portal"]


def signed_in(it) -> Citizen:
    it.citizen.signs_in()
    return it.citizen


def reset_link(it) -> str:
    with write():
        return password_reset.open_link(it.account)


def undo_link(it) -> str:
    with write():
        email_undo.offer(it.account, portal(it).letters, portal(it).city)
    body = dump().partition("/retablir-courriel/")[2]
    return body[:43]


def needs_code(it) -> Citizen:
    home = it.newcomer.person.memberships.get().household
    Separation.create(person=it.newcomer.person, household=home, apart=make_household())
    it.newcomer.identifies()
    return it.newcomer


def tries_codes(it, code: str, times: int = 1) -> None:
    for _ in range(times):
        it.citizen.post("/oubli/code-recu", one_time_code=code)


def tries_present(it, times: int) -> None:
    citizen = signed_in(it)
    fields = {"password": NEW, "password_again": NEW}
    for _ in range(times):
        citizen.post("/mon-dossier/acces/mot-de-passe", current=TYPED, **fields)


def changes_password(it) -> None:
    fields = {"current": PASSWORD, "password": NEW, "password_again": NEW}
    signed_in(it).post("/mon-dossier/acces/mot-de-passe", **fields)


def posts_signed_in(it, path: str, **fields: str) -> None:
    signed_in(it).post(path, **fields)


def confirms(it, password: str) -> None:
    token = email_confirmation.ask_confirmation(it.account, "new@example.com")
    it.citizen.post(f"/courriel/{token}", account_password=password)


def clerk_gives(it, code: str, times: int = 1) -> None:
    it.clerk.gives_password()
    for _ in range(times):
        it.clerk.post("/personnel/code", code=code)


def clerk_changes(it, current: str) -> None:
    it.clerk.signs_in()
    fields = {"current": current, "password": NEW, "password_again": NEW, "code": it.clerk.code()}
    it.clerk.post("/personnel/mot-de-passe", **fields)


def new_clerk(it, code: str = "") -> None:
    new = Clerk(it.app, "nouvelle.magog", "counter")
    new.sets_up(**({"code": code} if code else {}))


MOST_CODES = LIMITS[rate_limits.WRONG_CODES[0]].most
# The endpoint, what is done there, and what is kept of it: an act of the audit, or a way that refused.
CASES = [
    ("account.sign_in", lambda it: it.citizen.signs_in(), "signed in"),
    ("account.sign_in", lambda it: it.newcomer.signs_in(), "signed in, new browser"),
    ("account.sign_in", lambda it: it.citizen.signs_in(password=TYPED), ("password", "genevieve")),
    ("account.sign_in", lambda it: it.citizen.signs_in(username="g@example.com", password=TYPED), ("password", "g")),
    ("account.sign_in", lambda it: it.citizen.signs_in(username=TYPED, password=TYPED), ("password", None)),
    ("account.sign_out", lambda it: signed_in(it).signs_out(), "signed out"),
    ("account.card", lambda it: it.newcomer.identifies(born=date(1990, 1, 1)), ("card and birth date", None)),
    ("account.credentials", lambda it: it.newcomer.joins(username="neuve"), "account created"),
    ("account.credentials", lambda it: it.newcomer.joins(username="neuve"), "signed in"),
    ("account.credentials", lambda it: needs_code(it).chooses("neuve", code="ABCDE-FGHJK"), ("one-time code", None)),
    ("account.confirm_email", lambda it: confirms(it, PASSWORD), "email confirmed"),
    ("account.confirm_email", lambda it: confirms(it, TYPED), ("present password", "genevieve")),
    ("account.restore_email", lambda it: it.citizen.post(f"/retablir-courriel/{undo_link(it)}"), "email put back"),
    ("forgotten.code", lambda it: tries_codes(it, "ABCDE-FGHJK"), ("one-time code", None)),
    ("forgotten.code", lambda it: tries_codes(it, "ABCDE-FGHJK", MOST_CODES + 1), ("closed for a while", None)),
    (
        "forgotten.new_password",
        lambda it: it.citizen.post(f"/mot-de-passe/{reset_link(it)}", password=NEW, password_again=NEW),
        "password recovered",
    ),
    ("forgotten.new_password", lambda it: it.citizen.client.get("/mot-de-passe/perime"), ("one-time code", None)),
    ("access.password", changes_password, "password changed"),
    ("access.password", lambda it: tries_present(it, 1), ("present password", "genevieve")),
    ("access.password", lambda it: tries_present(it, 6), ("closed for a while", "genevieve")),
    (
        "access.email",
        lambda it: posts_signed_in(it, "/mon-dossier/acces/courriel", current=TYPED, email="n@example.com"),
        ("present password", "genevieve"),
    ),
    (
        "access.username",
        lambda it: posts_signed_in(it, "/mon-dossier/acces/code", current=TYPED, username="neuve"),
        ("present password", "genevieve"),
    ),
    (
        "access.close_others",
        lambda it: signed_in(it).post("/mon-dossier/acces/fermer", "/mon-dossier/acces"),
        "others closed",
    ),
    (
        "privacy.close",
        lambda it: posts_signed_in(it, "/mon-dossier/renseignements/fermer", current=TYPED),
        ("present password", "genevieve"),
    ),
    ("staff.entry.sign_in", lambda it: it.clerk.gives_password(TYPED), ("password", "counter.magog")),
    ("staff.entry.code", lambda it: clerk_gives(it, it.clerk.code()), "staff signed in"),
    ("staff.entry.code", lambda it: clerk_gives(it, "000000"), ("second factor", "counter.magog")),
    ("staff.entry.code", lambda it: clerk_gives(it, "ABCDE-FGHJK"), ("second factor", "counter.magog")),
    ("staff.entry.code", lambda it: clerk_gives(it, "000000", 6), ("closed for a while", "counter.magog")),
    ("staff.entry.first_time", new_clerk, "second factor set up"),
    ("staff.entry.first_time", lambda it: new_clerk(it, "000000"), ("second factor", "nouvelle.magog")),
    ("staff.entry.password", lambda it: clerk_changes(it, STAFF_PASSWORD), "staff password"),
    ("staff.entry.password", lambda it: clerk_changes(it, TYPED), ("present password", "counter.magog")),
    (
        "staff.entry.sign_out",
        lambda it: (it.clerk.signs_in(), it.clerk.signs_out()),
        "staff signed out",
    ),
]


def kept() -> set:
    """Return what is kept: the acts, and the ways that refused with whose account it was."""
    names = {row.id: row for row in RefusedTry.select()}
    return {event.action for event in AuditEvent.select()} | {(row.kind, whose(row)) for row in names.values()}


def whose(row: RefusedTry) -> str | None:
    owner = row.account or row.staff
    return owner.username if owner else None


@pytest.mark.parametrize(("endpoint", "does", "noted"), CASES, ids=[f"{one[0]}-{one[2]}" for one in CASES])
def test_every_way_in_is_kept_with_its_outcome(it, endpoint, does, noted):
    if isinstance(noted, tuple) and noted[1] == "g":
        noted = (noted[0], "genevieve")
    before = AuditEvent.select().count()
    RefusedTry.delete().execute()
    does(it)
    new = {event.action for event in AuditEvent.select().where(AuditEvent.id > before)}
    assert noted in (kept() if isinstance(noted, tuple) else new)
    assert TYPED not in dump(), "what was typed is not kept"


def test_every_form_of_these_areas_is_named(app):
    there = {rule.endpoint for rule in rules(app, "POST") if rule.endpoint.startswith(AREAS)}
    named = {endpoint for endpoint, _does, _noted in CASES}
    assert there - named == set(NOT_A_WAY_IN)


@pytest.mark.parametrize("forges", ["sign in", "forgotten"])
def test_a_missing_proof_is_counted(environment, forges, request):
    environment["CAPTCHA"] = "altcha"
    it = request.getfixturevalue("app")
    client = Citizen(it.test_client(), make_household())
    if forges == "sign in":
        for _ in range(LIMITS[rate_limits.ACCOUNT].most + 1):
            client.post("/connexion", username="x", password=TYPED, altcha="forged")
    else:
        client.post("/oubli/code?par=courriel", email="x@example.com", altcha="forged")
    assert RefusedTry.get(RefusedTry.kind == "proof of work").count == 1


def test_an_address_that_is_closed_is_counted(it):
    most = LIMITS[rate_limits.ADDRESS].most
    for _ in range(most + 1):
        it.newcomer.identifies(born=date(1990, 1, 1))
    assert Person.select().exists()
    assert RefusedTry.select().where(RefusedTry.kind == "closed for a while").exists()
