"""How long a signed-in browser stays signed in."""

from datetime import timedelta

from domain.access import sessions
from domain.common import clock
from models import Session
from tests.databases import held

LARGEST_COOKIE = 240  # bytes


def ages(**fields) -> None:
    """Move a moment of the only session into the past."""
    Session.update({name: clock.now() - age for name, age in fields.items()}).execute()


def test_half_an_hour_without_a_page_ends_it(citizen):
    citizen.joins()
    ages(seen_at=timedelta(minutes=31))
    assert citizen.client.get("/mon-dossier").status_code == 303


def test_twelve_hours_end_it_whatever_was_seen(citizen):
    citizen.joins()
    ages(created_at=timedelta(hours=13))
    assert citizen.client.get("/mon-dossier").status_code == 303


def test_a_page_seen_keeps_it(citizen):
    citizen.joins()
    ages(seen_at=timedelta(minutes=20))
    assert citizen.client.get("/mon-dossier").status_code == 200
    sessions.note_seen()
    assert clock.now() - Session.get().seen_at < timedelta(minutes=1)


def test_reading_waits_for_no_long_import(citizen, database_url):
    citizen.joins()
    ages(seen_at=timedelta(minutes=20))
    with held(database_url):
        assert citizen.client.get("/mon-dossier").status_code == 200


def test_the_cookie_holds_no_more_than_what_is_read(citizen):
    citizen.joins()
    citizen.client.get("/mon-dossier")
    with citizen.client.session_transaction() as held_there:
        assert set(held_there) == {"csrf_token", "owner", "_user_id"}
    cookie = citizen.client.get_cookie("portail")
    assert len(f"portail={cookie.value}") <= LARGEST_COOKIE
