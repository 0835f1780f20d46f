"""Cards kept in the gateway's vault, and the payments that use them."""

from peewee import BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Payment(Table):
        pass

    class SavedCard(Table):
        reference = CharField(unique=True)
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        state = CharField()
        nonce = CharField(null=True)
        token = CharField(null=True, unique=True)
        number_key = CharField()
        brand = CharField()
        last_four = CharField()
        expires_on = DateField(null=True)
        is_default = BooleanField()
        tries = IntegerField()
        problem = CharField()
        created_at = DateTimeField()
        changed_at = DateTimeField()
        next_try_at = DateTimeField()

        class Meta:
            indexes = ((("state", "next_try_at"), False),)

    SavedCard.add_index(
        SavedCard.index(SavedCard.account, unique=True, where=SavedCard.is_default, name="one_default_card")
    )

    class PaymentCard(Table):
        payment = ForeignKeyField(Payment, unique=True, on_delete="CASCADE")
        card = ForeignKeyField(SavedCard, on_delete="CASCADE")

    db.create_tables([SavedCard, PaymentCard])
