"""Cards tried are counted, urgent letters leave first, help that strangers ask waits, browsers are known."""

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class CardTry(Table):
        reference = CharField()
        place = CharField()
        at = DateTimeField()

        class Meta:
            indexes = ((("place", "at"), False), (("reference", "place"), True))

    class HelpAsked(Table):
        what = CharField()
        card_number = CharField()
        birth_date = DateField(null=True)
        email = CharField()
        address = CharField()
        asked_at = DateTimeField()

    class KnownBrowser(Table):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        token_digest = CharField()
        seen_at = DateTimeField()

        class Meta:
            indexes = ((("account", "token_digest"), True),)

    db.execute_sql('ALTER TABLE "message" ADD COLUMN "priority" INTEGER')
    db.create_tables([CardTry, HelpAsked, KnownBrowser])
