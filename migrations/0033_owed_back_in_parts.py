"""What is won of one charge may be owed back in parts: only one of them at a time is still to be returned."""


def up(migrator, db):
    for statement in (
        'DROP INDEX "unmatched_charge_gateway_id"',
        'CREATE INDEX "unmatched_charge_gateway_id" ON "unmatched_charge" ("gateway_id")',
        'CREATE UNIQUE INDEX "one_owed_back" ON "unmatched_charge" ("gateway_id")'
        " WHERE ((\"reason\" != 'dispute won, paid otherwise meanwhile') OR (\"state\" = 'owed'))",
    ):
        db.execute_sql(statement)
