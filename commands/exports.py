"""`flask export …`: what accounting books, and all that `flask import` reads, for another portal or system."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from adapters import cells, csv_files, spreadsheets
from commands.import_kinds import KINDS, SHARED_TAXES
from domain.billing import payments_export
from domain.common import clock
from domain.exports import invoices, things
from domain.exports import payments as taken
from domain.payments import deposits
from domain.payments.gateway import Uncertain
from domain.taxes import rl24, tax_receipts
from views.messages import accounting, worksheets

export_commands = AppGroup(
    "export", help="Écrire un fichier CSV : pour la comptabilité, ou pour partir d’ici. En .xlsx : un classeur à lire."
)
day_type = click.DateTime(["%Y-%m-%d"])
file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
ROWS: dict[str, Callable[[], Iterator[things.Cells]]] = {
    "cards": things.cards,
    "invoices": invoices.rows,
    "payments": taken.rows,
    "places": things.places,
    "activities": things.activities,
    "prices": things.prices,
    "registrations": things.registrations,
    "reservations": things.reservations,
}
WORKBOOK = ".xlsx"
CAVEATS = {
    rl24.Caveat.YEAR_UNDER_WAY: "l’année %(year)s n’est pas finie : les montants changeront",
    rl24.Caveat.YEAR_IS_PARTIAL: "l’année %(year)s est incomplète : des paiements faits ailleurs ne sont pas ici",
    rl24.Caveat.AGES_UNKNOWN: "les âges de %(year)s ne sont pas confirmés (tax_receipts.ages_known_until de city.toml)",
    rl24.Caveat.ROWS_LACK: "%(count)s ligne(s) à compléter (colonne missing)",
}


@export_commands.command(
    "payments", help="Les paiements, comme l’import les lit ; entre deux jours, par compte du grand livre."
)
@file_argument
@click.option("--from", "first", type=day_type, help="Premier jour, par exemple 2026-11-01.")
@click.option("--to", "last", type=day_type, help="Dernier jour, compris.")
@with_appcontext
def payments(file: Path, first: datetime | None, last: datetime | None) -> None:
    """Write every payment to FILE: as `flask import` reads them, or what accounting books of some days, Montreal's."""
    if first is None and last is None:
        _write_kind("payments", file)
        return
    if first is None or last is None:
        raise click.UsageError("--from et --to vont ensemble")
    if last < first:
        raise click.ClickException("--to vient avant --from")
    rows = list(payments_export.payments(_day(first), _day(last)))
    table = accounting.header(), accounting.rows(rows)
    count = _write_for(file, ("Paiements", *table), payments_export.HEADER, rows)
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
    rows = [deposit.row(_day(day)) for deposit in found]
    count = _write_for(file, ("Dépôts", *worksheets.deposits_table(rows)), deposits.HEADER, rows)
    click.echo(f"{count} lot(s) écrit(s)")


@export_commands.command("rl24", help="La feuille de travail du relevé 24, une ligne par enfant et par payeur.")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def rl24_worksheet(year: int, file: Path) -> None:
    """Write what the city types into its certified software to FILE."""
    city = current_app.extensions["portal"].city
    rows = list(rl24.rows(year, city))
    count = _write_for(file, (f"Relevé 24, {year}", *worksheets.rl24_table(rows)), rl24.HEADER, rows)
    click.echo(f"{count} ligne(s) écrite(s)")
    for caveat in rl24.warnings(year, rows, city, clock.today()):
        click.echo(f"attention : {CAVEATS[caveat.key] % caveat.values}", err=True)


@export_commands.command("tax-receipts", help="Les reçus d’impôts à poster, en PDF.")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def receipts_to_mail(year: int, folder: Path) -> None:
    """Write a PDF for each receipt of the year that goes by mail to FOLDER."""
    portal = current_app.extensions["portal"]
    receipts = tax_receipts.to_mail(year)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for receipt in receipts:
            pdf = portal.tax_documents.tax_receipt_pdf(tax_receipts.document(receipt, portal.city))
            (folder / f"{receipt.number}.pdf").write_bytes(pdf)
    except OSError as problem:
        raise click.ClickException(f"{folder} ne s’écrit pas ({problem.strerror})") from problem
    click.echo(f"{len(receipts)} reçu(s) écrit(s)")


def _write_kind(kind: str, file: Path) -> None:
    """Write a kind of file as `flask import` reads it."""
    if file.suffix.lower() == WORKBOOK:
        raise click.ClickException(f"{file} serait un tableau CSV : donnez-lui un nom en .csv")
    columns = KINDS[kind][0](current_app.extensions["portal"].city)
    if kind == "invoices" and not invoices.any_shared():
        columns = [column for column in columns if column.name not in SHARED_TAXES]
    rows = ([cells.written(column, row[column.field or column.name]) for column in columns] for row in ROWS[kind]())
    click.echo(f"{_write(file, [column.name for column in columns], rows)} ligne(s) écrite(s)")


def _command(kind: str) -> None:
    @export_commands.command(kind, help=f"{KINDS[kind][2]} Comme l’import les lit.")
    @file_argument
    @with_appcontext
    def command(file: Path) -> None:
        _write_kind(kind, file)


for _kind in KINDS:
    if _kind != "payments":  # which has days too
        _command(_kind)


def _write_for(file: Path, table: spreadsheets.Table, header: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    """Write a workbook in French for people when FILE is one by its name, else what machines read."""
    if file.suffix.lower() != WORKBOOK:
        return _write(file, header, rows)
    try:
        spreadsheets.write(file, table)
    except OSError as problem:
        raise click.ClickException(f"{file} ne s’écrit pas ({problem.strerror})") from problem
    return len(rows)


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    try:
        return csv_files.write(file, header, rows)
    except OSError as problem:
        raise click.ClickException(f"{file} ne s’écrit pas ({problem.strerror})") from problem


def _day(moment: datetime) -> date:
    return moment.date()
