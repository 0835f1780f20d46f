"""`flask export …`: what accounting books."""

from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from adapters import tables
from domain import accounting

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
    count = tables.write(file, accounting.HEADER, accounting.payments(_day(first), _day(last)))
    click.echo(f"{count} ligne(s) écrite(s)")


def _day(moment: datetime) -> date:
    return moment.date()
