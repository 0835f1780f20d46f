"""The audit trail: read by the administration, changed by nobody."""

import peewee
import pytest

from domain.staff import accounts
from models import AuditEvent
from tests.factories import make_person
from views.messages import staff


def test_page_comes_whole_and_as_fragment(admin, clerk):
    clerk.post("/personnel/carte", card_number=make_person().card_number)
    page = admin.client.get_page("/personnel/journal")
    assert "Dossier ouvert au comptoir" in page
    assert "agent.magog" in page
    assert "Trần" not in page


def test_roles_are_said_by_their_names_never_a_user_name(admin):
    accounts.add("finance", "agent", "programming")
    accounts.change_roles("finance", "admin")
    page = admin.client.get_page("/personnel/journal")
    assert "finance\u00a0: Comptoir, Programmation" in page
    assert "finance\u00a0: Administration" in page
    assert "counter" not in page


def test_a_role_of_before_has_the_name_of_now(app):
    with app.test_request_context():
        event = AuditEvent(action="staff role", subject="marie agent")
        assert staff.subject(event) == "marie\u00a0: Comptoir"


def test_others_may_not(treasurer):
    assert treasurer.client.get("/personnel/journal").status_code == 403


@pytest.mark.parametrize("page", ["0", "-3", "999", "x", "9" * 30])
def test_odd_page_numbers_harm_nothing(admin, page):
    assert admin.client.get(f"/personnel/journal?page={page}").status_code == 200


@pytest.mark.parametrize("change", [AuditEvent.update(action="nothing"), AuditEvent.delete()])
def test_the_database_refuses_to_change_it(admin, change):
    assert AuditEvent.select().exists()
    with pytest.raises(peewee.DatabaseError, match="append-only"):
        change.execute()
