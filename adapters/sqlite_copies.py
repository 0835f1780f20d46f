"""Copies of a SQLite database: made while it serves, checked before they are believed, put back in one step."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import datetime
from pathlib import Path

from adapters import owners
from domain.payments.lost_work import Done, Taken

LIVED = ("SELECT max(at) FROM payment_event", "SELECT max(at) FROM ledger_entry", "SELECT max(created_at) FROM account")

ACTS_AFTER = (
    "SELECT at, action, coalesce(card_number, ''), subject FROM audit_event"
    " LEFT JOIN person ON person.id = person_id WHERE audit_event.id > ? ORDER BY audit_event.id"
)
TAKEN_AFTER = "SELECT resolved_at, reference, amount_cents FROM payment WHERE id > ? AND source = 'import' ORDER BY id"


class BadCopy(Exception):
    """Tried to use a file that is not a whole database of the portal. The message says what is wrong."""


def make(database: Path, target: Path) -> None:
    """Copy a database while it is being written to; the target appears only once it was opened and checked.

    Raises: BadCopy, OSError.
    """
    if target.exists() and target.samefile(database):
        raise BadCopy(f"{target} est la base elle-même")
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))  # residents' data: for the owner alone
    owners.give(unfinished, target.parent)
    try:
        with closing(sqlite3.connect(database, timeout=30)) as source:
            source.execute("VACUUM INTO ?", (str(unfinished),))
        check(unfinished)
        flush(unfinished)
        unfinished.replace(target)
        flush(target.parent)
    except sqlite3.Error as problem:
        raise BadCopy(str(problem)) from problem
    finally:
        unfinished.unlink(missing_ok=True)


def check(file: Path) -> None:
    """Open a copy and read all of it.

    Raises: BadCopy.
    """
    try:
        if not file.is_file():
            raise BadCopy(f"{file} n’existe pas")
        with closing(_read_only(file)) as copy:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check")]
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            copy.execute(LIVED[0])
    except sqlite3.Error as problem:
        raise BadCopy(f"{file} n’est pas une base du portail : {problem}") from problem
    except OSError as problem:
        raise BadCopy(f"{file} ne se lit pas : {problem.strerror}") from problem
    if found != ["ok"] or broken:
        raise BadCopy(f"{file} est abîmé : {found[0] if found != ['ok'] else broken}")


def last_lived(file: Path) -> str:
    """Return the latest moment (UTC) at which something happened in a database; nothing when nothing ever did.

    Raises: sqlite3.Error when it cannot be read.
    """
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return max(database.execute(query).fetchone()[0] or "" for query in LIVED)


def lived_since(old: Path, act: int, payment: int) -> tuple[list[Done], list[Taken]]:
    """Return what a database that was replaced knows after these ids: acts of people, and money taken elsewhere.

    Raises: BadCopy when it cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"file:{old}?mode=ro", uri=True)) as database:
            acts = database.execute(ACTS_AFTER, (act,)).fetchall()
            payments = database.execute(TAKEN_AFTER, (payment,)).fetchall()
    except sqlite3.Error as problem:
        raise BadCopy(str(problem)) from problem
    done = [Done(datetime.fromisoformat(at), *about) for at, *about in acts]
    return done, [Taken(datetime.fromisoformat(at), reference, cents) for at, reference, cents in payments]


def put_back(copy: Path, database: Path, now: datetime, mark: str) -> Path | None:
    """Put a copy in the database's place; return where the one that was there is kept.

    The copy bears `mark` as a counter of 0 before it is in place: whatever is cut short, it is known for a copy.
    """
    arriving = database.with_name(f".{database.name}.arriving")
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(copy, arriving)
    _dress(arriving, database)
    with closing(sqlite3.connect(arriving)) as marked, marked:
        marked.execute("PRAGMA journal_mode = delete")
        marked.execute("INSERT OR REPLACE INTO counter (name, value) VALUES (?, 0)", (mark,))
    flush(arriving)
    aside = _put_aside(database, now)
    arriving.replace(database)
    flush(database.parent)
    return aside


def _dress(arriving: Path, database: Path) -> None:
    """Give a copy the owner and the mode of what it replaces, else of the folder and nobody else's: the service's."""
    there = database.exists()
    arriving.chmod(stat.S_IMODE(database.stat().st_mode) & 0o660 if there else 0o600)
    owners.give(arriving, database if there else database.parent)


def _put_aside(database: Path, now: datetime) -> Path | None:
    """Rename a database with its log: the log of one database must never be read into another."""
    if not database.exists():
        return None
    aside = database.with_name(f"{database.name}.avant-{now:%Y%m%d-%H%M%S}")
    for ending in ("", "-wal", "-shm"):
        part = Path(f"{database}{ending}")
        if part.exists():
            part.rename(f"{aside}{ending}")
    return aside


def _read_only(file: Path) -> sqlite3.Connection:
    # immutable: nothing is written beside the copy, wherever it lies
    return sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)


def flush(path: Path) -> None:
    """Have what was written to a file, or the names of a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
