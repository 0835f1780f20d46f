"""`flask exercice`: the latest copy restored aside, and what would be lost today; nothing is changed here or there."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from peewee import PeeweeException, fn

import models
from adapters import sealed_copies, sqlite_copies
from commands import findings, schema, terminal
from commands.backup import database_file
from commands.worker.leases import lock_for
from domain.billing import ledger
from domain.common import clock, formats
from domain.common.facts import Fact
from domain.operations import copies, doctor, health, made_for
from domain.payments import lost_work, restore
from domain.payments.context import Context
from domain.payments.findings import Finding
from domain.payments.gateway import Uncertain
from domain.payments.looking import Looking
from models import Alert
from settings import Settings
from views.messages import facts

FAILS = (sqlite_copies.BadCopy, OSError, PeeweeException)


class Failed(Exception):
    """Tried to restore a copy aside. The message says what would have kept it from serving."""


@click.command(
    "exercice", help="Remettre la dernière copie en place à côté, sans rien changer, et dire ce qui serait perdu."
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--brief", is_flag=True, help="Compter seulement : un journal de la machine ne nomme personne.")
@with_appcontext
def exercise_command(file: Path | None, brief: bool) -> None:
    """Rehearse a restore, and note in the real database how it went."""
    portal = current_app.extensions["portal"]
    lock = lock_for(portal.settings, "exercise-lock")
    database_file()
    if not lock.acquire():
        raise click.ClickException("un exercice est déjà en cours")
    try:
        _rehearse(file or _latest(portal.settings), brief)
    except (Failed, *FAILS) as problem:
        health.exercised(str(problem)[:200])
        raise click.ClickException(f"l’exercice a échoué : {problem}") from None
    finally:
        lock.release()
    health.exercised()


def _latest(settings: Settings) -> Path:
    """Return the newest of the copies. Raises: Failed."""
    folder = Path(settings.copies.folder)
    name = copies.latest(file.name for file in folder.iterdir()) if folder.is_dir() else None
    if name is None:
        raise Failed(f"il n’y a pas de copie dans {folder}")
    return folder / name


def _rehearse(copy: Path, brief: bool) -> None:
    """Restore, reconcile and say what came of it. Raises: Failed, and what reading a copy raises."""
    began, database = clock.now(), database_file()
    click.echo(f"Exercice sur {copy}, d’il y a {_lasting(began - _made_at(copy))}")
    with _aside(copy, database):
        _refuse_anothers()
        restore.begin(began)
        missing = _name_what_is_missing(database)
        found = _found_again()
        _refuse_wrong_books()
    if not brief:
        _name(found, missing)
    _count(found, missing)
    click.echo(f"Durée : {_lasting(clock.now() - began)}. Rien n’a été changé, ni ici ni à la passerelle.")


@contextmanager
def _aside(copy: Path, database: Path) -> Iterator[None]:
    """Have the models on a copy, its schema brought up, in a folder that is erased afterwards, cut short or not."""
    folder = database.with_name(f".{database.name}.exercice")
    shutil.rmtree(folder, ignore_errors=True)  # what an exercise that was killed left
    folder.mkdir(mode=0o700)
    try:
        with sealed_copies.opened(copy, _settings().copies.key, beside=folder / "copie.db") as plain:
            sqlite_copies.check(plain)
            sqlite_copies.put_back(plain, folder / "base.db", clock.now(), restore.UNFINISHED)
        _bind(f"{models.SQLITE}{folder / 'base.db'}")
        schema.upgrade()
        yield
    finally:
        _bind(_settings().database_url)
        shutil.rmtree(folder, ignore_errors=True)


def _bind(url: str) -> None:
    models.database.close()
    models.database.obj.close_all()
    models.open_database(url)


def _settings() -> Settings:
    return current_app.extensions["portal"].settings


def _made_at(copy: Path) -> datetime:
    """Return when a copy was made, in UTC: when its file was written, unless that is not the hour in its name."""
    written = datetime.fromtimestamp(copy.stat().st_mtime, UTC).replace(tzinfo=None)
    named = copies.hour(copy.name)
    return written if named is None or named <= written < named + timedelta(hours=1) else named


def _refuse_anothers() -> None:
    environment = _settings().gateway_environment
    if made_for.kept() not in (None, environment):
        raise Failed(f"la copie est d’une base de {made_for.kept()}, et non de {environment}")


def _name_what_is_missing(database: Path) -> list[str]:
    """Return a line for each thing that only the real database knows, as `flask attention` would after a restore."""
    before = Alert.select(fn.MAX(Alert.id)).scalar() or 0
    lost_work.name(*sqlite_copies.lived_since(database, *lost_work.known_until()))
    named = Alert.select().where(Alert.id > before, Alert.closed_at.is_null()).order_by(Alert.id)
    return [terminal.line(f"{facts.heading(alert.kind)} : {facts.alert(alert)}") for alert in named]


def _found_again() -> list[Fact]:
    """Return what the gateway knows of and the copy does not. Raises: Failed."""
    portal = current_app.extensions["portal"]
    searched_for = timedelta(seconds=portal.settings.uncertain_for_seconds)
    try:
        return restore.finish(Context(Looking(portal.gateway), portal.listeners, searched_for))
    except Uncertain:
        raise Failed("la passerelle ne répond pas") from None


def _refuse_wrong_books() -> None:
    if ledger.imbalance_cents() or doctor.disagreeing():
        raise Failed("après la reprise, les factures et le grand livre ne disent pas la même chose")


def _name(found: list[Fact], missing: list[str]) -> None:
    for line in [*map(findings.tell, found), *missing]:
        click.echo(line)


def _count(found: list[Fact], missing: list[str]) -> None:
    charges = [fact for fact in found if fact.key == Finding.CHARGE]
    cents = sum(int(fact.values["amount_cents"]) for fact in charges)
    click.echo(f"Retrouvés à la passerelle : {len(charges)} paiement(s), {formats.money(cents)}")
    click.echo(f"Perdues, à refaire à la main : {len(missing)} chose(s)")


def _lasting(time: timedelta) -> str:
    """Say how long, as one would: 40 s, 12 min, 3 h, 5 j."""
    seconds = max(0, int(time.total_seconds()))
    for unit, size in (("j", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


COMMANDS = (exercise_command,)
