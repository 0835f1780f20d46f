"""How `flask import` reads another system's columns: by the mapping of a kind that is remembered, or named."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from adapters import cells
from adapters.csv_files import BadTable, Column, Source, read_cell
from adapters.mapping import proposal, rules
from adapters.mapping.reading import Opened, open_file
from adapters.mapping.rules import Mapping
from city import City
from commands import terminal
from commands.import_kinds import KINDS
from domain.imports.outcome import Plan

ENDING = ".toml"
SHOWN = 20

map_option = click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="La correspondance à suivre, au lieu de celle qui est retenue pour cette sorte.",
)
no_map_option = click.option("--no-map", is_flag=True, help="Lire le fichier tel quel, sans correspondance.")
show_option = click.option(
    "--show", is_flag=True, help=f"Montrer les {SHOWN} premières lignes comme le portail les lit, sans rien écrire."
)
propose_option = click.option(
    "--propose", is_flag=True, help="Écrire à l’écran une première correspondance, d’après l’en-tête du fichier."
)


def remembered(folder: str, kind: str, name: str) -> Path | None:
    """Return the mapping that is remembered for a file: the longest that its name begins with, else its kind's.

    `payments-sage-2026-11-28.csv` is read by payments-sage.toml if there is one. Raises: click.ClickException.
    """
    there = {file.stem: file for file in _mappings(folder)}
    begins = [stem for stem in there if name.startswith(stem) and not name[len(stem) :][:1].isalnum()]
    own = max((stem for stem in begins if stem.startswith(f"{kind}-")), key=len, default=kind)
    return there.get(own)


def wrong(city: City) -> list[str]:
    """Name what is wrong in the mappings that are remembered."""
    try:
        files = _mappings(city.mappings.folder)
    except click.ClickException as problem:
        return [problem.message]
    return [problem for file in sorted(files) for problem in _wrong(file, city)]


def _wrong(file: Path, city: City) -> list[str]:
    kind = next((kind for kind in KINDS if f"{file.stem}-".startswith(f"{kind}-")), "")
    if not kind:
        return [f"correspondance {file} : son nom doit commencer par sa sorte, comme cards.toml"]
    try:
        rules.load(file, KINDS[kind][0](city))
    except BadTable as problem:
        return str(problem).splitlines()
    return []


def _mappings(folder: str) -> list[Path]:
    """Return the mappings of a folder, none when it is not named. Raises: click.ClickException when it is not there."""
    try:
        return [file for file in Path(folder).iterdir() if file.suffix == ENDING] if folder else []
    except OSError as problem:
        words = f"le dossier des correspondances {folder} ne se lit pas ({problem.strerror}) : [mappings] de city.toml"
        raise click.ClickException(words) from problem


def check(file: Path, columns: Sequence[Column], mapping: Path | None, *, show: bool) -> None:
    """Want a mapping that is understood, if there is one, and show what it makes of the file when asked.

    Raises: click.ClickException, naming what is wrong.
    """
    try:
        how = rules.load(mapping, columns) if mapping else None
        if show:
            _show(file, columns, how)
    except BadTable as problem:
        raise click.ClickException(str(problem)) from problem


def propose(file: Path, columns: Sequence[Column]) -> None:
    """Print a first mapping of a file. Raises: click.ClickException when it is no table."""
    try:
        click.echo(proposal.propose(file, columns), nl=False)
    except BadTable as problem:
        raise click.ClickException(str(problem)) from problem


def tell(planned: Plan, opened: Opened) -> None:
    """Note in a plan what reading its file did: what it calls our columns, what is left out, what nothing takes."""
    for source in opened.sources:
        planned.names |= dict.fromkeys((source.column.name, source.column.field or source.column.name), source.called)
    planned.skipped = opened.skipped.total()
    planned.rows += planned.skipped
    planned.notices = [
        f"{count} ligne(s) sautée(s) : {column} « {value} »" for (column, value), count in opened.skipped.items()
    ]
    if opened.unused:
        planned.notices.append(
            f"colonnes que rien ne prend : {', '.join(opened.unused)} ; sinon, nommez-les dans ignore"
        )


def _show(file: Path, columns: Sequence[Column], mapping: Mapping | None) -> None:
    """Print the first rows as the portal reads them, each column beside what the file says."""
    opened = open_file(file, columns, mapping)
    taken = {source.column.name for source in opened.sources}
    for line, found in itertools.islice((one for one in opened.lines if any(one[1])), SHOWN):
        click.echo(f"ligne {line}")
        for words in _row(opened, found):
            click.echo(terminal.shown(words))
    if absent := [column.name for column in columns if column.name not in taken]:
        click.echo(f"rien dans le fichier pour : {', '.join(absent)}")


def _row(opened: Opened, found: list[str]) -> Iterator[str]:
    if len(found) != len(opened.header):
        yield f"  REFUSÉE : {len(found)} cases au lieu de {len(opened.header)}"
        return
    for source in opened.sources:
        said = ", ".join(f"{opened.header[place].strip()} « {found[place]} »" for place in source.places)
        value, why = _read(source, found)
        yield f"  {source.column.name:<20} {value:<30} ← {said or 'valeur fixe'}{why}"


def _read(source: Source, found: list[str]) -> tuple[str, str]:
    """Return what a cell is here, and why it is nothing."""
    try:
        return cells.written(source.column, read_cell(source, found)) or "(vide)", ""
    except ValueError as problem:
        return "REFUSÉ", f" : {problem}"
