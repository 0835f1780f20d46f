"""A letter that whoever reads its mailbox may read, also once two who share it are set apart."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    kind = "BOOLEAN" if isinstance(db, PostgresqlDatabase) else "INTEGER"
    db.execute_sql(f'ALTER TABLE "message" ADD COLUMN "open_to_all" {kind}')
