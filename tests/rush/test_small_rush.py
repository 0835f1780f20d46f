"""A small rehearsal of `make rush` ends with its three zeros; without the guard, or with a row astray, it says so."""

from pathlib import Path

import pytest

import models
from models import CartItem, Registration
from tests.databases import ON_POSTGRES, Databases
from tests.rush.audit import audit
from tests.rush.rehearsal import Report, Wanted, rehearse
from tests.rush.table import write

SMALL = Wanted(households=60, places=96, before=6, hashes="cheap", hurry=8)


@pytest.fixture
def folder(databases: Databases, tmp_path: Path):
    yield tmp_path
    models.database.close()
    models.database.obj.close_all()
    databases.forget(tmp_path)


def uncounted() -> None:
    """Take the guard away: places are counted no more when they are taken."""
    table = CartItem._meta.table_name
    for name in ("takes", "takes_by_change", "frees_by_change"):
        models.database.execute_sql(f"DROP TRIGGER {table}_{name}" + f" ON {table}" * ON_POSTGRES)


def test_every_request_is_answered_the_three_are_zero_and_a_row_astray_would_be_seen(databases, folder):
    url = databases.copy(folder, "rush")
    report = rehearse(folder, url, SMALL)
    assert report.audit.clean, write(report)
    assert report.audit.charges > 20
    assert report.audit.registered > 40
    assert {status for *_, status in report.crowd["lines"]} <= {200, 204, 303, 422, 503}
    assert "lost                0" in write(report)

    models.open_database(url)
    Registration.update(status=Registration.CANCELLED).where(Registration.id == Registration.get().id).execute()
    found = audit(report.charged, report.crowd["paid"])
    assert found.lost
    assert found.charged_without_a_place
    assert not found.oversold


def test_without_the_guard_it_is_seen_that_too_many_got_in(databases, folder):
    report: Report = rehearse(folder, databases.copy(folder, "rush"), SMALL, break_it=uncounted)
    assert report.audit.oversold
