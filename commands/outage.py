"""`flask outage PAGE`: what nginx shows, in the city’s name, while the portal does not answer (deploy/install.sh)."""

from dataclasses import dataclass

import click
from flask import current_app, render_template
from flask.cli import with_appcontext


@dataclass(frozen=True)
class Outage:
    """A page of which nginx knows nothing but when to show it. None speaks of money but where one pays."""

    heading: str
    sentences: tuple[str, ...]


PAGES = {
    "panne": Outage(
        "Le site ne répond pas pour le moment",
        ("Nous le remettons en marche. Attendez une minute, puis rechargez cette page.",),
    ),
    "paiement": Outage(
        "Nous ne savons pas encore si votre paiement est parti",
        (
            "Si vous veniez d’appuyer sur «\u00a0Payer\u00a0», ne payez pas une seconde fois.",
            "Dans quelques minutes, la page de votre facture dira si le paiement a été reçu.",
        ),
    ),
    "trop": Outage(
        "Trop de demandes viennent de votre connexion",
        ("Attendez une minute, puis rechargez cette page.",),
    ),
    "entretien": Outage(
        "Le site est fermé pour un entretien",
        ("Il rouvrira bientôt. Les places et les factures que vous aviez restent les vôtres.",),
    ),
}


@click.command("outage", help="Écrire une page que nginx montre quand le portail ne répond pas.")
@click.argument("page", type=click.Choice(list(PAGES)))
@with_appcontext
def outage_command(page: str) -> None:
    """Print a page that needs nothing else: no style sheet, no script, no portal."""
    outage = PAGES[page]
    with current_app.test_request_context():
        click.echo(render_template("outage/page.html", heading=outage.heading, sentences=outage.sentences))


COMMANDS = (outage_command,)
