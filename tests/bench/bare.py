"""The yardstick: a bare Flask + Peewee + Jinja page of the size of the dossier's, on the same server."""

import os

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
