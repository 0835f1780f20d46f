"""An alert is closed by a person, once."""

import pytest

from domain.common import alerts
from models import Alert, AuditEvent, write


def test_it_leaves_the_list_and_is_noted_once(clerk):
    with write():
        alerts.raise_alert(alerts.Kind.GUESSING, "2026")
    path = f"/personnel/alertes/{Alert.get().id}"
    for _ in range(2):
        assert clerk.post(path, "/personnel").status_code == 303
    assert "beaucoup" not in clerk.client.get("/personnel").text
    assert AuditEvent.select().where(AuditEvent.action == "alert settled").count() == 1


@pytest.mark.parametrize(("role", "settles"), [("finance", True), ("programming", False), ("admin", True)])
def test_only_who_is_shown_alerts_settles_them(hires, role, settles):
    with write():
        alerts.raise_alert(alerts.Kind.GUESSING, "2026")
    clerk = hires(role)
    answer = clerk.post(f"/personnel/alertes/{Alert.get().id}", "/personnel/mot-de-passe")
    assert answer.status_code == (303 if settles else 403)
    assert bool(alerts.open_alerts()) is not settles
    assert AuditEvent.select().where(AuditEvent.action == "alert settled").exists() is settles


def test_without_the_forms_token_it_stays(clerk):
    with write():
        alerts.raise_alert(alerts.Kind.GUESSING, "2026")
    clerk.client.post(f"/personnel/alertes/{Alert.get().id}")
    assert alerts.open_alerts()


def test_one_that_does_not_exist_changes_nothing(clerk):
    assert clerk.post("/personnel/alertes/99999999", "/personnel").status_code == 303
