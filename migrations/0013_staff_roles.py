"""A role of staff is a permission, and an account may have several: what the ladder opened stays open."""

from peewee import (
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
)

OPENED = {
    "agent": ("counter",),
    "finance": ("counter", "finance"),
    "admin": ("counter", "finance", "programming", "admin"),
}
KEPT = (
    '"id", "username", "username_key", "password_hash", "password_expires_at", "totp_secret", "totp_confirmed_at",'
    ' "totp_last_step", "created_at", "closed_at"'
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class StaffAccount(Table):
        role = CharField()

    class StaffRole(Table):
        staff = ForeignKeyField(StaffAccount, on_delete="CASCADE")
        role = CharField(constraints=[Check("role IN ('counter', 'finance', 'programming', 'admin')")])

        class Meta:
            indexes = ((("staff", "role"), True),)

    db.create_tables([StaffRole])
    for account, role in StaffAccount.select(StaffAccount.id, StaffAccount.role).tuples():
        StaffRole.insert_many([{"staff": account, "role": given} for given in OPENED[role]]).execute()
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE "staff_account" DROP COLUMN "role"')
    else:
        rebuild(Table, db)


def rebuild(Table, db):  # noqa: N803
    """Make the table anew without the column: SQLite drops none that has a CHECK. Foreign keys are off meanwhile."""

    class NewStaffAccount(Table):
        username = CharField()
        username_key = CharField()
        password_hash = CharField()
        password_expires_at = DateTimeField(null=True)
        totp_secret = CharField()
        totp_confirmed_at = DateTimeField(null=True)
        totp_last_step = IntegerField()
        created_at = DateTimeField()
        closed_at = DateTimeField(null=True)

    db.create_tables([NewStaffAccount])
    db.execute_sql(f'INSERT INTO "new_staff_account" ({KEPT}) SELECT {KEPT} FROM "staff_account"')  # noqa: S608
    db.execute_sql('DROP TABLE "staff_account"')
    db.execute_sql('ALTER TABLE "new_staff_account" RENAME TO "staff_account"')
    db.execute_sql('CREATE UNIQUE INDEX "staff_account_username_key" ON "staff_account" ("username_key")')
