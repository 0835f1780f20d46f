"""`flask unblock`, `flask recovery-code`: what the counter does for someone whose identity it has checked."""

import click
from flask import current_app
from flask.cli import with_appcontext

from domain import forgotten, limits
from domain.cardnumber import NotACardNumber, normalise


@click.command("unblock", help="Oublier les mauvaises dates essayées avec une carte, l’identité vérifiée.")
@click.argument("card_number")
@with_appcontext
def unblock_command(card_number: str) -> None:
    """Let a card identify again."""
    click.echo(f"{limits.clear(_card_number(card_number))} date(s) oubliée(s)")


@click.command("recovery-code", help="Un code à lire à quelqu’un, l’identité vérifiée : il ouvre un mot de passe neuf.")
@click.argument("card_number")
@with_appcontext
def recovery_code_command(card_number: str) -> None:
    """Print a one-time code for the holder of a card who has an account."""
    number = _card_number(card_number)
    account = forgotten.account_of_holder(number)
    if account is None:
        raise click.ClickException("cette carte n’a pas de compte : elle peut en créer un")
    click.echo(f"{forgotten.read_out(account)}  (30 minutes, une fois, à {account.person.name})")


def _card_number(text: str) -> str:
    card = current_app.extensions["portal"].city.card
    try:
        return normalise(text, card.prefix, card.digits)
    except NotACardNumber:
        raise click.ClickException("ce n’est pas un numéro de carte de citoyen") from None


COMMANDS = (unblock_command, recovery_code_command)
