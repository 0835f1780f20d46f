"""Browsers that came in before, ways in that were refused, and looks at files that a visit has noted."""

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class StaffAccount(Table):
        pass

    class StaffSession(Table):
        pass

    class KnownBrowser(Table):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        key_digest = CharField()
        seen_at = DateTimeField()

        class Meta:
            indexes = ((("account", "key_digest"), True), (("seen_at",), False))

    class RefusedTry(Table):
        kind = CharField()
        account = ForeignKeyField(Account, null=True, on_delete="CASCADE")
        staff = ForeignKeyField(StaffAccount, null=True, on_delete="CASCADE")
        since = DateTimeField()
        count = IntegerField()

        class Meta:
            indexes = (
                (("account", "kind", "since"), True),
                (("staff", "kind", "since"), True),
                (("since",), False),
            )

    class NotedLook(Table):
        session = ForeignKeyField(StaffSession, on_delete="CASCADE")
        look = CharField()

        class Meta:
            indexes = ((("session", "look"), True),)

    nobodys = RefusedTry.account.is_null() & RefusedTry.staff.is_null()
    keys = (RefusedTry.kind, RefusedTry.since)
    RefusedTry.add_index(RefusedTry.index(*keys, unique=True, where=nobodys, name="refused_try_of_nobody"))
    db.create_tables([KnownBrowser, RefusedTry, NotedLook])
