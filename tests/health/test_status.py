"""/sante."""

from datetime import timedelta

from domain.common import clock
from models import Message


def test_all_well(client):
    response = client.get("/sante")
    assert response.status_code == 200
    assert response.json["status"] == "ok"
    assert response.json["payments_unresolved"] == 0
    assert response.json["schema"]


def test_others_get_the_status_alone(client):
    response = client.get("/sante", environ_base={"REMOTE_ADDR": "203.0.113.5"})
    assert response.json == {"status": "ok"}


def test_late_mail_is_said(client):
    Message.create(recipient="a@example.com", subject="s", body="b", created_at=clock.now() - timedelta(hours=3))
    response = client.get("/sante")
    assert response.status_code == 503
    assert response.json["status"] == "mail late: 1"
