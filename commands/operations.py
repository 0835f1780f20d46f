"""`flask jobs`, `flask reconcile`: what the server does by itself, on demand."""

import click
from flask import current_app
from flask.cli import with_appcontext

from commands import jobs


@click.command("jobs", help="Faire une fois ce que le serveur fait de lui-même.")
@with_appcontext
def jobs_command() -> None:
    """Send the mail that is due and forget what has expired."""
    sent = jobs.run_due(current_app.extensions["portal"].worker.mailer)
    click.echo(f"{sent} message(s) envoyé(s)")


@click.command("reconcile", help="Régler, auprès de la passerelle, chaque paiement dont l’issue est inconnue.")
@with_appcontext
def reconcile_command() -> None:
    """Search the gateway for every uncertain payment and print what became of each."""
    for line in current_app.extensions["portal"].worker.reconcile():
        click.echo(line)


COMMANDS = (jobs_command, reconcile_command)
