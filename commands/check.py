"""`flask check`: the doctor. Names what is wrong with settings, machine, mail, books and gateway, with its remedy."""

import os
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from peewee import PeeweeException

import models
import settings as configuration
from adapters import machine
from adapters.braintree.gateway import BraintreeGateway
from adapters.mail import mailer_for
from city import City, SettingError
from commands import mapped, portail, schema, start
from domain.common.facts import Fact
from domain.common.outbox import MailNotSent
from domain.operations import city_names, doctor, gateway_check
from domain.operations.doctor import Wrong
from settings import Settings

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
    Wrong.NO_COPY: "il n’y a pas de copie : lancez « flask backup », chaque heure",
    Wrong.NO_PRICE: "activité %(activity)s : aucun prix, l’inscription reste fermée",
    Wrong.STALE_COPY: "la dernière copie date du %(copied)s (UTC) : lancez « flask backup », chaque heure",
}


WRONG_IN_THE_CITYS_FILE = {
    city_names.Wrong.NO_PROGRAMME: "city.toml, %(section)s : « %(name)s » n’est le nom d’aucun programme du catalogue",
    city_names.Wrong.NO_TOWN: "city.toml, registration.neighbours : aucune carte n’est de la ville « %(name)s »",
    city_names.Wrong.NO_REFUND: "%(code)s : la règle de remboursement « %(name)s » n’est pas dans city.toml, refunds",
    city_names.Wrong.NO_PLAN: "%(code)s : le plan de versements « %(name)s » n’est pas dans city.toml, instalments",
}


WRONG_AT_THE_GATEWAY = {
    gateway_check.Wrong.DOWN: "Braintree ne répond pas : essayez plus tard",
    gateway_check.Wrong.REFUSED: "Braintree refuse les clés ou le compte : vérifiez les quatre réglages BRAINTREE_…",
    gateway_check.Wrong.NO_ACCOUNT: "BRAINTREE_MERCHANT_ACCOUNT_ID : aucun compte marchand ne s’appelle %(account)s",
    gateway_check.Wrong.CURRENCY: "le compte marchand %(account)s est en %(currency)s, et non en CAD",
    gateway_check.Wrong.INACTIVE: "le compte marchand %(account)s n’est pas actif chez Braintree (%(status)s)",
    gateway_check.Wrong.CLOCK: (
        "l’horloge de cette machine diffère de %(seconds)s s de celle de Braintree : apt-get install systemd-timesyncd,"
        " puis timedatectl set-ntp true"
    ),
    gateway_check.Wrong.NO_NOTICE: (
        "aucun avis de Braintree depuis %(days)s jours, et des cartes ont payé : vérifiez le webhook"
    ),
}


WRONG_ON_THE_MACHINE = {
    machine.Wrong.NEARLY_FULL: (
        "le disque de %(file)s n’a plus que %(free)s %% de libre : faites de la place, ou agrandissez-le"
    ),
    machine.Wrong.NOT_WRITABLE: "%(file)s ne peut pas être écrit par le portail : chown portail %(file)s",
    machine.Wrong.READABLE_BY_OTHERS: "%(file)s peut être lu par d’autres comptes : chmod go= %(file)s",
}


@click.command("check", help="Le docteur : nommer chaque réglage ou chaque chose qui ne va pas.")
@click.option("--gateway", is_flag=True, help="Essayer aussi Braintree, sans rien débiter : clés, compte, avis, heure.")
@with_appcontext
def check_command(gateway: bool) -> None:
    """Print what is wrong, a line each; exit 1 when something is."""
    settings, problems = read_settings()
    problems += _wrong_machine() + _wrong_books()
    if settings:
        problems += mapped.wrong(settings.city) + _wrong_names(settings.city) + wrong_mail(settings)
        problems += [*wrong_gateway(settings), *_no_notice()] if gateway else []
    for problem in problems:
        click.echo(problem)
    click.echo("Tout va bien." if not problems else f"{len(problems)} problème(s)")
    sys.exit(1 if problems else 0)


def read_settings() -> tuple[Settings | None, list[str]]:
    """Return the settings, or None and what is wrong with each."""
    try:
        return configuration.load(), []
    except SettingError as wrong:
        return None, [f"réglage {problem}" for problem in wrong.problems]


def said(wrong: Fact) -> str:
    """Say what is wrong with the books."""
    return WRONG[wrong.key] % wrong.values


def wrong_mail(settings: Settings) -> list[str]:
    """Say whether the mail server lets the portal in; no message is sent."""
    try:
        mailer_for(settings).knock()
    except MailNotSent as problem:
        return [f"le serveur de courriel n’ouvre pas sa porte ({problem}) : vérifiez MAIL_URL"]
    return []


def wrong_gateway(settings: Settings) -> list[str]:
    """Say what is wrong at Braintree, charging nothing."""
    found = gateway_check.problems(BraintreeGateway(settings), settings.merchant_account_id)
    return [WRONG_AT_THE_GATEWAY[wrong.key] % wrong.values for wrong in found]


def _wrong_names(city: City) -> list[str]:
    """Say what city.toml names that the catalogue or the cards do not, and the reverse."""
    found = city_names.problems(city) if _is_readable() else []
    return [WRONG_IN_THE_CITYS_FILE[wrong.key] % wrong.values for wrong in found]


def _is_readable() -> bool:
    """Tell whether the database can be asked; why it cannot is named with the books."""
    try:
        return models.database.obj is not None and not schema.pending()
    except PeeweeException:
        return False


def _no_notice() -> list[str]:
    if not _is_readable():
        return []
    return [WRONG_AT_THE_GATEWAY[wrong.key] % wrong.values for wrong in gateway_check.of_notices()]


def _wrong_machine() -> list[str]:
    """Say what is wrong with the disk and the files, SQLite's and the mail's; a server's are on its own machine."""
    database = models.sqlite_file(configuration.load_database_url() or "")
    files = machine.files_of(database) if database else []
    mail = os.environ.get("MAIL_URL", "")
    outbox = [Path(mail.removeprefix("file:"))] if mail.startswith("file:") else []
    writable = [*files, *(file.parent for file in files[:1]), *outbox]
    private = [*files, *outbox, portail.SETTINGS]
    return [WRONG_ON_THE_MACHINE[wrong.key] % wrong.values for wrong in machine.problems(writable, private)]


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


COMMANDS = (check_command,)
