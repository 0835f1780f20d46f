"""`flask backup`, `flask restore`: nothing is lost with the machine."""

import sqlite3
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

import models
from adapters import sqlite_copies
from commands import findings, schema
from commands.worker.dispatcher import PaymentWorker
from commands.worker.leases import lock_for
from domain.common import clock
from domain.operations import health
from domain.payments import lost_work, restore
from domain.payments.gateway import Uncertain
from settings import Settings


@click.command("backup", help="Copier la base dans un fichier, sans arrêter le site ; la copie est relue en entier.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Take a consistent copy while serving, open it and check it."""
    try:
        sqlite_copies.make(_database(), file)
    except (sqlite_copies.BadCopy, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    health.copied()
    click.echo(f"{file} : copie faite et relue ({file.stat().st_size // 1024} Ko)")


@click.command("restore", help="Remettre une copie en place, puis retrouver à la passerelle ce qui a été payé depuis.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--replace-newer", is_flag=True, help="Remplacer même une base plus récente que la copie.")
@click.option("--in-place", is_flag=True, help="La copie est déjà en place (PostgreSQL, après pg_restore).")
@with_appcontext
def restore_command(file: Path | None, replace_newer: bool, in_place: bool) -> None:
    """Put a copy back, the server stopped; what it replaces is kept beside it."""
    if (file is None) != in_place:
        raise click.UsageError("donnez un fichier, ou --in-place")
    lock = lock_for(_portal().settings)
    if not lock.acquire():
        raise click.ClickException("le portail est en marche : arrêtez-le d’abord")
    try:
        if file:
            _refuse_bad(file, replace_newer)
        _refuse_unreachable(_portal().gateway)
        old = _put_back(file, _portal().settings) if file else None
        restore.begin(clock.now())
        to_do_again = _name_what_is_lost(old) if old else None
        _recover(_portal().worker)
        _say_what_is_lost(to_do_again)
    finally:
        lock.release()


def _portal() -> Any:
    """Return the parts that app.py built."""
    return current_app.extensions["portal"]


def _recover(worker: PaymentWorker) -> None:
    try:
        for fact in worker.recover():
            click.echo(findings.tell(fact))
    except Uncertain:
        problem = "la passerelle ne répond plus : lancez « flask reconcile » avant de servir"
        raise click.ClickException(problem) from None


def _name_what_is_lost(old: Path) -> int | None:
    """Put before a person what only the replaced database knows; return how much, None if it cannot be read."""
    try:
        return lost_work.name(*sqlite_copies.lived_since(old, *lost_work.known_until()))
    except sqlite_copies.BadCopy:
        return None


def _say_what_is_lost(to_do_again: int | None) -> None:
    click.echo("La copie est en place. Ce qui a été payé par carte depuis est retrouvé, ou nommé ci-dessus.")
    if to_do_again is None:
        click.echo(
            "Ce qui a été fait ici depuis la copie ne se retrouve pas : paiements du comptoir, foyers séparés,"
            " consentements, décisions du personnel. « flask attention » en dit les dates : refaites-le."
        )
    elif to_do_again:
        click.echo(f"{to_do_again} chose(s) faites depuis la copie sont à refaire : « flask attention » les nomme.")
    else:
        click.echo("Rien d’autre n’a été fait depuis la copie.")


def _database() -> Path:
    """Return the database's file.

    Raises: click.ClickException for a database server, which has tools of its own.
    """
    file = models.sqlite_file(_portal().settings.database_url)
    if file is None:
        raise click.ClickException(
            "pour PostgreSQL, prenez pg_dump et pg_restore, puis lancez « flask restore --in-place »"
        )
    return file


def _refuse_bad(file: Path, replace_newer: bool) -> None:
    """Raises: click.ClickException when the copy is no copy, or is older than what it would replace."""
    database = _database()
    try:
        sqlite_copies.check(file)
    except sqlite_copies.BadCopy as problem:
        raise click.ClickException(str(problem)) from None
    if replace_newer or not database.exists():
        return
    try:
        newer = sqlite_copies.last_lived(database) > sqlite_copies.last_lived(file)
    except sqlite3.Error:
        return  # what stands there is no database of ours, or is broken; it is kept aside
    if newer:
        raise click.ClickException(
            f"{database} a servi depuis cette copie. Pour la remplacer quand même : --replace-newer"
        )


def _refuse_unreachable(gateway: object) -> None:
    """Raises: click.ClickException when the gateway does not answer: what was paid since could not be found."""
    try:
        gateway.made_between(clock.now(), clock.now())
    except Uncertain:
        raise click.ClickException("la passerelle ne répond pas : rien n’est changé, essayez plus tard") from None


def _put_back(file: Path, settings: Settings) -> Path | None:
    """Put a copy in the database's place; return where the old one is kept."""
    models.database.close()
    models.database.obj.close_all()
    aside = sqlite_copies.put_back(file, _database(), clock.now(), restore.UNFINISHED)
    models.open_database(settings.database_url)
    schema.upgrade()
    if aside:
        click.echo(f"L’ancienne base est gardée : {aside}")
    return aside


COMMANDS = (backup_command, restore_command)
