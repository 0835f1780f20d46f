"""What is refused before anything begins: a database that is not there, another's, or a schema that is behind."""

import time
from collections.abc import Sequence

import click
from peewee import OperationalError, PeeweeException

import models
from adapters.documents import mark
from city import City
from commands import schema
from domain.operations import made_for
from domain.payments import restore
from settings import Settings, database_named

MAKES_IT = ["db", "upgrade"]  # the one command that makes a database
WITH_ANY_SCHEMA = ("db", "restore")
SERVER_WITHIN_SECONDS = 60  # a machine that starts brings its database up meanwhile


def refuse_wrong_database(settings: Settings, words: Sequence[str]) -> None:
    """Check the database before a command that begins with these two words, or before serving.

    Raises: click.ClickException, in a sentence that names the database and what to do.
    """
    making = list(words) == MAKES_IT
    missing = missing_file(settings.database_url)
    if missing and making:
        return
    if missing:
        raise click.ClickException(f"{missing} n’existe pas : corrigez DATABASE_URL, ou lancez « flask db upgrade »")
    try:
        _refuse_anothers(settings)
        if not words or words[0] not in WITH_ANY_SCHEMA:
            _refuse_old_schema(settings)
    except PeeweeException as problem:
        raise click.ClickException(
            f"la base {database_named(settings.database_url)} ne se lit pas : {problem}"
        ) from None


def refuse_undrawable_mark(city: City) -> None:
    """Try the city's own mark, if it has one: a receipt must not fail for it.

    Raises: click.ClickException.
    """
    try:
        if city.mark:
            mark.try_out(city)
    except mark.Undrawable as problem:
        raise click.ClickException(
            f"city.toml: mark {city.mark} ne se dessine pas, ou est plus de {mark.WIDEST} fois plus large que haute"
            f" ({problem})"
        ) from None


def wait_for_database(settings: Settings) -> None:
    """Have who serves wait for a database server that starts with the machine, or is restarted; a file is there or not.

    After a minute the check that follows says what is wrong.
    """
    if models.sqlite_file(settings.database_url):
        return
    until = time.monotonic() + SERVER_WITHIN_SECONDS
    while not _connects() and time.monotonic() < until:
        time.sleep(1)


def _connects() -> bool:
    try:
        with models.database.connection_context():
            return True
    except OperationalError:
        return False


def refuse_unfinished_restore() -> None:
    """Have who serves wait: what was paid since the copy looks due, and nobody may pay before it is found.

    Raises: click.ClickException.
    """
    with models.database.connection_context():
        if restore.is_unfinished():
            raise click.ClickException("une copie remise en place reste à compléter : lancez « flask reconcile »")


def missing_file(database_url: str) -> str:
    """Name the database's file, or its folder, that is not there; nothing when it is, or is a server's."""
    file = models.sqlite_file(database_url)
    if file is None or file.is_file():
        return ""
    return f"la base {file.absolute()}" if file.parent.is_dir() else f"le dossier {file.parent.absolute()}"


def _refuse_anothers(settings: Settings) -> None:
    with models.database.connection_context():
        environment = made_for.kept() if models.Counter.table_exists() else None
    if environment not in (None, settings.gateway_environment):
        raise click.ClickException(
            f"la base {database_named(settings.database_url)} a été faite pour BRAINTREE_ENVIRONMENT={environment},"
            f" et non {settings.gateway_environment} : prenez-en une autre"
        )


def _refuse_old_schema(settings: Settings) -> None:
    with models.database.connection_context():
        empty = not models.Counter.table_exists()
    if empty:
        raise click.ClickException(
            f"la base {database_named(settings.database_url)} est vide : lancez « flask db upgrade »"
        )
    behind = schema.pending()
    if behind:
        raise click.ClickException(f"le schéma est en retard ({', '.join(behind)}) : lancez « flask db upgrade »")
    if newer := schema.too_new():
        raise click.ClickException(schema.newer_words(newer))
