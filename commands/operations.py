"""`flask jobs`, `reconcile`, `match`, `attention`, `retention`: what the server does by itself, on demand."""

import sys
from datetime import datetime
from http import HTTPStatus

import click
from flask import current_app
from flask.cli import with_appcontext

from commands import findings, terminal
from domain.common import formats, outbox
from domain.payments.gateway import Uncertain
from domain.privacy import retention
from domain.staff import attention
from models import write
from views.messages import facts, privacy

TRIED = ("/", "/inscription", "/localisations", "/connexion", "/compte/carte", "/personnel/connexion")


@click.command("jobs", help="Faire une fois ce que le serveur fait de lui-même.")
@with_appcontext
def jobs_command() -> None:
    """Send the mail that is due and forget what has expired."""
    sent = current_app.extensions["portal"].worker.run_jobs()
    click.echo(f"{sent} message(s) envoyé(s)")


@click.command("reconcile", help="Régler, auprès de la passerelle, chaque paiement dont l’issue est inconnue.")
@with_appcontext
def reconcile_command() -> None:
    """Search the gateway for every uncertain payment and print what became of each."""
    try:
        found = current_app.extensions["portal"].worker.reconcile()
    except Uncertain:
        raise click.ClickException("la passerelle ne répond pas : essayez plus tard") from None
    for fact in found:
        click.echo(findings.tell(fact))


@click.command("match", help="Comparer un jour à la passerelle avec les paiements d’ici, dans les deux sens.")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@with_appcontext
def match_command(day: datetime) -> None:
    """Print each difference by reference and amount; exit 1 when there is one."""
    try:
        differences = current_app.extensions["portal"].worker.match(day.date())
    except Uncertain:
        raise click.ClickException("la passerelle ne répond pas : essayez plus tard") from None
    for difference in differences:
        click.echo(findings.tell(difference.fact))
    click.echo(f"{len(differences)} différence(s)")
    sys.exit(1 if differences else 0)


@click.command("attention", help="Ce qu’une personne doit traiter : paiements incertains ou inattendus, alertes.")
@with_appcontext
def attention_command() -> None:
    """List what waits for a person."""
    waiting = attention.waiting()
    lines = [
        f"{payment.reference} : issue inconnue depuis le {formats.moment(payment.submitted_at)}"
        for payment in waiting.uncertain
    ]
    lines += [terminal.line(f"{facts.heading(alert.kind)} : {facts.alert(alert)}") for alert in waiting.alerts]
    lines += [
        f"à rendre : {formats.money(one.amount_cents)}, facture {one.invoice.number}, paiement {one.payment.reference}"
        for one in waiting.owed_back or []
    ]
    lines += [
        f"à rendre autrement que sur la carte : {formats.in_currency(one.charge.amount_cents, one.charge.currency)}, "
        f"débit {one.charge.gateway_id}, paiement {one.payment.reference}"
        for one in waiting.charges or []
    ]
    lines += [f"demande {asked.id} du {asked.created_at:%Y-%m-%d}, à décider" for asked in waiting.requests]
    lines += [f"demande d’accompagnement {asked.id}, à décider" for asked in waiting.accompaniments or []]
    if waiting.to_verify:
        lines.append(f"{waiting.to_verify} compte(s) ouvert(s) sans courriel à la fiche, à vérifier")
    if waiting.reviews:
        lines.append(f"{len(waiting.reviews)} décision(s) du site à revoir par une personne")
    if waiting.destructions:
        lines.append(f"{waiting.destructions} destruction(s) à approuver")
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} chose(s) à traiter")


@click.command("retention", help="Proposer à la destruction ce qui est gardé depuis trop longtemps, faire l’approuvé.")
@click.option("--dry-run", is_flag=True, help="Compter seulement.")
@with_appcontext
def retention_command(dry_run: bool) -> None:
    """Print how many rows of each series are past their time; a person approves them, on the staff page."""
    portal = current_app.extensions["portal"]
    if not dry_run:
        for kind, count in retention.carry_out(portal.letters, portal.city).items():
            click.echo(f"{count:6} {privacy.name_of(kind)} : détruit, comme approuvé")
        retention.clean_up(portal.letters, portal.city)
        retention.propose(portal.city)
    for kind, count in retention.count(portal.city).items():
        click.echo(f"{count:6} {privacy.name_of(kind)}")
    click.echo("À approuver : /personnel/destructions")


@click.command("mail", help="Dire quels courriels sont abandonnés ; --again les essaie de nouveau.")
@click.option("--again", is_flag=True, help="Les essayer de nouveau.")
@with_appcontext
def mail_command(again: bool) -> None:
    """Count the messages that are tried no more, or have them tried once more by the server."""
    if not again:
        click.echo(f"{outbox.given_up_count()} courriel(s) abandonné(s)")
        return
    with write():
        count = outbox.try_given_up_again()
    click.echo(f"{count} courriel(s) à essayer de nouveau")


@click.command("try", help="Essayer des pages sans servir : rien ne part, ni courriel, ni débit.")
@with_appcontext
def try_command() -> None:
    """Ask the pages that an update must not break; exit 1 when one of them does not come."""
    client = current_app.test_client()
    base = current_app.extensions["portal"].settings.public_url
    broken = [path for path in TRIED if client.get(path, base_url=base).status_code != HTTPStatus.OK]
    for path in broken:
        click.echo(f"{path} ne vient pas")
    if not broken:
        click.echo(f"{len(TRIED)} pages viennent.")
    sys.exit(1 if broken else 0)


COMMANDS = (
    mail_command,
    try_command,
    jobs_command,
    retention_command,
    reconcile_command,
    match_command,
    attention_command,
)
