"""What the simulator remembers: JSON documents in SQLite, in memory or in a file."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, id TEXT NOT NULL, lookup TEXT, body TEXT NOT NULL,
    UNIQUE (kind, id));
CREATE INDEX IF NOT EXISTS documents_lookup ON documents (kind, lookup);
"""


class Store:
    """Keep documents by kind and id, safely for many threads."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + SCHEMA)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Do everything inside at once or not at all, while others wait."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._database.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                if outermost:
                    self._database.execute("ROLLBACK")
                raise
            else:
                if outermost:
                    self._database.execute("COMMIT")
            finally:
                self._depth -= 1

    def put(self, kind: str, document: dict, lookup: str | None = None) -> dict:
        """Write a document under its own id; lookup is a second way to find it."""
        with self._lock:
            self._database.execute(
                "INSERT INTO documents (kind, id, lookup, body) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, lookup = excluded.lookup",
                (kind, document["id"], lookup, json.dumps(document)),
            )
        return document

    def get(self, kind: str, identifier: str) -> dict | None:
        """Return one document, or None."""
        found = self._read("kind = ? AND id = ?", (kind, identifier))
        return found[0] if found else None

    def find(self, kind: str, lookup: str) -> list[dict]:
        """Return the documents written with this lookup, newest first."""
        return self._read("kind = ? AND lookup = ?", (kind, lookup))

    def all(self, kind: str) -> list[dict]:
        """Return every document of a kind, newest first."""
        return self._read("kind = ?", (kind,))

    def latest(self, kind: str, count: int) -> list[dict]:
        """Return the newest documents of a kind."""
        return self._read("kind = ?", (kind,), count)

    def delete(self, kind: str, identifier: str) -> None:
        """Forget one document."""
        with self._lock:
            self._database.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, identifier))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._database.execute("DELETE FROM documents")

    def _read(self, where: str, values: tuple, count: int = -1) -> list[dict]:
        query = f"SELECT body FROM documents WHERE {where} ORDER BY number DESC LIMIT ?"  # noqa: S608
        with self._lock:
            rows = self._database.execute(query, (*values, count)).fetchall()
        return [json.loads(body) for (body,) in rows]
