"""`flask export …`: what accounting books."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from adapters import tables
from domain import accounting, deposits
from domain.charging import Uncertain

export_commands = AppGroup("export", help="Écrire un fichier CSV pour la comptabilité.")
day_type = click.DateTime(["%Y-%m-%d"])


@export_commands.command("payments", help="Chaque paiement, par facture et par compte du grand livre.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "first", type=day_type, required=True, help="Premier jour, par exemple 2026-11-01.")
@click.option("--to", "last", type=day_type, required=True, help="Dernier jour, compris.")
@with_appcontext
def payments(file: Path, first: datetime, last: datetime) -> None:
    """Write every payment of these days, Montreal's, to FILE."""
    if last < first:
        raise click.ClickException("--to vient avant --from")
    count = _write(file, accounting.HEADER, accounting.payments(_day(first), _day(last)))
    click.echo(f"{count} ligne(s) écrite(s)")


@export_commands.command("settlements", help="Ce que Braintree dépose pour un jour, par lot de règlement.")
@click.argument("day", type=day_type)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def settlements(day: datetime, file: Path) -> None:
    """Write what the gateway settled on a day, Montreal's, to FILE."""
    try:
        found = deposits.of_day(_day(day), current_app.extensions["portal"].gateway)
    except Uncertain:
        raise click.ClickException("la passerelle ne répond pas : essayez plus tard") from None
    count = _write(file, deposits.HEADER, [deposit.row(_day(day)) for deposit in found])
    click.echo(f"{count} lot(s) écrit(s)")


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    try:
        return tables.write(file, header, rows)
    except OSError as problem:
        raise click.ClickException(f"{file} ne s’écrit pas ({problem.strerror})") from problem


def _day(moment: datetime) -> date:
    return moment.date()
