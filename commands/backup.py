"""`flask backup`, `flask restore`: nothing is lost with the machine."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import click
from flask import current_app
from flask.cli import with_appcontext

import models
from adapters import elsewhere, owners, sealed_copies, sqlite_copies
from commands import findings, schema
from commands.replica import replica_lock
from commands.worker.dispatcher import PaymentWorker
from commands.worker.leases import lock_for, shared_folder
from domain.common import clock
from domain.operations import copies, health, watch
from domain.payments import lost_work, restore
from domain.payments.gateway import Uncertain
from settings import Settings


@click.command("backup", help="Copier la base, sans arrêter le site ; la copie est relue en entier.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@with_appcontext
def backup_command(file: Path | None) -> None:
    """Take a consistent copy while serving, open it and check it; without a file, this hour's in the folder of copies.

    A file named .age is sealed with BACKUP_KEY, and so is the folder's copy where there is a key.
    """
    try:
        copy = _copy(file) if file else _copy_of_the_hour()
    except (sqlite_copies.BadCopy, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    health.copied()
    watch.look_at_books()
    click.echo(f"{copy} : copie faite et relue ({copy.stat().st_size // 1024} Ko)")
    if not file:
        _send(copy)


def _named(target: str) -> str:
    """Name where copies go, without what may be a password."""
    address = urlparse(target)
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()


def _copy_of_the_hour() -> Path:
    """Make the copy of this hour, then take away those that are not kept. Raises: BadCopy, OSError."""
    settings = _portal().settings
    folder = Path(settings.copies.folder)
    database_file()
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        owners.give(folder, folder.parent)
    lock = lock_for(settings, "copy-lock")
    if not lock.acquire():
        raise sqlite_copies.BadCopy("une autre copie est en cours")
    try:
        copy = _copy(folder / copies.name(clock.now(), sealed=bool(settings.copies.key)))
    finally:
        lock.release()
    for name in copies.superfluous(file.name for file in folder.iterdir()):
        (folder / name).unlink()
    return copy


def _copy(file: Path) -> Path:
    """Make a copy, sealed when its name says so. Raises: BadCopy, OSError."""
    database, key = database_file(), _portal().settings.copies.key
    if file.suffix != copies.SEALED:
        sqlite_copies.make(database, file)
        return file
    if not key:
        raise sqlite_copies.BadCopy(f"{file} : il faut une clé dans BACKUP_KEY pour chiffrer")
    plain = file.with_name(".copie.clair")
    try:
        sqlite_copies.make(database, plain)
        sealed_copies.seal(plain, file, key)
    finally:
        plain.unlink(missing_ok=True)
    return file


def _send(copy: Path) -> None:
    """Send a copy elsewhere where a target is given; the one here is made, whatever becomes of this.

    Raises: click.ClickException: who looks after the machine is written to.
    """
    target = _portal().settings.copies.target
    if not target:
        health.sent_nowhere()
        return
    there = elsewhere.reached(target, shared_folder() / ".ssh")
    try:
        there.put(copy)
        there.remove(copies.superfluous(there.names()))
    except elsewhere.NotSent as problem:
        health.sent(str(problem))
        raise click.ClickException(f"la copie est faite ici, et n’est pas partie : {problem}") from None
    health.sent()
    click.echo(f"Envoyée : {_named(target)}")


@click.command("restore", help="Remettre une copie en place, puis retrouver à la passerelle ce qui a été payé depuis.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--replace-newer", is_flag=True, help="Remplacer même une base plus récente que la copie.")
@click.option("--in-place", is_flag=True, help="La copie est déjà en place (PostgreSQL, après pg_restore).")
@with_appcontext
def restore_command(file: Path | None, replace_newer: bool, in_place: bool) -> None:
    """Put a copy back, the server stopped; what it replaces is kept beside it."""
    if (file is None) != in_place:
        raise click.UsageError("donnez un fichier, ou --in-place")
    with _alone():
        old = _replace(file, replace_newer) if file else None
        if not file:
            _refuse_unreachable(_portal().gateway)
        restore.begin(clock.now())
        to_do_again = _name_what_is_lost(old) if old else None
        _recover(_portal().worker)
        _say_what_is_lost(to_do_again)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep the portal and its replica from starting. Raises: click.ClickException when one of them runs."""
    settings = _portal().settings
    with ExitStack() as held:
        for lock, running in (
            (lock_for(settings), "le portail est en marche : arrêtez-le d’abord"),
            (replica_lock(settings), "la réplique est en marche : « systemctl stop portail-replique » d’abord"),
        ):
            if not lock.acquire():
                raise click.ClickException(running)
            held.callback(lock.release)
        yield


def _replace(file: Path, replace_newer: bool) -> Path | None:
    """Put a copy, sealed or not, in the database's place; return where the old one is kept.

    Raises: click.ClickException when the copy or the moment is bad; nothing is changed then.
    """
    settings, database = _portal().settings, database_file()
    database.parent.mkdir(parents=True, exist_ok=True)
    try:
        with sealed_copies.opened(file, settings.copies.key, beside=database) as plain:
            _refuse_bad(plain, replace_newer)
            _refuse_unreachable(_portal().gateway)
            return _put_back(plain, settings)
    except sqlite_copies.BadCopy as problem:
        raise click.ClickException(str(problem)) from None


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


def database_file() -> Path:
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
    """Raises: BadCopy when the copy is none, click.ClickException when it is older than what it would replace."""
    database = database_file()
    sqlite_copies.check(file)
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
    aside = sqlite_copies.put_back(file, database_file(), clock.now(), restore.UNFINISHED)
    models.open_database(settings.database_url)
    schema.upgrade()
    if aside:
        click.echo(f"L’ancienne base est gardée : {aside}")
    return aside


COMMANDS = (backup_command, restore_command)
