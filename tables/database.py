"""The database: opened by its address, written to by one writer at a time, its append-only tables guarded."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any

from peewee import SQL, AutoField, Database, DatabaseProxy, Model, ModelSelect, OperationalError
from playhouse import db_url
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from tables import waiting
from tables.waiting import PATIENCE_SECONDS, waits

SQLITE = "sqlite:///"

database = DatabaseProxy()
_write_lock = threading.RLock()


class PostgresDatabase(PooledPostgresqlDatabase):
    """PostgreSQL, made to take what SQLite takes, and to wait for others no longer than is left."""

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> Any:
        """Run a statement. A NUL becomes the mark of an unknown character: PostgreSQL has none, and would fail."""
        if params:
            params = [value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in params]
        if waiting.is_noticed():
            self._cut_short()
        began = monotonic()
        try:
            return super().execute_sql(sql, params)
        except OperationalError:
            waiting.note_in_vain(began)
            raise
        finally:
            if waits.is_in_request or self.in_transaction():
                waiting.count(monotonic() - began)

    def _cut_short(self) -> None:
        """Have the next statement wait no longer than is left: the server counts each anew."""
        if self._adapter.txn_status(self.connection()) != self._adapter.txn_inerror:  # there it takes a rollback only
            waits.is_cut_short = True
            super().execute_sql(f"SET lock_timeout = {waiting.left_ms()}")

    def _can_reuse(self, conn: Any) -> bool:
        """Tell whether the pool takes a connection back: not one that waits less than others."""
        is_cut_short, waits.is_cut_short = waits.is_cut_short, False
        return not is_cut_short and super()._can_reuse(conn)


def open_database(url: str) -> Database:
    """Bind the models to the database at `url` (sqlite:///FILE or postgresql://…) and return it.

    Every connection comes from a pool: granian recycles idle threads, and a connection per thread would leak.
    """
    file = sqlite_file(url)
    opened = _open_sqlite(file) if file else _open_postgres(url)
    database.initialize(opened)
    return opened


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite database's address, None when it is a server's."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def make_file(url: str) -> None:
    """Make an empty database, and its folder, where the address says; it is for its owner alone, residents' data."""
    file = sqlite_file(url)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)


def is_sqlite() -> bool:
    """Tell whether the models are bound to a SQLite file."""
    return isinstance(database.obj, PooledSqliteDatabase)


def _open_sqlite(file: Path) -> Database:
    return PooledSqliteDatabase(
        str(file),
        max_connections=200,
        timeout=15,
        check_same_thread=False,
        lock_type="IMMEDIATE",
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            "recursive_triggers": 1,  # without it INSERT OR REPLACE slips past the append-only guards
            "busy_timeout": PATIENCE_SECONDS * 1_000,
            "cache_size": -1_000,  # KB a connection, for as long as it is in the pool: fifty of 8 MB stayed for good
        },
    )


def _open_postgres(url: str) -> Database:
    address = db_url.parse(url, unquote_password=True, unquote_user=True)
    patience = {"options": f"-c lock_timeout={PATIENCE_SECONDS}s"}  # as SQLite's busy_timeout
    return PostgresDatabase(**patience | address, max_connections=80, timeout=15)


def begin_request(in_line: float) -> None:
    """Begin a request that stood so many seconds in the server's line."""
    waiting.begin_request(in_line)


def end_request() -> None:
    """End a request: its connection goes back, and its waits count no more."""
    give_back()
    waiting.end_request()


def give_back() -> None:
    """Give this thread's connection back to the pool; the next statement takes one again.

    Raises: OperationalError in a transaction.
    """
    if database.obj is not None and not database.is_closed():
        database.close()


@contextmanager
def connected() -> Iterator[None]:
    """Run the block with a connection taken when it is wanted, and given back at the end at the latest."""
    try:
        yield
    finally:
        give_back()


@contextmanager
def write() -> Iterator[None]:
    """Run the block as one write transaction, one writer at a time in this process.

    The lock keeps writers of one process from queueing on SQLite's own busy timeout, which is not fair. Whoever comes
    waits ten seconds in all, here and for other processes: five in line would else make a page of a minute.

    Raises: OperationalError when the others were too long; nothing was written then.
    """
    came, before = monotonic(), waits.seconds
    try:
        with _alone(), _patience() if waiting.is_noticed() else nullcontext(), database.atomic():
            waiting.count(monotonic() - came - (waits.seconds - before))
            yield
    except OperationalError:
        waiting.note_in_vain(came)
        raise
    finally:
        waiting.forget(before)
        if waits.is_cut_short and not (waits.is_in_request or database.in_transaction()):
            give_back()  # a thread of no request may keep its connection for hours


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other thread writes. Raises: OperationalError when they were too long."""
    came = monotonic()
    is_alone = _write_lock.acquire(timeout=waiting.left())
    waiting.count(monotonic() - came)
    if not is_alone:
        raise OperationalError("another writer of this process was too long")
    try:
        yield
    finally:
        _write_lock.release()


@contextmanager
def _patience() -> Iterator[None]:
    """Wait no longer than is left for other processes' writes. PostgreSQL is told at each statement."""
    if not is_sqlite():
        yield
        return
    database.obj.pragma("busy_timeout", waiting.left_ms())
    try:
        yield
    finally:
        database.obj.pragma("busy_timeout", PATIENCE_SECONDS * 1_000)


def hold(rows: "ModelSelect[Any]") -> None:
    """Keep other writers off these rows until the transaction ends; what was read of them before is to be read again.

    On SQLite there is nothing to do: a write transaction is alone already. In the order of keys, none deadlock.
    """
    if not is_sqlite():
        list(rows.order_by(rows.model._meta.primary_key).for_update().tuples())


def utcnow() -> datetime:
    """Return the present moment in UTC, without its zone, as every table stores it."""
    return datetime.now(UTC).replace(tzinfo=None)


def digest(secret: str) -> str:
    """Return what is stored of a random secret (a session token, a link, a nonce) instead of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class NumberField(AutoField):
    """A row's number, never given to another once the row is deleted: the trail, alerts and limits go on naming it."""

    def ddl(self, ctx: Any) -> Any:
        """Return the column's SQL. SQLite alone would give the last one's number anew."""
        column = super().ddl(ctx)
        if is_sqlite():
            column.nodes.append(SQL("AUTOINCREMENT"))
        return column


class Table(Model):
    """A table of the portal.

    What Peewee adds by itself (`id`, the id beside a foreign key, the rows that point here) is declared for mypy only.
    """

    id: "AutoField[int]" = NumberField()  # of every table but the few that name another primary key

    class Meta:
        database = database
        legacy_table_names = False


Value = str | int | date | time | Table | None  # what a column takes; a moment is a date too, and a bool an int


def guard(table: type[Table]) -> None:
    """Have the database itself refuse to change or delete what a table holds."""
    make = _sqlite_guard if is_sqlite() else _postgres_guard
    for verb in ("update", "delete"):
        for statement in make(table._meta.table_name, verb):
            database.execute_sql(statement)


def _sqlite_guard(table: str, verb: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ]


def _postgres_guard(table: str, verb: str) -> list[str]:
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}",
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",  # TRUNCATE deletes without any DELETE
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_change()",
    ]
