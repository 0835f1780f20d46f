"""Two yardsticks on the same server: a bare Flask + Peewee + Jinja page of the size of the dossier's, and a function
written by hand over sqlite3 that answers as many bytes, compressed as ours: no page costs less here.
"""

import os
import sqlite3
import threading
from collections.abc import Callable
from html import escape
from pathlib import Path

import brotli
from flask import Flask, render_template
from peewee import CharField, IntegerField, Model
from playhouse.pool import PooledSqliteDatabase

from adapters.serving import Served

database = PooledSqliteDatabase(
    os.environ["BARE_DATABASE"], max_connections=20, check_same_thread=False, pragmas={"journal_mode": "wal"}
)


class Row(Model):
    """A row to show."""

    name = CharField()
    cents = IntegerField()

    class Meta:
        database = database


PAGE = "<!doctype html><title>Page</title><main>{% for row in rows %}<p>{{ row.name }} {{ row.cents }}</p>{% endfor %}"


def create() -> Served:
    """Build the bare page, filled up to BARE_BYTES."""
    app = Flask(__name__)
    database.create_tables([Row])
    if not Row.select().exists():
        Row.insert_many([{"name": f"row {n}", "cents": n} for n in range(20)]).execute()
    database.close()
    filler = "x" * max(0, int(os.environ["BARE_BYTES"]) - 700)
    template = app.jinja_env.from_string(PAGE + "<p>" + filler)  # once: at every request it took five times as long

    @app.get("/")
    def page() -> str:
        return render_template(template, rows=list(Row.select().limit(20)))

    @app.teardown_appcontext
    def close(_problem: object) -> None:
        database.close()

    return Served(app, 64 * 1024)


def by_hand() -> Served:
    """Build the function: three queries, twenty rows, the dossier's own text put together by hand, brotli 5."""
    create()
    connections = threading.local()
    ours = Path(os.environ["BARE_PAGE"]).read_text(encoding="utf-8")  # compresses as a page does: one letter costs less

    def answer(_environ: dict, start_response: Callable) -> list[bytes]:
        if not hasattr(connections, "one"):
            connections.one = sqlite3.connect(os.environ["BARE_DATABASE"])
        for _ in range(2):
            connections.one.execute("SELECT id, name, cents FROM row WHERE id = ?", (1,)).fetchone()
        rows = connections.one.execute("SELECT name, cents FROM row LIMIT 20").fetchall()
        shown = "".join(f"<p>{escape(name)} {cents}</p>" for name, cents in rows)
        body = brotli.compress(f"{ours}{shown}".encode(), quality=5)
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
        return [body]

    return Served(answer, 64 * 1024)
