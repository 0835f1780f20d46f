"""No row's number is given twice: an account's stands in the trail, a request's in an alert, after the row is gone.

PostgreSQL's sequences do so already. SQLite gave the number of the last row anew once it was deleted; its tables are
made anew, with their rows. Foreign keys are off meanwhile.
"""

from peewee import PostgresqlDatabase

ID = '"id" INTEGER NOT NULL PRIMARY KEY'


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        return
    triggers = made(db, "trigger", "1")
    for name, _sql in triggers:
        db.execute_sql(f'DROP TRIGGER "{name}"')
    for name, sql in made(db, "table", f"sql LIKE '%{ID}%'"):
        if name != "schema_migration" and f"{ID} AUTOINCREMENT" not in sql:
            rebuild(db, name, sql)
    for _name, sql in triggers:
        db.execute_sql(sql)
    go_on_after_those_in_the_trail(db)


def made(db, kind, condition):
    """Return what there is of a kind, by name and SQL; an index that a constraint makes has none, and is left out."""
    found = (
        f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL AND {condition} ORDER BY name"  # noqa: S608
    )
    return list(db.execute_sql(found))


def rebuild(db, name, sql):
    """Put a table whose ids are never given again in the place of one."""
    indexes = made(db, "index", f"tbl_name = '{name}'")
    begun, new = f'CREATE TABLE "{name}"', f'CREATE TABLE "new_{name}"'
    db.execute_sql(sql.replace(begun, new, 1).replace(ID, f"{ID} AUTOINCREMENT", 1))
    db.execute_sql(f'INSERT INTO "new_{name}" SELECT * FROM "{name}"')  # noqa: S608
    db.execute_sql(f'DROP TABLE "{name}"')
    db.execute_sql(f'ALTER TABLE "new_{name}" RENAME TO "{name}"')
    for _name, index in indexes:
        db.execute_sql(index)


def go_on_after_those_in_the_trail(db):
    """Give no account the number of one deleted before this step, which the trail still names."""
    named = "SELECT CAST(actor AS INTEGER) FROM audit_event WHERE actor_kind = 'resident'"
    last = db.execute_sql(f"SELECT MAX(id) FROM (SELECT id FROM account UNION ALL {named})").fetchone()[0] or 0  # noqa: S608
    db.execute_sql("DELETE FROM sqlite_sequence WHERE name = 'account'")
    db.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES ('account', ?)", (last,))
