"""The first tables."""

from models import TABLES


def up(migrator, db):
    db.create_tables(TABLES)
