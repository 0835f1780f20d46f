"""A row of the price list may be a fee beside the places, given back by a policy of its own."""


def up(migrator, db):
    for column in ("fee", "refund"):
        db.execute_sql(f'ALTER TABLE "price_rule" ADD COLUMN "{column}" VARCHAR(255)')
