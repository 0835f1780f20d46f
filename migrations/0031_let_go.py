"""When a place was let go: taken again within a day, it is held for the rest of its time alone."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    kind = "TIMESTAMP" if isinstance(db, PostgresqlDatabase) else "DATETIME"
    db.execute_sql(f'ALTER TABLE "cart_item" ADD COLUMN "let_go_at" {kind}')
