"""Scratch databases: one migrated template a process, copied for each test that asks for a database.

They are SQLite files, or, with TEST_DATABASE_URL=postgresql://…, databases made beside the one it names and dropped at
the end. `DATABASE_URL` is never looked at.
"""

import logging
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlparse

import psycopg2

import models
from commands import schema

SERVER = os.environ.get("TEST_DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgresql")

_numbers = count(1)


class SqliteFiles:
    """Scratch databases that are files."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="portal-template-"))
        self._template = self._folder / "template.db"
        migrate(f"sqlite:///{self._template}")

    def copy(self, folder: Path, name: str, of: str = "") -> str:
        """Return the URL of a database of this name in a folder: migrated, or a copy of another that is closed."""
        file = folder / f"{name}.db"
        file.touch(mode=0o600)  # as `flask db upgrade` makes it
        shutil.copyfile(of.removeprefix("sqlite:///") or self._template, file)
        return f"sqlite:///{file}"

    def empty(self, folder: Path, name: str) -> str:
        """Return the URL of a database without a table."""
        (folder / f"{name}.db").touch()
        return f"sqlite:///{folder / name}.db"

    def forget(self, folder: Path) -> None:
        """Do nothing: pytest deletes its tests' folders."""

    def close(self) -> None:
        """Delete the template; the copies lie in the tests' own folders."""
        shutil.rmtree(self._folder)


class PostgresDatabases:
    """Scratch databases on a server, all of them dropped at the end."""

    def __init__(self) -> None:
        self._prefix = f"portal_test_{token_hex(4)}"  # no process of an earlier run, killed, had the same
        self._made: dict[Path, list[str]] = {}
        self._template = self._create("template0", "template")
        migrate(self._url(self._template))

    def copy(self, folder: Path, _name: str, of: str = "") -> str:
        """Return the URL of a database that goes with a folder: migrated, or a copy of another that is closed."""
        return self._make(folder, urlparse(of).path.strip("/") or self._template)

    def empty(self, folder: Path, _name: str) -> str:
        """Return the URL of a database without a table."""
        return self._make(folder, "template0")

    def forget(self, folder: Path) -> None:
        """Drop the databases of a folder: thousands of them would fill the disk."""
        for name in self._made.pop(folder, []):
            self._drop(name)

    def close(self) -> None:
        """Drop every database that is left."""
        for folder in list(self._made):
            self.forget(folder)
        self._drop(self._template)

    def _make(self, folder: Path, template: str) -> str:
        name = self._create(template, str(next(_numbers)))
        self._made.setdefault(folder, []).append(name)
        return self._url(name)

    def _create(self, template: str, suffix: str) -> str:
        self._do(f"CREATE DATABASE {self._prefix}_{suffix} TEMPLATE {template}", copying=True)
        return f"{self._prefix}_{suffix}"

    def _drop(self, name: str) -> None:
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        (Path("instance") / f"{name}.worker-lock").unlink(missing_ok=True)  # of the server that ran on it

    def _url(self, name: str) -> str:
        return urlparse(SERVER)._replace(path=f"/{name}").geturl()

    def _do(self, statement: str, copying: bool = False) -> None:
        with closing(psycopg2.connect(SERVER)) as connection, connection.cursor() as cursor:
            connection.autocommit = True  # CREATE and DROP DATABASE refuse a transaction
            # By files it takes half the time; before 15 there is no other way, nor a word for it.
            by_files = copying and connection.server_version >= 150_000
            cursor.execute(statement + " STRATEGY file_copy" * by_files)


def migrate(url: str) -> str:
    """Bring a database to the newest schema step, let go of it, and return its URL."""
    opened = models.open_database(url)
    schema.upgrade()
    opened.close()
    opened.close_all()
    return url


Databases = SqliteFiles | PostgresDatabases


@contextmanager
def scratch() -> Iterator[Databases]:
    """Give what makes databases, and clean up after it."""
    databases = PostgresDatabases() if ON_POSTGRES else SqliteFiles()
    try:
        yield databases
    finally:
        databases.close()


@contextmanager
def held(url: str, *tables: type[models.Table], mode: str = "EXCLUSIVE") -> Iterator[None]:
    """Have somebody else hold, while the block runs, what who writes to these tables needs: to any, when none is named.

    Who reads is not kept waiting, but by PostgreSQL's ACCESS EXCLUSIVE. SQLite has only the whole to hold.
    """
    with closing(_hold_tables(url, tables or models.TABLES, mode) if ON_POSTGRES else _hold_file(url)) as other:
        yield
        other.rollback()


def _hold_file(url: str) -> sqlite3.Connection:
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def _hold_tables(url: str, tables: Sequence[type[models.Table]], mode: str) -> psycopg2.extensions.connection:
    other = psycopg2.connect(url)
    with other.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(table._meta.table_name for table in tables)} IN {mode} MODE")
    return other


def dump() -> str:
    """Return every row of every table of the database in use, as text."""
    return "\n".join(str(row) for table in models.TABLES for row in table.select().tuples())


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give the SQL statements that this thread makes while the block runs.

    They are asked for here and go no further: the portal itself logs none, and their values would be people's.
    """
    made: list[str] = []
    here = threading.get_ident()
    handler = logging.Handler(logging.DEBUG)
    handler.addFilter(lambda record: record.thread == here)
    handler.emit = lambda record: made.append(record.msg[0])
    logger = logging.getLogger("peewee")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield made
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
