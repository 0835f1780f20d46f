"""What the counter does for those whose identity it has checked: `flask unblock`, `recovery-code`, `household`."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from domain.access import password_reset, separation, verification
from domain.common import rate_limits
from domain.people.card_number import NotACardNumber, normalise
from models import Person


@click.command("unblock", help="Oublier les mauvaises dates essayées avec une carte, l’identité vérifiée.")
@click.argument("card_number")
@with_appcontext
def unblock_command(card_number: str) -> None:
    """Let a card identify again."""
    click.echo(f"{rate_limits.clear(_card_number(card_number))} date(s) oubliée(s)")


@click.command("recovery-code", help="Un code à lire à quelqu’un, l’identité vérifiée : il ouvre un mot de passe neuf.")
@click.argument("card_number")
@with_appcontext
def recovery_code_command(card_number: str) -> None:
    """Print a one-time code for the holder of a card: to her account, or to open one if she was set apart."""
    person = _holder(card_number)
    account = password_reset.account_of_holder(person.card_number)
    if account is None and not verification.wants_code(person):
        raise click.ClickException("cette carte n’a pas de compte : elle peut en créer un")
    code = password_reset.read_out(account) if account else verification.read_out(person)
    what = "un mot de passe neuf" if account else "créer son compte, à l’étape 2"
    click.echo(f"{code}  (30 minutes, une fois, à {person.name} : {what})")


household_commands = AppGroup("household", help="Les foyers.")


@household_commands.command("split", help="Séparer des personnes de leur foyer, et l’import ne les réunit pas.")
@click.argument("cards", nargs=-1, required=True)
@click.option("--both", "both", multiple=True, help="Carte d’un enfant qui sera des deux foyers.")
@with_appcontext
def split_command(cards: tuple[str, ...], both: tuple[str, ...]) -> None:
    """Put the holders of these cards in a household of their own."""
    portal = current_app.extensions["portal"]
    leaving, staying_too = ([_holder(card) for card in group] for group in (cards, both))
    try:
        apart = separation.split(leaving, staying_too, portal.letters, portal.city)
    except separation.NotTogether:
        raise click.ClickException("ces cartes ne sont pas d’un même foyer, ou sont tout le foyer") from None
    click.echo(f"nouveau foyer {apart.code}")


def _holder(card: str) -> Person:
    person = Person.get_or_none(Person.card_number == _card_number(card))
    if person is None:
        raise click.ClickException(f"aucune carte ne porte le numéro {card}")
    return person


def _card_number(text: str) -> str:
    card = current_app.extensions["portal"].city.card
    try:
        return normalise(text, card.prefix, card.digits)
    except NotACardNumber:
        raise click.ClickException("ce n’est pas un numéro de carte de citoyen") from None


COMMANDS = (unblock_command, recovery_code_command, household_commands)
