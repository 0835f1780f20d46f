"""What a dispute took may be won back in parts: only a refund's credit note is undone once."""


def up(migrator, db):
    for statement in (
        'DROP INDEX "credit_note_undoes_id"',
        'CREATE INDEX "credit_note_undoes_id" ON "credit_note" ("undoes_id")',
        'CREATE UNIQUE INDEX "one_refund_undone" ON "credit_note" ("undoes_id") WHERE ("refund_id" IS NOT NULL)',
    ):
        db.execute_sql(statement)
