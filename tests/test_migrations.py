"""The numbered steps lead to the very schema that models.py describes."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from peewee import Database
from peewee import Table as PlainTable

import models
from commands import schema
from tests.databases import ON_POSTGRES, Databases

ON_SQLITE = ("SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",)
ON_A_SERVER = (
    # A column's rank: one that is dropped leaves its number to nobody.
    "SELECT table_name, rank() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type,"
    " character_maximum_length, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
)

NOON = datetime(2026, 11, 23, 17)


def described(database: Database) -> set[tuple]:
    queries = ON_A_SERVER if ON_POSTGRES else ON_SQLITE
    rows = {tuple(row) for query in queries for row in database.execute_sql(query)}
    return {row for row in rows if row[0] != "schema_migration"}


def test_the_steps_and_the_models_agree(databases: Databases, tmp_path: Path):
    stepped = models.open_database(databases.empty(tmp_path, "stepped"))
    schema.upgrade()
    by_steps = described(stepped)
    stepped.close_all()
    direct = models.open_database(databases.empty(tmp_path, "direct"))
    direct.create_tables(models.TABLES)
    models.ensure_guards()
    by_models = described(direct)
    direct.close_all()
    databases.forget(tmp_path)
    assert by_steps - by_models == set()
    assert by_models - by_steps == set()


def test_no_step_looks_at_the_models():
    for step in schema.STEPS.glob("[0-9]*.py"):
        assert "models" not in step.read_text().split('"""', 2)[2]


def test_a_step_that_dies_half_way_leaves_the_schema_before_it(databases: Databases, tmp_path: Path):
    shutil.copytree(schema.STEPS, tmp_path / "steps", ignore=shutil.ignore_patterns("__pycache__"))
    database = models.open_database(databases.empty(tmp_path, "half"))
    schema.upgrade(tmp_path / "steps")
    before = described(database)
    step = tmp_path / "steps" / "9999_dies.py"
    create = "    db.execute_sql('CREATE TABLE half (x INTEGER)')\n"
    step.write_text(
        f"def up(migrator, db):\n{create}    db.execute_sql('DROP TABLE alert')\n"
        "    raise RuntimeError('the power went')\n"
    )
    with pytest.raises(RuntimeError):
        schema.upgrade(tmp_path / "steps")
    assert described(database) == before
    step.write_text(f"def up(migrator, db):\n{create}")
    assert schema.upgrade(tmp_path / "steps") == ["9999_dies"]
    database.close_all()
    databases.forget(tmp_path)


def steps_until(last: str, folder: Path) -> Path:
    """Return a folder with the steps up to one."""
    folder.mkdir()
    for step in schema.STEPS.glob("[0-9]*.py"):
        if step.stem <= last:
            shutil.copy(step, folder)
    return folder


def insert(database: Database, table: str, row: dict) -> None:
    """Put a row in a table as it was then."""
    PlainTable(table, list(row)).bind(database).insert(row).execute()


def test_staff_keep_what_their_place_on_the_ladder_opened(databases: Databases, tmp_path: Path):
    database = models.open_database(databases.empty(tmp_path, "ladder"))
    schema.upgrade(steps_until("0012_one_life", tmp_path / "steps"))
    blank = {"totp_secret": "s", "totp_last_step": 5, "created_at": NOON}
    for number, role in ((3, "agent"), (7, "finance"), (9, "admin")):
        row = {"id": number, "username": f"U{number}", "username_key": f"u{number}", "role": role}
        insert(database, "staff_account", {**blank, **row, "password_hash": f"hash{number}"})
        row = {"token_digest": f"t{number}", "staff_id": number, "created_at": NOON, "seen_at": NOON}
        insert(database, "staff_session", row)
    if ON_POSTGRES:
        database.execute_sql("SELECT setval('staff_account_id_seq', 9)")
    schema.upgrade()
    account = models.StaffAccount.get_by_id(7)
    assert (account.username, account.password_hash, account.totp_last_step) == ("U7", "hash7", 5)
    assert {one.id: one.roles for one in models.StaffAccount.select()} == {
        3: ("counter",),
        7: ("counter", "finance"),
        9: ("counter", "finance", "programming", "admin"),
    }
    assert [one.token_digest for one in account.sessions] == ["t7"]
    new = models.StaffAccount.create(username="neuve", username_key="neuve", password_hash="x")
    assert new.id == 10
    models.StaffRole.create(staff=new, role="counter")
    models.StaffAccount.delete().where(models.StaffAccount.id == 7).execute()
    assert models.StaffSession.select().count() == 2, "they still go with their account"
    database.close_all()
    databases.forget(tmp_path)
