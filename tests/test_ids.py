"""No row's number is given twice: what names it after it is gone names nobody else."""

import pytest
from peewee import AutoField

import models
from commands import schema
from domain.common import audit
from models import Accompaniment, Account, AuditEvent, write
from tests import earlier
from tests.databases import ON_POSTGRES
from tests.factories import make_account, make_person

NUMBERED = [table for table in models.TABLES if isinstance(table._meta.primary_key, AutoField)]


def test_the_trail_of_a_deleted_account_is_not_the_next_ones(db):
    gone = make_account(make_person())
    with write():
        audit.by_resident(gone, audit.Act.ACCOUNT_CLOSED)
        gone.delete_instance()
    new = make_account(make_person())
    assert not AuditEvent.select().where(AuditEvent.actor == str(new.id)).exists()
    assert new.id > gone.id


@pytest.mark.sqlite_only
def test_nor_those_of_one_deleted_before_numbers_came_once(databases, tmp_path):
    database = models.open_database(databases.empty(tmp_path, "earlier"))
    earlier.apply("0031_let_go")
    database.execute_sql(
        "INSERT INTO audit_event (at, actor_kind, actor, action, subject)"
        " VALUES ('2026-01-01 00:00:00', 'resident', '9', 'account closed', '')"
    )
    schema.upgrade()
    assert make_account(make_person()).id == 10
    database.close_all()


@pytest.mark.parametrize("table", NUMBERED, ids=lambda table: table.__name__)
def test_a_tables_numbers_come_once(db, table):
    name = table._meta.table_name
    if ON_POSTGRES:
        how = "SELECT column_default FROM information_schema.columns WHERE table_name = %s AND column_name = 'id'"
        assert db.execute_sql(how, (name,)).fetchone()[0].startswith("nextval")
    else:
        sql = db.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()[0]
        assert "AUTOINCREMENT" in sql


def test_nearly_every_table_is_numbered():
    assert {Account, AuditEvent, Accompaniment} <= set(NUMBERED)
    assert len(NUMBERED) > len(models.TABLES) / 2
