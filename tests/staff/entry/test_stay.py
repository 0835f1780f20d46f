"""Staff are told of the end too, and keep what they typed."""

import re
from datetime import timedelta

from domain.common import clock
from models import StaffSession

PATH = "/personnel/incidents"


def test_pages_say_when_they_close(clerk):
    assert 'data-stay="/personnel/session"' in clerk.client.get("/personnel").text
    assert clerk.client.get("/personnel/session").status_code == 204


def test_a_long_text_is_not_lost(admin):
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', admin.client.get(PATH).text)[1]
    StaffSession.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    data = {"csrf_token": csrf, "circumstances": "Un long récit", "known_on": "2026-11-20"}
    assert admin.client.post(PATH, data=data).status_code == 303
    assert "ce que vous aviez écrit vous attend" in admin.client.get("/personnel/connexion").text
    admin.signs_in()
    page = admin.client.get(PATH).text
    assert "Un long récit" in page
    assert 'value="2026-11-20"' in page
