"""`flask alarm UNIT`: a service failed; who runs the machine is told at once, by mail, without the database."""

import secrets
import socket
import time
from pathlib import Path

import click
from flask.cli import with_appcontext

import settings as configuration
from adapters.mail import mailer_for
from adapters.mail_templates import Letters
from commands.worker import leases
from domain.common import clock
from domain.common.outbox import MailNotSent

AGAIN_AFTER_SECONDS = 3_600  # a service that falls every two seconds writes once an hour
ROOT = Path(__file__).parent.parent


@click.command("alarm", help="Écrire à qui s’occupe de la machine qu’un service du portail est tombé.")
@click.argument("unit")
@with_appcontext
def alarm_command(unit: str) -> None:
    """Send the letter, but not twice in an hour for one service."""
    settings = configuration.load_or_exit()
    address, told = settings.city.operator.email, leases.shared_folder() / f"alarm-{Path(unit).name}"
    if not address:
        raise click.ClickException("city.toml ne dit pas à qui écrire : [operator] email")
    if told.exists() and time.time() - told.stat().st_mtime < AGAIN_AFTER_SECONDS:
        return
    letters = Letters(ROOT / "templates" / "mail", settings.city, settings.public_url)
    subject, body = letters.write("service_failed", unit=unit, machine=socket.gethostname(), at=clock.now())
    try:
        mailer_for(settings).send(address, subject, body, secrets.token_hex(16))
    except MailNotSent as problem:
        raise click.ClickException(f"le courriel n’est pas parti : {problem}") from None
    told.parent.mkdir(parents=True, exist_ok=True)
    told.touch(mode=0o600)


COMMANDS = (alarm_command,)
