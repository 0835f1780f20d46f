"""`portail configurer`: asks the settings, tries each as the portal will use it, and keeps what was answered so far."""

import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from pathlib import Path

import click
from peewee import PeeweeException

import models
import settings as configuration
from adapters import machine, mail_dns
from adapters.mail import mailer_for
from city import SettingError, examples
from commands import env_file
from commands.check import WRONG_ON_THE_MACHINE, wrong_gateway, wrong_mail
from commands.try_target import wrong_target
from domain.common.outbox import MailNotSent
from settings import SIMULATOR, Settings

DNS = {
    mail_dns.Wrong.NO_SPF: "SPF : %(domain)s ne dit pas qui envoie en son nom ; ajoutez l’enregistrement v=spf1",
    mail_dns.Wrong.NO_DKIM: "DKIM : pas de clé de %(domain)s sous les noms habituels ; voyez qui tient le courriel",
    mail_dns.Wrong.NO_DMARC: "DMARC : %(domain)s ne dit que faire d’un faux courriel ; ajoutez _dmarc.%(domain)s",
}

Own = Mapping[str, str]  # what the file says, answers included


@dataclass(frozen=True)
class Question:
    """A setting as a person is asked for it; `hidden` is not shown while typed."""

    name: str
    words: str
    hidden: bool = False
    default: str = ""


@dataclass(frozen=True)
class Step:
    """Questions that are tried together."""

    heading: str
    questions: tuple[Question, ...]
    wrong: Callable[[Own], list[str]]
    more_if: str = ""
    more: tuple[Question, ...] = ()  # asked when a person says so; else emptied


def draft(own: Own) -> Settings:
    """Return the settings as far as they are answered: what is missing is the simulator's.

    Raises: SettingError.
    """
    answered = {name: value for name, value in own.items() if value and not name.startswith("BRAINTREE_")}
    settings = configuration.load({**answered, "BRAINTREE_ENVIRONMENT": SIMULATOR})
    return replace(
        settings,
        gateway_environment=own.get("BRAINTREE_ENVIRONMENT") or SIMULATOR,
        merchant_id=own.get("BRAINTREE_MERCHANT_ID", ""),
        public_key=own.get("BRAINTREE_PUBLIC_KEY", ""),
        private_key=own.get("BRAINTREE_PRIVATE_KEY", ""),
        merchant_account_id=own.get("BRAINTREE_MERCHANT_ACCOUNT_ID", ""),
    )


def wrong_address(own: Own) -> list[str]:
    """Say whether the public name leads somewhere."""
    host = draft(own).host
    try:
        socket.getaddrinfo(host, 443)
    except (OSError, UnicodeError):  # a name that is none
        return [f"{host} ne mène nulle part dans le DNS : ajoutez-y cette machine avant le certificat"]
    return []


def wrong_city(own: Own) -> list[str]:
    """Name what is left of the example in the city's file."""
    return [f"{one} ; corrigez {own['CITY_FILE']}" for one in examples(draft(own).city)]


def wrong_database(own: Own) -> list[str]:
    """Say whether the database's folder, or its server, takes the portal in."""
    url = draft(own).database_url
    file = models.sqlite_file(url)
    if file:
        if not file.parent.is_dir():
            return [f"le dossier {file.parent} n’existe pas"]
        return [WRONG_ON_THE_MACHINE[one.key] % one.values for one in machine.problems([file.parent], [])]
    try:
        models.open_database(url).connect()
    except PeeweeException as problem:
        return [f"la base ne répond pas : {problem}"]
    return []


def wrong_letter(own: Own) -> list[str]:
    """Have a message sent and received, and look at what the domain says of it."""
    settings = draft(own)
    if settings.mail_url.startswith("file:"):
        click.echo("  Rien ne partira : les courriels iront dans ce dossier, un fichier chacun.")
        return []
    if closed := wrong_mail(settings):
        return closed
    to = click.prompt("Un message d’essai, à quelle adresse", default=settings.city.operator.email)
    try:
        mailer_for(settings).send(to, "Essai du portail citoyen", "Le courriel fonctionne.\n", secrets.token_hex(16))
    except MailNotSent as problem:
        return [f"le message n’est pas parti : {problem}"]
    domain = parseaddr(settings.city.mail.sender)[1].rpartition("@")[2]
    for one in mail_dns.problems(domain):
        click.echo(f"  à corriger : {DNS[mail_dns.Wrong(one.key)] % one.values}")
    if click.confirm("Est-il arrivé, ailleurs que dans les courriels indésirables", default=True):
        return []
    return ["le message est parti, et n’est pas arrivé : demandez à qui tient le courriel de la Ville"]


def wrong_keys(own: Own) -> list[str]:
    """Ask Braintree, charging nothing, and say where its notices are to come."""
    settings = draft(own)
    click.echo(f"  Chez Braintree, le webhook : {settings.public_url}/webhooks/braintree (docs/braintree.md)")
    return wrong_gateway(settings)


def wrong_copies(own: Own) -> list[str]:
    """Say whether a copy can be sent where copies are to go."""
    target = draft(own).copies.target
    return wrong_target(target) if target else []


def wrong_key(own: Own) -> list[str]:
    """Say where the copies' key must stand too."""
    if draft(own).copies.key:
        click.echo("  Gardez cette clé ailleurs aussi, sur papier : sans elle, une copie ne s’ouvre nulle part.")
    return []


def wrong_replica(own: Own) -> list[str]:
    """Say whether a replica can be written in its folder; a bucket is tried by the service that replicates."""
    replica = draft(own).copies.replica
    if replica.startswith("file:"):
        return wrong_target(replica)
    if replica:
        click.echo("  Pas essayé ici : systemctl restart portail-replique, puis systemctl status portail-replique")
    return []


TOKENS = (
    Question(
        "MAIL_OAUTH_TOKEN_URL", "Adresse des jetons, https://login.microsoftonline.com/LOCATAIRE/oauth2/v2.0/token"
    ),
    Question("MAIL_OAUTH_CLIENT_ID", "Identifiant de l’application"),
    Question("MAIL_OAUTH_CLIENT_SECRET", "Secret de l’application", hidden=True),
)
STEPS = (
    Step("L’adresse", (Question("PUBLIC_URL", "Adresse publique, https://…"),), wrong_address),
    Step("La Ville", (Question("CITY_FILE", "Fichier de la Ville"),), wrong_city),
    Step("La base", (Question("DATABASE_URL", "Base de données"),), wrong_database),
    Step(
        "Le mandataire",
        (Question("TRUSTED_PROXIES", "Combien de mandataires devant le portail (nginx seul : 1)", default="1"),),
        lambda own: [f"{draft(own).trusted_proxies} ne va pas en https"] if not draft(own).trusted_proxies else [],
    ),
    Step(
        "Le courriel",
        (Question("MAIL_URL", "Serveur, smtp://boîte:mot-de-passe@serveur (@ dans la boîte : %40)", hidden=True),),
        wrong_letter,
        more_if="Microsoft 365, ou un autre service à jetons (OAuth2)",
        more=TOKENS,
    ),
    Step(
        "Les cartes de crédit",
        (
            Question("BRAINTREE_ENVIRONMENT", "Braintree : sandbox pour essayer, production", default="sandbox"),
            Question("BRAINTREE_MERCHANT_ID", "Merchant ID"),
            Question("BRAINTREE_PUBLIC_KEY", "Public key"),
            Question("BRAINTREE_PRIVATE_KEY", "Private key", hidden=True),
            Question("BRAINTREE_MERCHANT_ACCOUNT_ID", "Merchant account ID, en dollars canadiens"),
        ),
        wrong_keys,
    ),
    Step(
        "Les copies, ailleurs",
        (),
        wrong_copies,
        more_if="Envoyer chaque copie ailleurs (une autre machine, un disque monté)",
        more=(Question("BACKUP_TARGET", "Où, sftp://compte@machine/dossier ou file:///mnt/portail/copies"),),
    ),
    Step(
        "Les copies, chiffrées",
        (),
        wrong_key,
        more_if="Chiffrer les copies",
        more=(Question("BACKUP_KEY", "La clé que donne age-keygen, AGE-SECRET-KEY-1…", hidden=True),),
    ),
    Step(
        "La réplique",
        (),
        wrong_replica,
        more_if="Tenir ailleurs une réplique, une seconde en retard",
        more=(Question("LITESTREAM_TARGET", "Où, file:///mnt/portail/replique ou s3://seau/portail?region=…"),),
    ),
)


@click.command("configurer", help="Demander les réglages, un à un, et essayer chacun.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def configure_command(file: Path) -> None:
    """Go through the steps; each is written once answered, so that leaving halfway loses nothing."""
    click.echo(f"Entrée garde la valeur entre crochets. Les réponses vont dans {file}.")
    own = env_file.read(file.read_text(encoding="utf-8"))
    for step in STEPS:
        own |= _settle(step, own, file)
    missing = _problems(own)
    for problem in missing:
        click.echo(f"  à corriger : {problem}")
    click.echo("Il reste à corriger ce qui précède." if missing else "Tous les réglages sont bons.")


def _settle(step: Step, own: Own, file: Path) -> dict[str, str]:
    """Ask until what is answered works, or is kept all the same."""
    click.echo(f"\n{step.heading}")
    while True:
        answers = _answers(step, own)
        own = {**own, **answers}
        wrong = _tried(step, own)
        for problem in wrong:
            click.echo(f"  ne va pas : {problem}")
        if not wrong and any(answers.values()):
            click.echo("  essayé : bon")
        if not wrong or not click.confirm("Répondre de nouveau", default=True):
            kept = {name: value for name, value in answers.items() if env_file.SAFE.fullmatch(value)}
            env_file.change(file, kept)
            return kept


def _answers(step: Step, own: Own) -> dict[str, str]:
    answers = {one.name: _ask(one, own) for one in step.questions}
    if not step.more:
        return answers
    before = any(own.get(one.name) for one in step.more)
    more = click.confirm(step.more_if, default=before)
    return answers | {one.name: _ask(one, own) if more else "" for one in step.more}


def _ask(one: Question, own: Own) -> str:
    """Return an answer; Enter keeps what there was."""
    kept = own.get(one.name) or one.default
    words = f"{one.words} [gardé]" if one.hidden and kept else one.words
    answer = click.prompt(words, default=kept or None, hide_input=one.hidden, show_default=not one.hidden)
    return str(answer).strip()


def _tried(step: Step, own: Own) -> list[str]:
    """Return what is wrong with a step's answers, systemd's reading of them included."""
    for one in (*step.questions, *step.more):
        if not env_file.SAFE.fullmatch(own[one.name]):
            return [f"{one.name} : ni espace, ni guillemet, ni barre oblique inverse"]
    try:
        return step.wrong(own)
    except SettingError as wrong:
        return list(wrong.problems)


def _problems(own: Own) -> tuple[str, ...]:
    try:
        configuration.load({name: value for name, value in own.items() if value})
    except SettingError as wrong:
        return wrong.problems
    return ()
