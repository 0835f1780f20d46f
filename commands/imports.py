"""`flask import …`: the city's CSV files in, all of a file or nothing of it."""

import sys
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from tqdm import tqdm

from adapters import csv_files, kept_files
from adapters.csv_files import Column
from adapters.mapping import reading, rules
from commands import mapped, terminal
from commands.import_kinds import KINDS
from commands.worker.leases import ProcessLock, lock_for
from domain.common import clock
from domain.imports import moving, runs, two_sources
from domain.imports.carry_out import carry_out
from domain.imports.outcome import Plan, Problem
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


@dataclass(frozen=True)
class Coming:
    """A file to bring in, and what is said of it."""

    kind: str
    file: Path
    mapping: Path | None = None  # how its columns are ours
    from_portal: bool = False
    expect: int | None = None  # rows that it must have
    refuse_short: bool = False

    def columns(self) -> list[Column]:
        """Return the columns it may have; what is empty at another portal, such as a ledger account, is empty here."""
        columns = KINDS[self.kind][0](_portal().city)
        return [replace(column, required=False) for column in columns] if self.from_portal else columns


def _planned(one: Coming) -> Plan:
    """Read a file and plan what it changes.

    Raises: BadTable.
    """
    columns = one.columns()
    mapping = rules.load(one.mapping, columns) if one.mapping else None
    rows, rejected, opened = reading.read(one.file, columns, mapping)
    keys = {row.values[columns[0].name] for row in rows}
    since = None if one.from_portal else _portal().city.imports.portal_since(one.kind, clock.today())
    ours = two_sources.ours(one.kind, keys, since, from_portal=one.from_portal)
    planned = KINDS[one.kind][1](rows, ours, progress=_watched)
    planned.outcome.rejected += rejected
    planned.keys = keys
    planned.rows = len(rows) + len({problem.line for problem in rejected})
    mapped.tell(planned, opened)
    return planned


def _accepted(one: Coming, most: int | None = None) -> Plan:
    """Plan what a file changes; exit 1, nothing written, when a row is wrong, or the file has another length.

    `most` is how many errors are told; all of them without it.
    """
    try:
        planned = _planned(one)
    except csv_files.BadTable as problem:
        raise click.ClickException(str(problem)) from problem
    longest = runs.last_length(one.kind) if one.refuse_short else 0
    if one.expect is not None and planned.rows != one.expect:
        raise click.ClickException(f"{planned.rows} ligne(s) au lieu de {one.expect} : rien n’a été écrit")
    if planned.outcome.rejected:
        _refuse(planned, most)
    if runs.is_short(planned.rows, longest):
        raise click.ClickException(f"{planned.rows} ligne(s), mais {longest} au dernier import : rien n’a été écrit")
    return planned


def _import(one: Coming) -> Plan:
    """Apply a file, after those whose application was cut; one that changes nothing takes no lock of the database."""
    beside = _lock().path
    try:
        _finish_cut()
        kept = kept_files.keep(one.file, beside, one.mapping)
        as_kept = replace(one, file=Path(kept), mapping=kept_files.mapping_of(kept))
        planned = _accepted(as_kept)
        if planned.homes:
            moving.make_homes(planned.homes)
            planned = _accepted(as_kept)
        if planned.changes:
            _apply(runs.begin(one.kind, one.file.name, kept, from_portal=one.from_portal), planned)
        else:
            runs.put_before_a_person(one.kind, planned)
        runs.keep_length(one.kind, planned.rows)
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
        mapping, from_portal = kept_files.mapping_of(run.kept), runs.is_from_portal(run)
        planned = _planned(Coming(run.kind, Path(run.kept), mapping, from_portal))
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


def _notice(planned: Plan) -> None:
    for notice in planned.notices:
        click.echo(terminal.shown(notice), err=True)


def _report(planned: Plan, dry_run: bool) -> None:
    outcome = planned.outcome
    _notice(planned)
    for problem in outcome.left_alone:
        click.echo(f"laissée : {_said(problem, planned)}")
    for problem in outcome.listed:
        click.echo(f"à traiter : {_said(problem, planned)}")
    for line in sorted(outcome.written):
        click.echo(f"à traiter : {_said(outcome.written[line], planned)}")
    click.echo(
        f"{'Essai, rien n’est écrit : ' if dry_run else ''}{outcome.created} créé(s), {outcome.updated} modifié(s), "
        f"{outcome.unchanged} inchangé(s), {len(outcome.left_alone)} laissé(s) tel(s) quel(s)"
        f"{f', {planned.skipped} sauté(s)' if planned.skipped else ''}"
    )


def _refuse(planned: Plan, most: int | None) -> None:
    problems = sorted(planned.outcome.rejected, key=lambda problem: problem.line)
    _notice(planned)
    for problem in problems[:most]:
        click.echo(_said(problem, planned), err=True)
    more = f", dont {len(problems) - most} que --dry-run dit aussi" if most and len(problems) > most else ""
    click.echo(f"Rien n’a été écrit : {len(problems)} erreur(s) à corriger{more}.", err=True)
    sys.exit(1)


def _said(problem: Problem, planned: Plan) -> str:
    """Say what is wrong with a row, its column as the file calls it."""
    column = planned.names.get(problem.column, problem.column)
    return terminal.line(words.problem(replace(problem, column=column)))


def _mapping_of(kind: str, file: Path, named: Path | None, *, as_it_stands: bool) -> Path | None:
    """Return the mapping that a file is read by: the one that is named, else the one that is remembered; and say so."""
    if as_it_stands and named:
        raise click.UsageError("--map ne va ni avec --no-map, ni avec --from-portal")
    if as_it_stands:
        return None
    found = named or mapped.remembered(_portal().city.mappings.folder, kind, file.name)
    if found:
        click.echo(f"Correspondance : {found}", err=True)
    return found


def _command(kind: str) -> None:
    @import_commands.command(kind, help=KINDS[kind][2])
    @file_argument
    @dry_run_option
    @expect_option
    @sure_option
    @from_portal_option
    @short_option
    @mapped.map_option
    @mapped.no_map_option
    @mapped.show_option
    @mapped.propose_option
    @with_appcontext
    def command(
        file: Path, mapping: Path | None, no_map: bool, from_portal: bool, show: bool, propose: bool, **asked: Any
    ) -> None:
        if propose:
            mapped.propose(file, Coming(kind, file).columns())
            return
        by = _mapping_of(kind, file, mapping, as_it_stands=no_map or from_portal)
        one = Coming(kind, file, by, from_portal, asked["expect"], asked["refuse_short"])
        if from_portal:
            _move_in()
        mapped.check(one.file, one.columns(), by, show=show)
        _bring(one, dry_run=asked["dry_run"] or show, sure=asked["sure"], most=mapped.SHOWN if show else None)


def _bring(one: Coming, *, dry_run: bool, sure: bool, most: int | None) -> None:
    """Import a file, or only say what would become of it."""
    last = runs.last_length(one.kind)
    if dry_run:
        planned = _accepted(one, most)
    else:
        with _alone():
            planned = _import(one)
    if not sure and runs.is_short(planned.rows, last):
        click.echo(f"attention : {planned.rows} ligne(s), mais {last} au dernier import", err=True)
    _report(planned, dry_run)


for _kind in KINDS:
    _command(_kind)
