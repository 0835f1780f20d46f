"""Numbers of documents: without a gap, taken in the transaction that makes the document.

A restored backup does not know the last numbers given: from then on the numbers bear a series, named after its minute,
so that none sent by e-mail is ever given to another document.
"""

from datetime import datetime

from models import Counter

SERIES = "series"
MADE_HERE = "P-"  # begins the codes of what is made here: a file of the city makes none such


def take(letter: str, document: str) -> str:
    """Return the next number of a kind of document, such as R000123 or, in a later series, R2611231405-0001."""
    series = _series()
    if not series:
        return f"{letter}{Counter.take(document):06}"
    return f"{letter}{series}-{Counter.take(f'{document} {series}'):04}"


def own_code(thing: str) -> str:
    """Return the next code of a kind of thing made here, such as a household: P-000123. It holds no `/`."""
    return take(MADE_HERE, thing)


def begin_series(now: datetime) -> None:
    """Begin a new series of every document's numbers, in the caller's transaction; `now` is UTC."""
    Counter.keep_moment(SERIES, now)


def has_series() -> bool:
    """Tell whether the numbers bear a series."""
    return bool(_series())


def _series() -> str:
    """Return the present series as year, month, day, hour and minute in UTC; nothing in the first one."""
    began = Counter.kept_moment(SERIES)
    return f"{began:%y%m%d%H%M}" if began else ""
