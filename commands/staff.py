"""`flask staff …`: the accounts of the people of the city; the first one can only be made here."""

import click
from flask.cli import AppGroup, with_appcontext

from domain.staff import accounts

of_roles = click.option(
    "--role",
    "roles",
    type=click.Choice([*accounts.ROLES, *accounts.FORMER_NAMES]),
    required=True,
    multiple=True,
    help="Comptoir, finances, programmation ou administration. Se répète.",
)

staff_commands = AppGroup("staff", help="Les comptes du personnel.")


@staff_commands.command("add", help="Ouvrir un compte; montre un mot de passe temporaire, bon trois jours.")
@click.argument("name")
@of_roles
@with_appcontext
def add(name: str, roles: tuple[str, ...]) -> None:
    """Open an account and print its temporary password."""
    if not 3 <= len(name.strip()) <= 50 or not name.isprintable():
        raise click.ClickException("un code de 3 à 50 caractères")
    try:
        click.echo(accounts.add(name, *roles))
    except accounts.NameTaken:
        raise click.ClickException("ce code est ou a été celui de quelqu’un") from None


@staff_commands.command("reset", help="Mot de passe ou téléphone perdu : un mot de passe temporaire, tout à refaire.")
@click.argument("name")
@with_appcontext
def reset(name: str) -> None:
    """Print a new temporary password."""
    click.echo(_done(lambda: accounts.reset(name)))


@staff_commands.command("role", help="Donner ces rôles, et aucun autre.")
@click.argument("name")
@of_roles
@with_appcontext
def role(name: str, roles: tuple[str, ...]) -> None:
    """Change someone's roles."""
    _done(lambda: accounts.change_roles(name, *roles))


@staff_commands.command("close", help="Fermer le compte de quelqu’un qui part.")
@click.argument("name")
@with_appcontext
def close(name: str) -> None:
    """Close an account."""
    _done(lambda: accounts.close(name))


@staff_commands.command("list", help="Qui a un compte, et ses rôles.")
@with_appcontext
def show() -> None:
    """Print the open accounts."""
    for account in accounts.everyone():
        click.echo(f"{account.username}  {' '.join(account.roles)}")


def _done(act):
    try:
        return act()
    except accounts.NoSuchStaff:
        raise click.ClickException("aucun compte ouvert ne porte ce code") from None
    except accounts.LastAdmin:
        raise click.ClickException("il doit rester au moins un compte d’administration") from None
