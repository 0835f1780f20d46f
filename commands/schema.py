"""`flask db`: the numbered schema steps, run by Peewee's own migration runner."""

import re
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from playhouse.migrations import Runner

import models
from commands.demonstration import refuse_real
from domain.operations import made_for
from domain.payments import restore

ADDS = re.compile(r"\d+_adds_")
STEPS = Path(__file__).parent.parent / "migrations"

schema_commands = AppGroup("db", help="Les étapes du schéma de la base de données.")


def _runner(steps: Path = STEPS) -> Runner:
    return Runner(models.database.obj, str(steps))


def pending() -> list[str]:
    """Return the names of the schema steps not applied yet."""
    with models.database.connection_context():
        return [step.name for step in _runner().status() if not step.applied]


def is_applied(name: str) -> bool:
    """Tell whether a step is applied; the connection is the caller's. Raises: PeeweeException."""
    history = _runner().History
    return bool(history.select().where(history.name == name).exists())


def too_new() -> list[str]:
    """Return the steps that a later version applied, when this one cannot serve on them; nothing when it can.

    A step that only adds says so in its name, which the database keeps: the version before it goes on serving.
    """
    with models.database.connection_context():
        unknown = [step.name for step in _runner().status() if step.path is None]
    return [] if all(ADDS.match(name) for name in unknown) else unknown


def newer_words(steps: list[str]) -> str:
    """Say that a later version's steps are not this one's."""
    return f"la base est plus récente que ce programme ({', '.join(steps)}) : prenez sa version, ou la copie d’avant"


def latest() -> str:
    """Return the name of the newest schema step this code knows."""
    return max(step.stem for step in STEPS.glob("[0-9]*.py"))


def upgrade(steps: Path = STEPS) -> list[str]:
    """Apply the pending schema steps, put the append-only guards back, and return the steps' names.

    Foreign keys are off meanwhile: SQLite rebuilds a table to change it, which a reference to it would refuse.
    """
    database = models.database.obj
    with database.connection_context():
        sqlite = models.is_sqlite()
        if sqlite:
            database.pragma("foreign_keys", 0)
        try:
            applied = _runner(steps).up()
            models.ensure_guards()
            if sqlite and list(database.execute_sql("PRAGMA foreign_key_check")):
                raise click.ClickException("une étape du schéma a brisé un lien entre deux tables")
        finally:
            if sqlite:
                database.pragma("foreign_keys", 1)
    return applied


@schema_commands.command("upgrade")
@click.option("--demonstration", "invented", is_flag=True, hidden=True)
def upgrade_command(invented: bool) -> None:
    """Faire la base si elle n’existe pas, et appliquer les étapes qui manquent."""
    settings = current_app.extensions["portal"].settings
    models.make_file(settings.database_url)
    if invented:
        refuse_real(settings)
    applied = upgrade()
    if invented and not made_for.demonstration():
        made_for.keep_demonstration(made_for.TO_FILL)
    made_for.keep(settings.gateway_environment)
    for name in applied:
        click.echo(f"appliquée : {name}")
    click.echo("Le schéma est à jour.")
    if made_for.demonstration() == made_for.TO_FILL:
        click.echo("démonstration à remplir")


@schema_commands.command("status", with_appcontext=False)
def status_command() -> None:
    """Dire quelles étapes sont appliquées ; sortir en erreur s’il en manque, ou si le portail ne peut pas servir."""
    with models.database.connection_context():
        for step in _runner().status():
            click.echo(f"{'appliquée' if step.applied else 'à appliquer'} : {step.name}")
    if pending():
        raise click.ClickException("le schéma est en retard : lancez « flask db upgrade »")
    if newer := too_new():
        raise click.ClickException(newer_words(newer))
    with models.database.connection_context():
        if restore.is_unfinished():
            raise click.ClickException("une copie remise en place reste à compléter : lancez « flask reconcile »")
