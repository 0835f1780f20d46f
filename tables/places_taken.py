"""The database itself counts the places taken, whoever writes: a page, a file, SQL. One too many is refused.

Each change of a row that takes a place adds to, or takes off, its activity's counter, whose CHECK knows the capacity.
"""

from collections.abc import Iterator

from tables.activities import Activity, PlacesTaken
from tables.cart import CartItem
from tables.database import Table, database, is_sqlite
from tables.registrations import Registration

TAKERS: tuple[tuple[type[Table], str, tuple[str, ...]], ...] = (
    (CartItem, "state", CartItem.TAKING),
    (Registration, "status", (Registration.CONFIRMED,)),
)
COUNTER, ACTIVITY = PlacesTaken._meta.table_name, Activity._meta.table_name
ADD = f"UPDATE {COUNTER} SET taken = taken + 1 WHERE activity_id = NEW.activity_id"  # noqa: S608  # our own names
TAKE_OFF = f"UPDATE {COUNTER} SET taken = taken - 1 WHERE activity_id = OLD.activity_id"  # noqa: S608
BEGIN = f"INSERT INTO {COUNTER} (activity_id, capacity, taken) VALUES (NEW.id, NEW.capacity, 0)"  # noqa: S608
FOLLOW = f"UPDATE {COUNTER} SET capacity = NEW.capacity WHERE activity_id = NEW.id"  # noqa: S608


def count_places() -> None:
    """Have the database count: run again after every schema step, for SQLite drops the triggers of what is rebuilt."""
    if not database.table_exists(CartItem._meta.table_name):  # a schema of before, on its way here
        return
    make = _sqlite_trigger if is_sqlite() else _postgres_trigger
    for table, name, event, condition, change in _triggers():
        for statement in make(table, name, event, condition, change):
            database.execute_sql(statement)


def _triggers() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield each trigger: its table, name, event, the condition on the row, and the change of the counter."""
    yield ACTIVITY, "begins_counter", "INSERT", "1 = 1", BEGIN
    yield ACTIVITY, "follows_capacity", "UPDATE", "OLD.capacity IS DISTINCT FROM NEW.capacity", FOLLOW
    for table, column, states in TAKERS:
        taking = f"({{row}}.{column} IN ({', '.join(map(repr, states))}))"  # SQLite: IN binds no tighter than <>
        was, is_now = taking.format(row="OLD"), taking.format(row="NEW")
        moved = f"({was} <> {is_now} OR OLD.activity_id <> NEW.activity_id)"
        named = table._meta.table_name
        yield named, "takes", "INSERT", is_now, ADD
        yield named, "frees", "DELETE", was, TAKE_OFF
        yield named, "frees_by_change", "UPDATE", f"{was} AND {moved}", TAKE_OFF
        yield named, "takes_by_change", "UPDATE", f"{is_now} AND {moved}", ADD


def _sqlite_trigger(table: str, name: str, event: str, condition: str, change: str) -> list[str]:
    condition = condition.replace("IS DISTINCT FROM", "IS NOT")
    return [
        f"DROP TRIGGER IF EXISTS {table}_{name}",  # it may be an older one
        f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} FOR EACH ROW WHEN {condition} BEGIN {change}; END",
    ]


def _postgres_trigger(table: str, name: str, event: str, condition: str, change: str) -> list[str]:
    trigger = f"{table}_{name}"
    return [
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger AS $$ BEGIN {change}; RETURN NULL; END $$ "
        "LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}",
        f"CREATE TRIGGER {trigger} AFTER {event} ON {table} FOR EACH ROW WHEN ({condition}) "
        f"EXECUTE FUNCTION {trigger}()",
    ]
