"""Mastercard is written as its owner writes it, in what was kept before too; a receipt stays as it was printed."""


def up(migrator, db):
    db.execute_sql("UPDATE payment SET card_brand = 'Mastercard' WHERE card_brand = 'MasterCard'")
    db.execute_sql("UPDATE saved_card SET brand = 'Mastercard' WHERE brand = 'MasterCard'")
