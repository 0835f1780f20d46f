"""Whose a database is: the simulator's never meets real money, nor the reverse; a town's is no demonstration's."""

from models import Counter, Person, Table, write
from settings import PRODUCTION, SANDBOX, SIMULATOR

MADE_FOR = "made for"
ENVIRONMENTS = (SIMULATOR, SANDBOX, PRODUCTION)  # kept by their place here: add at the end only
DEMONSTRATION = "demonstration"
TO_FILL, READY = 1, 2


def keep(environment: str) -> None:
    """Remember for which gateway environment the database was made; the first one stands."""
    Counter.insert(name=MADE_FOR, value=ENVIRONMENTS.index(environment)).on_conflict_ignore().execute()


def kept() -> str | None:
    """Return the gateway environment for which the database was made; None when it does not say."""
    place = Counter.kept(MADE_FOR)
    return None if place is None else ENVIRONMENTS[place]


def keep_demonstration(state: int) -> None:
    """Remember that the demonstration made the database: TO_FILL, or READY once it filled it."""
    with write():
        Counter.keep(DEMONSTRATION, state)


def demonstration() -> int | None:
    """Return how far the demonstration that made the database is; None when it is another's."""
    return Counter.kept(DEMONSTRATION) if _there(Counter) else None


def is_of_somebody() -> bool:
    """Tell whether a database was made for someone; one whose making was cut before it said so holds nobody."""
    if _there(Counter) and kept() is not None:
        return True
    return _there(Person) and Person.select().exists()


def _there(table: type[Table]) -> bool:
    return bool(table.table_exists())  # type: ignore[no-untyped-call]  # Peewee's own has no types
