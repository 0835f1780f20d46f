"""The numbered steps lead to the very schema that models.py describes."""

import shutil
from pathlib import Path

import pytest

import models
from commands import schema


def described(database) -> set[tuple]:
    rows = database.execute_sql("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {row for row in rows if row[2] != "schema_migration"}


def test_the_steps_and_the_models_agree(tmp_path: Path):
    stepped = models.open_database(f"sqlite:///{tmp_path}/stepped.db")
    schema.upgrade()
    by_steps = described(stepped)
    stepped.close_all()
    direct = models.open_database(f"sqlite:///{tmp_path}/direct.db")
    direct.create_tables(models.TABLES)
    models.ensure_guards()
    by_models = described(direct)
    direct.close_all()
    assert by_steps - by_models == set()
    assert by_models - by_steps == set()


def test_no_step_looks_at_the_models():
    for step in schema.STEPS.glob("[0-9]*.py"):
        assert "models" not in step.read_text().split('"""', 2)[2]


def test_a_step_that_dies_half_way_leaves_the_schema_before_it(tmp_path: Path):
    shutil.copytree(schema.STEPS, tmp_path / "steps", ignore=shutil.ignore_patterns("__pycache__"))
    database = models.open_database(f"sqlite:///{tmp_path}/half.db")
    schema.upgrade(tmp_path / "steps")
    before = described(database)
    step = tmp_path / "steps" / "9999_dies.py"
    step.write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE half (x)')\n    db.execute_sql('DROP TABLE alert')\n"
        "    raise RuntimeError('the power went')\n"
    )
    with pytest.raises(RuntimeError):
        schema.upgrade(tmp_path / "steps")
    assert described(database) == before
    step.write_text("def up(migrator, db):\n    db.execute_sql('CREATE TABLE half (x)')\n")
    assert schema.upgrade(tmp_path / "steps") == ["9999_dies"]
    database.close_all()
