"""The first factor alone opens nothing."""

import pytest

from app import create_app
from domain.access.credentials import fold
from domain.common import clock, rate_limits
from domain.common.pseudonyms import pseudonym
from models import Attempt, StaffAccount, StaffSession
from settings import LIMITS, load
from tests.staff.conftest import A_DAY, PASSWORD

EVERY_PAGE = (
    "/personnel",
    "/personnel/carte",
    "/personnel/remboursement",
    "/personnel/export",
    "/personnel/comptes",
    "/personnel/incidents",
    "/personnel/journal",
    "/personnel/demandes/1",
    "/personnel/changements",
    "/personnel/mot-de-passe",
)


def test_page_comes_whole_and_as_fragment(app, client):
    assert "Personnel de la Ville" in client.get_page("/personnel/connexion")


@pytest.mark.parametrize("path", EVERY_PAGE)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_nothing_opens_without_a_password(client, path, headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code in (303, 204)
    assert "/personnel/connexion" in answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_nothing_opens_with_a_password_alone(clerk, path):
    clerk.signs_out()
    clerk.gives_password()
    assert clerk.client.get(path).location.endswith("/personnel/code")


def test_a_resident_is_not_staff(citizen):
    citizen.joins()
    assert citizen.client.get("/personnel").status_code == 303


def test_staff_are_not_residents(clerk):
    assert clerk.client.get("/mon-dossier").status_code == 303


def test_unknown_name_and_wrong_password_are_answered_alike(clerk):
    clerk.signs_out()
    wrong = clerk.gives_password("autre chose 27")
    clerk.username = "inconnue"
    unknown = clerk.gives_password()
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.count("ne vont pas ensemble") == unknown.text.count("ne vont pas ensemble") > 0


def test_a_temporary_password_expires(app, hires):
    clerk = hires("counter")
    clerk.signs_out()
    StaffAccount.update(password_expires_at=clock.now() - A_DAY).execute()
    assert clerk.gives_password(PASSWORD).status_code == 422


def test_a_closed_account_opens_nothing_more(clerk):
    StaffAccount.update(closed_at=clock.now()).execute()
    assert clerk.client.get("/personnel").status_code == 303
    assert clerk.gives_password().status_code == 422


def test_signing_in_again_ends_the_session_before(clerk):
    before = {row.token_digest for row in StaffSession.select()}
    assert clerk.post("/personnel/connexion", username=clerk.username, password=PASSWORD).status_code == 303
    after = {row.token_digest for row in StaffSession.select()}
    assert len(after) == 1
    assert not after & before


def test_idle_and_absolute_limits_end_a_session(clerk):
    StaffSession.update(seen_at=clock.now() - A_DAY / 24).execute()
    assert clerk.client.get("/personnel").status_code == 303
    StaffSession.update(seen_at=clock.now(), created_at=clock.now() - A_DAY).execute()
    assert clerk.client.get("/personnel").status_code == 303


def test_many_wrong_passwords_want_a_proof_of_work_and_lock_nobody_out(environment, clerk):
    clerk.signs_out()
    for _ in range(LIMITS[rate_limits.ACCOUNT].most):
        clerk.gives_password("autre chose 27")
    assert rate_limits.wants_proof(f"staff:{fold(clerk.username)}", "10.0.0.1")
    assert clerk.gives_password().status_code == 303  # no proof is wanted in the tests' environment


def test_a_residents_failures_do_not_count_for_staff(clerk, citizen):
    for _ in range(LIMITS[rate_limits.ACCOUNT].most):
        citizen.signs_in(clerk.username, "autre chose 27")
    Attempt.delete().where(Attempt.kind.in_(rate_limits.SIGN_INS)).execute()
    assert not rate_limits.wants_proof(f"staff:{fold(clerk.username)}", "10.0.0.1")


def test_then_without_a_proof_past_the_sites_allowance_even_the_right_password_waits(environment, clerk):
    clerk.signs_out()
    environment["CAPTCHA"] = "altcha"
    clerk.client = create_app(load(environment)).test_client()
    counted = [(rate_limits.ACCOUNT, pseudonym(f"staff:{fold(clerk.username)}")), (rate_limits.UNPROVEN, "")]
    for kind, key in counted:
        Attempt.insert_many([{"kind": kind, "key": key}] * LIMITS[kind].most).execute()
    answer = clerk.gives_password()
    assert answer.status_code == 422
    assert "vérification n’a pas abouti" in answer.text
    Attempt.delete().where(Attempt.kind == rate_limits.ACCOUNT).execute()
    assert clerk.gives_password().status_code == 303
