"""The audit trail: read by the administration, changed by nobody."""

import peewee
import pytest

from models import AuditEvent
from tests.factories import make_person


def test_page_comes_whole_and_as_fragment(admin, clerk):
    clerk.post("/personnel/carte", card_number=make_person().card_number)
    page = admin.client.get_page("/personnel/journal")
    assert "Dossier ouvert au comptoir" in page
    assert "agent.magog" in page
    assert "Trần" not in page


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
