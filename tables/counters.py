"""Numbers and jobs kept under a name."""

from datetime import UTC, datetime

from peewee import CharField, DateField, DateTimeField, IntegerField

from tables.database import Table


class Counter(Table):
    """A number kept under a name: the last one given in a series of documents, or a moment to remember."""

    name = CharField(primary_key=True)
    value = IntegerField(default=0)

    @classmethod
    def take(cls, name: str) -> int:
        """Return the next number of the series: no gap, no repeat."""
        cls.insert(name=name, value=0).on_conflict_ignore().execute()
        cls.update(value=cls.value + 1).where(cls.name == name).execute()
        return cls.get_by_id(name).value

    @classmethod
    def keep(cls, name: str, value: int) -> None:
        """Write a value under a name."""
        cls.insert(name=name, value=value).on_conflict(conflict_target=[cls.name], update={cls.value: value}).execute()

    @classmethod
    def kept(cls, name: str) -> int | None:
        """Return the value under a name, None when there is none."""
        return cls.select(cls.value).where(cls.name == name).scalar()

    @classmethod
    def keep_moment(cls, name: str, moment: datetime) -> None:
        """Write a UTC moment under a name, to the minute."""
        cls.keep(name, int(moment.replace(tzinfo=UTC).timestamp()) // 60)

    @classmethod
    def kept_moment(cls, name: str) -> datetime | None:
        """Return the UTC moment under a name, None when there is none."""
        minute = cls.kept(name)
        return datetime.fromtimestamp(minute * 60, UTC).replace(tzinfo=None) if minute else None


class Job(Table):
    """Something the portal does by itself: how often, when it last ended, and what went wrong then."""

    name = CharField(primary_key=True)
    every_seconds = IntegerField(default=0)
    last_run_at = DateTimeField(null=True)
    last_problem = CharField(default="")
    done_until = DateField(null=True)  # of a job that goes day by day: the last day done
