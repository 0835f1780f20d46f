"""When a place was let go: taken again within a day, it is held for the rest of its time alone."""

from peewee import PostgresqlDatabase

BEFORE = '"override_reason" VARCHAR(255) NOT NULL, '


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE "cart_item" ADD COLUMN "let_go_at" TIMESTAMP')
        return
    triggers = made(db, "trigger")
    for name, _sql in triggers:
        db.execute_sql(f'DROP TRIGGER "{name}"')
    rebuild(db, dict(made(db, "table"))["cart_item"], made(db, "index"))
    for _name, sql in triggers:
        db.execute_sql(sql)


def made(db, kind):
    """Return what there is of a kind, by name and SQL; of indexes, those of the cart that no constraint makes."""
    found = "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL"
    ours = " AND tbl_name = 'cart_item'" if kind == "index" else ""
    return list(db.execute_sql(found + ours, (kind,)))


def rebuild(db, sql, indexes):
    """Make the cart anew, with its rows: SQLite adds columns behind the constraints. Foreign keys are off meanwhile."""
    new = sql.replace('CREATE TABLE "cart_item"', 'CREATE TABLE "new_cart_item"', 1)
    db.execute_sql(new.replace(BEFORE, f'{BEFORE}"let_go_at" DATETIME, ', 1))
    names = ", ".join(f'"{row[1]}"' for row in db.execute_sql('PRAGMA table_info("cart_item")'))
    db.execute_sql(f'INSERT INTO "new_cart_item" ({names}) SELECT {names} FROM "cart_item"')  # noqa: S608
    db.execute_sql('DROP TABLE "cart_item"')
    db.execute_sql('ALTER TABLE "new_cart_item" RENAME TO "cart_item"')
    for _name, index in indexes:
        db.execute_sql(index)
