"""/sante."""

from datetime import timedelta

import pytest

import models
from domain.common import alerts, clock
from models import Message, write


def test_all_well(client):
    response = client.get("/sante")
    assert response.status_code == 200
    assert response.json["status"] == "ok"
    assert response.json["payments_unresolved"] == 0
    assert response.json["schema"]


def test_others_get_the_status_alone(client):
    response = client.get("/sante", environ_base={"REMOTE_ADDR": "203.0.113.5"})
    assert response.json == {"status": "ok"}


def test_late_mail_is_said_and_the_portal_serves(client):
    Message.create(recipient="a@example.com", subject="s", body="b", created_at=clock.now() - timedelta(hours=3))
    response = client.get("/sante")
    assert response.status_code == 200
    assert (response.json["status"], response.json["wrong"]) == ("attention", ["mail late"])


def test_what_keeps_it_from_serving_is_503(client):
    with write():
        alerts.raise_alert(alerts.Kind.BOOKS, "books", amount_cents=1)
    response = client.get("/sante")
    assert (response.status_code, response.json["status"]) == (503, "down")


@pytest.mark.parametrize("table", ["schema_migration", "job"])
def test_a_database_that_does_not_answer_is_told_by_the_page_itself(client, table):
    """Whoever watches reads 503 and why; an error of 500 would have the service started again and again for nothing."""
    models.database.execute_sql(f"ALTER TABLE {table} RENAME TO away")
    try:
        response = client.get("/sante")
    finally:
        models.database.execute_sql(f"ALTER TABLE away RENAME TO {table}")
    assert (response.status_code, response.json["status"], response.json["wrong"]) == (503, "down", ["database"])
