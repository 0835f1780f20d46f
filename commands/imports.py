"""`flask import …`: the city's CSV files in, all of a file or nothing of it."""

import sys
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from tqdm import tqdm

from adapters import csv_files, kept_files
from commands import terminal
from commands.import_kinds import KINDS
from commands.worker.leases import ProcessLock, lock_for
from domain.common import clock
from domain.imports import moving, runs, two_sources
from domain.imports.carry_out import carry_out
from domain.imports.outcome import Outcome, Plan
from models import ImportRun
from views.messages import imports as words

import_commands = AppGroup("import", help="Faire entrer un fichier CSV de la Ville : tout, ou rien.")
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
dry_run_option = click.option("--dry-run", is_flag=True, help="Dire ce qui serait fait, sans rien écrire.")
expect_option = click.option(
    "--expect",
    type=click.IntRange(min=0),
    metavar="N",
    help="Refuser le fichier s’il n’a pas N lignes, sans l’en-tête.",
)
sure_option = click.option("--sure", is_flag=True, help="Le fichier est le bon, même s’il est bien plus court.")

short_option = click.option("--refuse-short", is_flag=True, help="Refuser un fichier bien plus court que le dernier.")
from_portal_option = click.option(
    "--from-portal",
    is_flag=True,
    help="Le fichier vient de « flask export » d’un autre portail : dans une base neuve, il est pris tel quel.",
)


def _planned(kind: str, file: Path, *, from_portal: bool) -> Plan:
    """Read a file and plan what it changes.

    Raises: BadTable.
    """
    city = _portal().city
    columns = KINDS[kind][0](city)
    if from_portal:  # what is empty there, such as a ledger account that nobody gave, is empty here
        columns = [replace(column, required=False) for column in columns]
    rows, rejected = csv_files.read(file, columns)
    keys = {row.values[columns[0].name] for row in rows}
    since = None if from_portal else city.imports.portal_since(kind, clock.today())
    ours = two_sources.ours(kind, keys, since, from_portal=from_portal)
    planned = KINDS[kind][1](rows, ours, progress=_watched)
    planned.outcome.rejected += rejected
    planned.keys = keys
    planned.rows = len(rows) + len({problem.line for problem in rejected})
    return planned


def _accepted(kind: str, file: Path, expect: int | None, longest: int, *, from_portal: bool) -> Plan:
    """Plan what a file changes; exit 1, nothing written, when a row is wrong, or there are not `expect` of them.

    Nor when it is much shorter than `longest` rows; 0 for any.
    """
    try:
        planned = _planned(kind, file, from_portal=from_portal)
    except csv_files.BadTable as problem:
        raise click.ClickException(str(problem)) from problem
    if expect is not None and planned.rows != expect:
        raise click.ClickException(f"{planned.rows} ligne(s) au lieu de {expect} : rien n’a été écrit")
    if planned.outcome.rejected:
        _refuse(planned.outcome.rejected)
    if runs.is_short(planned.rows, longest):
        raise click.ClickException(f"{planned.rows} ligne(s), mais {longest} au dernier import : rien n’a été écrit")
    return planned


def _import(kind: str, file: Path, expect: int | None, refuse_short: bool, *, from_portal: bool) -> Plan:
    """Apply a file, after those whose application was cut; one that changes nothing takes no lock of the database."""
    beside = _lock().path
    try:
        _finish_cut()
        kept = kept_files.keep(file, beside)
        longest = runs.last_length(kind) if refuse_short else 0
        planned = _accepted(kind, Path(kept), expect, longest, from_portal=from_portal)
        if planned.homes:
            moving.make_homes(planned.homes)
            planned = _accepted(kind, Path(kept), expect, longest, from_portal=from_portal)
        if planned.changes:
            _apply(runs.begin(kind, file.name, kept, from_portal=from_portal), planned)
        else:
            runs.put_before_a_person(kind, planned)
        runs.keep_length(kind, planned.rows)
        return planned
    finally:
        kept_files.erase(beside, all_but={run.kept for run in runs.cut()})


def _move_in() -> None:
    """Exit 1 when somebody already uses this portal: another one's codes might be its own."""
    try:
        moving.begin()
    except moving.NotNew:
        raise click.ClickException("--from-portal : cette base sert déjà, il en faut une neuve") from None


def _finish_cut() -> None:
    """Finish the imports that were cut, before any other."""
    for run in runs.cut():
        click.echo(f"{run.name} : import interrompu, terminé d’abord", err=True)
        planned = _read_again(run)
        if planned is None:
            runs.give_up(run)
        else:
            _apply(run, planned)


def _read_again(run: ImportRun) -> Plan | None:
    """Plan what is left of a cut import; None when its file is refused now, or is gone: a copy restored has it not."""
    with suppress(csv_files.BadTable, OSError):
        planned = _planned(run.kind, Path(run.kept), from_portal=runs.is_from_portal(run))
        return None if planned.outcome.rejected else planned
    return None


def _apply(run: ImportRun, planned: Plan) -> None:
    carry_out(planned, _watched)
    runs.put_before_a_person(run.kind, planned)
    runs.finish(run)


@contextmanager
def _alone() -> Iterator[None]:
    """Be the only import while the block runs; another one under way is waited for, in words."""
    lock = _lock()
    if not lock.acquire():
        click.echo("Un autre import est en cours : celui-ci attend qu’il finisse.", err=True)
        while not lock.acquire():
            time.sleep(0.2)
    try:
        yield
    finally:
        lock.release()


def _lock() -> ProcessLock:
    return lock_for(_portal().settings, "import-lock")


def _watched(things: Collection) -> Iterable:
    return tqdm(things, unit="ligne", disable=not sys.stderr.isatty())


def _portal() -> Any:
    return current_app.extensions["portal"]


def _report(outcome: Outcome, dry_run: bool) -> None:
    for problem in outcome.left_alone:
        click.echo(f"laissée : {terminal.line(words.problem(problem))}")
    for problem in outcome.listed:
        click.echo(f"à traiter : {terminal.line(words.problem(problem))}")
    for line in sorted(outcome.written):
        click.echo(f"à traiter : {terminal.line(words.problem(outcome.written[line]))}")
    click.echo(
        f"{'Essai, rien n’est écrit : ' if dry_run else ''}{outcome.created} créé(s), {outcome.updated} modifié(s), "
        f"{outcome.unchanged} inchangé(s), {len(outcome.left_alone)} laissé(s) tel(s) quel(s)"
    )


def _refuse(problems: Sequence) -> None:
    for problem in sorted(problems, key=lambda problem: problem.line):
        click.echo(terminal.line(words.problem(problem)), err=True)
    click.echo(f"Rien n’a été écrit : {len(problems)} erreur(s) à corriger.", err=True)
    sys.exit(1)


def _command(kind: str) -> None:
    @import_commands.command(kind, help=KINDS[kind][2])
    @file_argument
    @dry_run_option
    @expect_option
    @sure_option
    @from_portal_option
    @short_option
    @with_appcontext
    def command(
        file: Path, dry_run: bool, expect: int | None, sure: bool, from_portal: bool, refuse_short: bool
    ) -> None:
        if from_portal:
            _move_in()
        last = runs.last_length(kind)
        if dry_run:
            planned = _accepted(kind, file, expect, last if refuse_short else 0, from_portal=from_portal)
        else:
            with _alone():
                planned = _import(kind, file, expect, refuse_short, from_portal=from_portal)
        if not sure and runs.is_short(planned.rows, last):
            click.echo(f"attention : {planned.rows} ligne(s), mais {last} au dernier import", err=True)
        _report(planned.outcome, dry_run)


for _kind in KINDS:
    _command(_kind)
