"""Cards tried are counted, urgent letters leave first, help that strangers ask waits."""

from peewee import CharField, DateField, DateTimeField, IntegerField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class CardTry(Table):
        reference = CharField()
        place = CharField()
        seat = IntegerField(null=True)
        at = DateTimeField()
        refused_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("place", "seat"), True), (("place", "refused_at"), False), (("reference", "place"), True))

    class HelpAsked(Table):
        what = CharField()
        card_number = CharField()
        birth_date = DateField(null=True)
        email = CharField()
        address = CharField()
        asked_at = DateTimeField()

    db.execute_sql('ALTER TABLE "message" ADD COLUMN "priority" INTEGER')
    db.create_tables([CardTry, HelpAsked])
