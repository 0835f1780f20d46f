"""`flask jobs`, `reconcile`, `match`, `attention`, `retention`, `check`: what the server does by itself, on demand."""

import sys
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from peewee import PeeweeException

import models
import settings as configuration
from city import SettingError
from commands import findings, schema, start, terminal
from domain.common import formats
from domain.common.facts import Fact
from domain.operations import doctor, gateway_check
from domain.operations.doctor import Wrong
from domain.payments.gateway import Uncertain
from domain.privacy import retention
from domain.staff import attention
from views.messages import facts, privacy

WRONG = {
    Wrong.SCHEMA_BEHIND: "le schéma est en retard : %(steps)s",
    Wrong.ANOTHERS: "la base a été faite pour BRAINTREE_ENVIRONMENT=%(environment)s : prenez-en une autre",
    Wrong.UNBALANCED: "le grand livre ne balance pas : %(cents)s ¢",
    Wrong.DISAGREES: "facture %(invoice)s : solde %(balance)s ¢, grand livre %(ledger)s ¢",
    Wrong.ACCOUNT_DISAGREES: "compte « %(account)s » : %(rows)s ¢ en tout, grand livre %(ledger)s ¢",
    Wrong.PARTS_DISAGREE: "paiement %(reference)s : %(amount)s ¢, mais %(parts)s ¢ en factures, arrondis et à rendre",
    Wrong.UNRESOLVED: "paiement %(reference)s : issue inconnue depuis %(since)s (UTC)",
    Wrong.NOT_GIVEN_BACK: "paiement en trop %(reference)s : pas encore rendu (%(answer)s)",
    Wrong.RESTORE_UNFINISHED: "une copie remise en place reste à compléter : lancez « flask reconcile »",
    Wrong.NO_COPY: "il n’y a pas de copie : lancez « flask backup FICHIER », chaque nuit",
    Wrong.NO_PRICE: "activité %(activity)s : aucun prix, l’inscription reste fermée",
    Wrong.STALE_COPY: "la dernière copie date du %(copied)s (UTC) : lancez « flask backup FICHIER », chaque nuit",
}


WRONG_AT_THE_GATEWAY = {
    gateway_check.Wrong.DOWN: "Braintree ne répond pas : essayez plus tard",
    gateway_check.Wrong.REFUSED: "Braintree refuse les clés ou le compte : vérifiez les quatre réglages BRAINTREE_…",
    gateway_check.Wrong.NO_ACCOUNT: "BRAINTREE_MERCHANT_ACCOUNT_ID : aucun compte marchand ne s’appelle %(account)s",
    gateway_check.Wrong.CURRENCY: "le compte marchand %(account)s est en %(currency)s, et non en CAD",
    gateway_check.Wrong.INACTIVE: "le compte marchand %(account)s n’est pas actif chez Braintree (%(status)s)",
    gateway_check.Wrong.NO_NOTICE: (
        "aucun avis de Braintree depuis %(days)s jours, et des cartes ont payé : vérifiez le webhook"
    ),
}


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


@click.command("check", help="Le docteur : nommer chaque réglage ou chaque chose qui ne va pas.")
@click.option("--gateway", is_flag=True, help="Essayer aussi Braintree, sans rien débiter : clés, compte, avis.")
@with_appcontext
def check_command(gateway: bool) -> None:
    """Print what is wrong, a line each; exit 1 when something is."""
    problems = [f"réglage {problem}" for problem in _wrong_settings()] + _wrong_books()
    problems += _wrong_gateway() if gateway else []
    for problem in problems:
        click.echo(problem)
    click.echo("Tout va bien." if not problems else f"{len(problems)} problème(s)")
    sys.exit(1 if problems else 0)


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


def _wrong_settings() -> tuple[str, ...]:
    try:
        configuration.load()
    except SettingError as wrong:
        return wrong.problems
    return ()


def said(wrong: Fact) -> str:
    """Say what is wrong with the books."""
    return WRONG[wrong.key] % wrong.values


def _wrong_gateway() -> list[str]:
    portal = current_app.extensions["portal"]
    found = gateway_check.problems(portal.gateway, portal.settings.merchant_account_id)
    return [WRONG_AT_THE_GATEWAY[wrong.key] % wrong.values for wrong in found]


def _wrong_books() -> list[str]:
    database_url = configuration.load_database_url()
    if not database_url:
        return []  # named among the settings
    if models.database.obj is None:
        return [f"{start.missing_file(database_url)} n’existe pas : lancez « flask db upgrade »"]
    try:
        return [said(wrong) for wrong in doctor.problems(schema.pending(), configuration.load_gateway_environment())]
    except (PeeweeException, OSError) as problem:
        return [f"la base ne se lit pas : {problem}"]


COMMANDS = (jobs_command, retention_command, reconcile_command, match_command, attention_command, check_command)
