"""Wrong birth dates tried with a card number are counted, each once."""

from peewee import CharField, DateTimeField, Model


def up(migrator, db):
    class WrongDate(Model):
        card_digest = CharField()
        date_digest = CharField()
        at = DateTimeField()

        class Meta:
            database = db
            legacy_table_names = False
            indexes = ((("card_digest", "date_digest"), True),)

    db.create_tables([WrongDate])
