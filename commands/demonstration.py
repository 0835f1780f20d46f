"""`flask demonstration …`: what `make run` asks of the portal, on a database that it made and on no other."""

from datetime import date

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

import models
from commands.worker.leases import lock_for
from domain.operations import made_for
from domain.staff import demonstration
from models import Person
from settings import Settings, database_named

demonstration_commands = AppGroup("demonstration", help="Ce que « make run » demande.", hidden=True)


def refuse_real(settings: Settings) -> None:
    """Let the demonstration fill an empty database or its own, that nobody serves.

    Raises: click.ClickException, naming the database.
    """
    name = database_named(settings.database_url)
    with models.database.connection_context():
        taken = made_for.is_of_somebody() and not made_for.demonstration()
    if taken or not settings.simulated:
        raise click.ClickException(
            f"la base {name} n’a pas été faite par la démonstration : enlevez DATABASE_URL, ou nommez-en une nouvelle"
        )
    lock = lock_for(settings)
    if not lock.acquire():
        raise click.ClickException(f"un portail sert déjà la base {name} : arrêtez-le, ou nommez-en une autre")
    lock.release()


@demonstration_commands.command("accounts")
@click.argument("password")
@click.argument("secret")
@click.argument("people", nargs=-1)
@with_appcontext
def accounts_command(password: str, secret: str, people: tuple[str, ...]) -> None:
    """Ouvrir les comptes du personnel, tous connus ; la démonstration est alors prête."""
    refuse_others()
    refused = current_app.extensions["portal"].city.passwords.refused
    for name, _, role in (one.partition("=") for one in people):
        demonstration.open_account(name, role, password, secret, refused)
    made_for.keep_demonstration(made_for.READY)


@demonstration_commands.command("card")
@click.argument("number")
@with_appcontext
def card_command(number: str) -> None:
    """Dire le jour de naissance d’une carte, celui de la base."""
    refuse_others()
    born: date = Person.get(Person.card_number == number).birth_date
    click.echo(born.isoformat())


def refuse_others() -> None:
    """Want the demonstration's database.

    Raises: click.ClickException.
    """
    if not made_for.demonstration():
        raise click.ClickException("cette base n’est pas celle de la démonstration")
