"""`flask jour-j papier`: what the counter needs on a day without the portal, printed before it or from a copy."""

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from adapters.documents.paper_day import day_pdf
from domain.common import clock
from domain.staff import paper_day

day_commands = AppGroup("jour-j", help="Le jour où les ordinateurs ne répondent pas.")


@day_commands.command("papier", help="Imprimer chaque groupe : inscrits, places, attente, téléphones, et où écrire.")
@click.option("--into", "folder", type=click.Path(file_okay=False, path_type=Path), default=".", help="Dossier.")
@with_appcontext
def paper_command(folder: Path) -> None:
    """Write one PDF, for its owner's eyes alone: it names children."""
    now = clock.now()
    document = paper_day.document(current_app.extensions["portal"].city, now)
    file = folder / f"jour-j-{clock.local(now):%Y-%m-%d-%Hh%M}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _keep(file, day_pdf(document))
    except OSError as problem:
        raise click.ClickException(f"{file} ne s’écrit pas ({problem.strerror})") from problem
    click.echo(f"{file} : {len(document.sheets)} groupe(s)")


def _keep(file: Path, content: bytes) -> None:
    """Write a file in one step that nobody else may read, whatever the umask."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.unlink(missing_ok=True)
    with open(unfinished, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as written:
        written.write(content)
    unfinished.replace(file)
