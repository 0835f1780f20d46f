"""Who wants her receipts as PDF in their letters: accounts, and guests for one payment."""

from peewee import SQL, AutoField, ForeignKeyField, Model, PostgresqlDatabase


def up(migrator, db):
    on_a_server = isinstance(db, PostgresqlDatabase)

    class NumberField(AutoField):
        def ddl(self, ctx):
            column = super().ddl(ctx)
            if not on_a_server:
                column.nodes.append(SQL("AUTOINCREMENT"))
            return column

    class Table(Model):
        id = NumberField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class ReceiptsAttached(Table):
        account = ForeignKeyField(Account, unique=True, on_delete="CASCADE")

    db.create_tables([ReceiptsAttached])
    db.execute_sql(f'ALTER TABLE "guest_payer" ADD COLUMN "wants_pdf" {"BOOLEAN" if on_a_server else "INTEGER"}')
