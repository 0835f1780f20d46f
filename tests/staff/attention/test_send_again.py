"""Mail that was given up: told to who administers the portal, and tried again at her word."""

from datetime import timedelta

from domain.common import clock, outbox
from models import AuditEvent, Message


def give_up() -> Message:
    old = clock.now() - timedelta(days=9)
    return Message.create(recipient="marie@example.org", subject="s", body="b", created_at=old, due_at=outbox.FAR)


def test_what_was_given_up_is_told_and_tried_again(hires, app):
    give_up()
    admin = hires("admin")
    assert "1 courriel n’est pas parti" in admin.client.get_page("/personnel")
    admin.post("/personnel/courriels/renvoyer", "/personnel")
    assert outbox.given_up_count() == 0
    assert Message.get().due_at <= clock.now()
    assert AuditEvent.get(AuditEvent.action == "mail sent again").subject == "1"
    assert "courriel n’est pas parti" not in admin.client.get_page("/personnel")


def test_others_are_not_told_and_may_not(hires, app):
    give_up()
    clerk = hires("counter")
    assert "Courriels abandonnés" not in clerk.client.get_page("/personnel")
    assert clerk.post("/personnel/courriels/renvoyer", "/personnel").status_code == 403
    assert outbox.given_up_count() == 1


def test_at_a_terminal(app):
    give_up()
    runner = app.test_cli_runner()
    assert "1 courriel(s) abandonné(s)" in runner.invoke(args=["mail"]).output
    assert outbox.given_up_count() == 1
    assert "1 courriel(s) à essayer de nouveau" in runner.invoke(args=["mail", "--again"]).output
    assert outbox.given_up_count() == 0
