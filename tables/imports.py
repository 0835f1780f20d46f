"""Imports under way, and what was changed here of things that the city's files bring as well."""

from peewee import CharField, DateTimeField, TextField

from tables.database import Table, utcnow


class ImportRun(Table):
    """An import whose file was accepted. Until it is finished its file is kept: one that was cut is begun again."""

    kind = CharField()
    name = CharField()  # the file's, as whoever brought it called it
    kept = CharField()  # where it lies meanwhile
    started_at = DateTimeField(default=utcnow)
    finished_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("finished_at",), False),)


class LocalChange(Table):
    """A field changed here that a file brings too. Values are texts, as the file's column would say them."""

    kind = CharField()  # of file, such as cards
    key = CharField()  # what it is about, as the file names it
    field = CharField()  # the file's column
    file_value = TextField()  # what the file said when it was changed here
    value = TextField()  # ours
    other_value = TextField(null=True)  # what the file says since, when it is neither: a person decides
    made_by = CharField(default="")  # a staff user name; nothing for a command
    made_at = DateTimeField(default=utcnow)
    keyed_by = CharField(default="")  # who wrote it in the other system
    keyed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("kind", "key", "field"), True),)
