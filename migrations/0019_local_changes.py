"""What is changed here is remembered beside what the file said; households made here get codes of their own."""

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class LocalChange(Table):
        kind = CharField()
        key = CharField()
        field = CharField()
        file_value = TextField()
        value = TextField()
        other_value = TextField(null=True)
        made_by = CharField()
        made_at = DateTimeField()
        keyed_by = CharField()
        keyed_at = DateTimeField(null=True)

        class Meta:
            indexes = ((("kind", "key", "field"), True),)

    db.create_tables([LocalChange])
    rename_households(Table)


def rename_households(Table):  # noqa: N803
    """Name the households that a separation made P-000001 and so on: H001/1 cannot stand in an address of a page."""

    class Household(Table):
        code = CharField()

    class Separation(Table):
        household = ForeignKeyField(Household)
        apart = ForeignKeyField(Household)

    class Counter(Table):
        name = CharField(primary_key=True)
        value = IntegerField()

    codes = dict(Household.select(Household.id, Household.code).tuples())
    pairs = Separation.select(Separation.household, Separation.apart).tuples()
    made_here = sorted({apart for left, apart in pairs if codes[apart].startswith(f"{codes[left]}/")})
    for number, household in enumerate(made_here, start=1):
        Household.update(code=f"P-{number:06}").where(Household.id == household).execute()
    if made_here:
        Counter.insert(name="household", value=len(made_here)).execute()
