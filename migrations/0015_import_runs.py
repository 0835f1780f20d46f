"""Imports under way: an accepted file is kept until it is applied whole."""

from peewee import CharField, DateTimeField, Model


def up(migrator, db):
    class ImportRun(Model):
        kind = CharField()
        name = CharField()
        kept = CharField()
        started_at = DateTimeField()
        finished_at = DateTimeField(null=True)

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([ImportRun])
