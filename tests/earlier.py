"""Databases of earlier schema steps, filled as tests/field.py says.

Rows are written as plain SQL, in the columns that a step's tables have: what is not said there is made up by its type.
"""

import shutil
from graphlib import TopologicalSorter
from pathlib import Path

from peewee import Database, IntegrityError
from playhouse.migrations import Runner

import models
from commands.schema import STEPS
from tests.field import FIELD, Rows, moment

STEP_NAMES = sorted(step.stem for step in STEPS.glob("[0-9]*.py"))
NOW_CALLED = {"stray_charge": "unmatched_charge", "kept_form": "unsent_form"}
NOW_CALLED |= {"next_look_at": "due_at", "next_try_at": "due_at"}
ODD = (
    "Geneviève Trần-L’Écuyer",
    "e\u0301te\u0301 en deux signes",
    "🦫🏒 👩‍👧",
    "O'Brien \"; DROP TABLE person; --",
    "deux\nlignes\tet\\des %s {signes} ?",
    "é" * 255,
)


def apply(step: str) -> None:
    """Bring the database in use to a step, its append-only tables guarded."""
    database = models.database.obj
    Runner(database, str(STEPS)).up(step)
    for table in models.APPEND_ONLY:
        if table.table_exists():
            models.guard(table)


def folder_of(target: Path, last: str, then: str = "") -> Path:
    """Copy the steps up to this one to a folder; `then` is added to its end."""
    for name in STEP_NAMES[: STEP_NAMES.index(last) + 1]:
        shutil.copy(STEPS / f"{name}.py", target)
    file = target / f"{last}.py"
    file.write_text(file.read_text(encoding="utf-8") + then, encoding="utf-8")
    return target


def fill(database: Database) -> None:
    """Put rows in every table there is."""
    links = {table: database.get_foreign_keys(table) for table in database.get_tables() if table != "schema_migration"}
    order = TopologicalSorter({table: {key.dest_table for key in keys} - {table} for table, keys in links.items()})
    counts: dict[str, int] = {}
    with database.atomic():
        for table in order.static_order():
            referred = {key.column: key.dest_table for key in links[table]}
            wanted = FIELD.get(NOW_CALLED.get(table, table), [{}, {}, {}])
            counts[table] = len(wanted)
            columns = [column for column in database.get_columns(table) if column.name != "id"]
            for n, given in enumerate(wanted):
                row = {
                    column.name: given[name]
                    if (name := NOW_CALLED.get(column.name, column.name)) in given
                    else made_up(column, n, counts.get(referred.get(column.name, ""), 0))
                    for column in columns
                }
                insert(database, table, row)


def made_up(column, n: int, referred: int) -> object:
    """Return a value that fits a column, other in every row unless it is a number; one in two is left out if it may."""
    if column.null and (referred or n % 2 == 0 or column.name.endswith("_id")):
        return None
    if referred:
        return 1 + n % referred
    kind = column.data_type.lower()
    if kind.startswith(("int", "bigint")):
        return 100 if column.name == "amount_cents" else 0
    if kind.startswith("bool"):
        return False
    if kind.startswith(("date", "time")):
        return {"date": moment(n)[:10], "time": "09:30:00", "time without time zone": "09:30:00"}.get(kind, moment(n))
    return f"{n} {column.name} {ODD[n % len(ODD)]}"[:255]


def insert(database: Database, table: str, row: dict[str, object]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join([database.param] * len(row))
    try:
        database.execute_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(row.values()))  # noqa: S608
    except IntegrityError as problem:
        raise ValueError(f"tests/field.py must say more of {table}: {row}") from problem


def contents(database: Database) -> dict[str, Rows]:
    """Return every row of every table, its values as text."""
    found = {}
    for table in set(database.get_tables()) - {"schema_migration"}:
        cursor = database.execute_sql(f'SELECT * FROM "{table}"')  # noqa: S608
        names = [column[0] for column in cursor.description]
        found[table] = [
            {name: None if value is None else str(value) for name, value in zip(names, row, strict=True)}
            for row in cursor.fetchall()
        ]
    return found
