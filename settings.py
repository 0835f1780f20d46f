"""Every environment variable, typed and checked at start, in one place."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

from city import City, SettingError, examples
from settings_reader import Reader

SIMULATOR, SANDBOX, PRODUCTION = "simulator", "sandbox", "production"
STRONG, CHEAP = "strong", "cheap"  # how passwords are hashed; cheap is for tests
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEAST_UNCERTAIN_SECONDS = 90
AGE_KEY = re.compile("AGE-SECRET-KEY-1[A-Z0-9]{58}")
REPLICAS = ("file", "s3")  # of what Litestream takes: by its sftp it does not ask who answers


@dataclass(frozen=True)
class Limit:
    """So many times in so many minutes."""

    most: int
    minutes: int


# What docs/security.md reckons with: 36,525 birth dates are possible for a card.
LIMITS = {
    "dates of a card": Limit(5, 30 * 24 * 60),  # distinct wrong ones; the counter clears them
    "cards closed": Limit(3, 60),  # by wrong dates: past it, an alert
    "identifications from an address": Limit(30, 60),  # the library's computers share one
    "identifications from a network": Limit(120, 60),
    "identifications of the site": Limit(300, 60),  # past it: an alert, and a proof of work four times harder
    "identifications without proof": Limit(60, 60),  # the whole site's allowance for pages without JavaScript
    "sign-ins to an account": Limit(5, 15),  # past these two a proof of work is wanted: they slow, and close nothing
    "sign-ins from an address": Limit(20, 15),
    "sign-ins from a network": Limit(200, 15),
    "present passwords of an account": Limit(5, 15),  # wrong ones, tried by somebody already signed in
    "cards added to an account": Limit(10, 24 * 60),  # each asks a bank whether a card is good
    # For an account, an invoice, and the address of who has no account: domain/payments/card_tries.
    "cards refused: proof": Limit(3, 24 * 60),  # from then on a proof of work, and a minute's wait after each
    "cards refused: closed": Limit(10, 24 * 60),  # the telephone and the counter are left
    "cards refused: alert": Limit(6, 60),
    "cards refused: proof of a network": Limit(30, 24 * 60),
    "cards refused: alert of the site": Limit(60, 60),  # closes nothing
    "carts confirmed by a household": Limit(20, 24 * 60),  # each makes invoices, which who takes a place out cancels
    "letters to strangers": Limit(10, 60),  # that an account has sent, such as to an address to confirm
    "letters of a kind to somebody": Limit(3, 60),  # of a household: three tell her enough
    "letters to an address": Limit(6, 60),  # whoever has them sent
    "callbacks from an address": Limit(10, 60),
    "callbacks from a network": Limit(100, 60),
    "second factors of a staff account": Limit(5, 15),  # wrong ones, by somebody who has the password
    "guesses of an invoice": Limit(10, 24 * 60),  # amounts and postal codes that do not go with it
    "recoveries of an account": Limit(3, 60),  # messages; asking more sends nothing, and says so to nobody
    "wrong codes from an address": Limit(10, 60),  # one-time codes of ten letters
    "wrong codes from a network": Limit(100, 60),
}


@dataclass(frozen=True)
class MailOauth:
    """What the mail server's directory wants for a token; no address, no tokens: MAIL_URL has the password."""

    token_url: str
    client_id: str
    client_secret: str
    scope: str


@dataclass(frozen=True)
class Copies:
    """Where copies of the database go; no key, and they are readable; no target, and they stay on the machine."""

    folder: str
    key: str  # age's own: AGE-SECRET-KEY-1…
    target: str  # a folder elsewhere, or sftp://user@host/folder
    replica: str  # Litestream's address of a replica


@dataclass(frozen=True)
class Settings:
    """What the environment says. `_seconds` are seconds."""

    city: City
    secret_key: str
    database_url: str
    public_url: str
    mail_url: str
    mail_oauth: MailOauth
    copies: Copies
    gateway_environment: str
    merchant_id: str
    public_key: str
    private_key: str
    merchant_account_id: str
    simulator_url: str
    gateway_timeout_seconds: float
    gateway_workers: int
    uncertain_for_seconds: float
    captcha: str
    password_hashes: str
    recaptcha_public_key: str
    recaptcha_private_key: str
    trusted_proxies: int
    hold_for_seconds: int
    hold_at_most_seconds: int
    hold_for_cheque_seconds: int

    @property
    def simulated(self) -> bool:
        return self.gateway_environment == SIMULATOR

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlparse(self.public_url).hostname or ""


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check every setting.

    Raises: SettingError, naming each setting that is wrong and what it should be.
    """
    read = Reader(environment)
    gateway = _gateway_environment(read)
    simulated = gateway == SIMULATOR
    keys = {
        name: read.text(f"BRAINTREE_{name.upper()}", f"integration_{name}" if simulated else None)
        for name in ("merchant_id", "public_key", "private_key")
    }
    settings = Settings(
        city=read.city("CITY_FILE", "city.toml"),  # type: ignore[arg-type]  # None comes with a problem: raised below
        secret_key=read.secret("SECRET_KEY", "demo-only-key-for-the-simulator-on-this-machine" if simulated else None),
        database_url=_database_url(read, simulated),
        public_url=read.url("PUBLIC_URL", ("http", "https"), "http://127.0.0.1:5000").rstrip("/"),
        mail_url=read.url("MAIL_URL", ("smtp", "smtps", "file"), "file:instance/outbox" if simulated else None),
        mail_oauth=MailOauth(
            token_url=read.url("MAIL_OAUTH_TOKEN_URL", ("http", "https"), ""),
            client_id=read.text("MAIL_OAUTH_CLIENT_ID", ""),
            client_secret=read.text("MAIL_OAUTH_CLIENT_SECRET", ""),
            scope=read.text("MAIL_OAUTH_SCOPE", "https://outlook.office365.com/.default"),
        ),
        copies=Copies(
            folder=read.text("BACKUP_FOLDER", "instance/copies" if simulated else "/var/backups/portail"),
            key=read.matching("BACKUP_KEY", AGE_KEY, "il faut une clé de age-keygen, AGE-SECRET-KEY-1…"),
            target=read.url("BACKUP_TARGET", ("sftp", "file"), ""),
            replica=read.url("LITESTREAM_TARGET", REPLICAS, ""),
        ),
        gateway_environment=gateway,
        merchant_account_id=read.text("BRAINTREE_MERCHANT_ACCOUNT_ID", "" if simulated else None),
        simulator_url=read.url("SIMULATOR_URL", ("http", "https"), "http://127.0.0.1:3111").rstrip("/"),
        gateway_timeout_seconds=read.number("GATEWAY_TIMEOUT", 55.0, float),
        gateway_workers=read.number("GATEWAY_WORKERS", 50, int),
        uncertain_for_seconds=read.number("UNCERTAIN_FOR", 150.0, float),
        captcha=read.one_of("CAPTCHA", ("altcha", "recaptcha", "none"), "altcha"),
        password_hashes=read.one_of("PASSWORD_HASHES", (STRONG, CHEAP), STRONG),
        recaptcha_public_key=read.text("RECAPTCHA_PUBLIC_KEY", ""),
        recaptcha_private_key=read.text("RECAPTCHA_PRIVATE_KEY", ""),
        trusted_proxies=read.number("TRUSTED_PROXIES", 0, int, least=0),
        hold_for_seconds=read.number("HOLD_FOR", 900, int),
        hold_at_most_seconds=read.number("HOLD_AT_MOST", 9_900, int),
        hold_for_cheque_seconds=read.number("HOLD_FOR_CHEQUE", 259_200, int),
        **keys,
    )
    problems = [*read.mistyped(), *read.problems] or list(_wrong_together(settings))
    if problems:
        raise SettingError(*problems)
    return settings


def load_or_exit() -> Settings:
    """Read every setting, or end with the one line that names what is wrong."""
    try:
        return load()
    except SettingError as wrong:
        more = " (« flask check » nomme les autres)" if len(wrong.problems) > 1 else ""
        sys.exit(f"Réglage à corriger – {wrong}{more}")


def load_database_url(environment: Mapping[str, str] = os.environ) -> str:
    """Read where the database is, whatever the other settings are; nothing when that is wrong too."""
    read = Reader(environment)
    url = _database_url(read, simulated=load_gateway_environment(environment) == SIMULATOR)
    return "" if read.problems else url


def database_named(url: str) -> str:
    """Name a database to a person: its file, or a server's address without the password."""
    address = urlparse(url)
    if address.scheme == "sqlite":
        return str(Path(url.removeprefix("sqlite:///")).absolute())
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()


def load_gateway_environment(environment: Mapping[str, str] = os.environ) -> str:
    """Read which gateway is meant, whatever the other settings are."""
    return _gateway_environment(Reader(environment))


def _gateway_environment(read: Reader) -> str:
    return read.one_of("BRAINTREE_ENVIRONMENT", (SIMULATOR, SANDBOX, PRODUCTION), SIMULATOR)


def _database_url(read: Reader, simulated: bool) -> str:
    return read.url("DATABASE_URL", ("sqlite", "postgresql"), "sqlite:///instance/guichet.db" if simulated else None)


def _wrong_together(settings: Settings) -> Iterator[str]:
    """Name what is wrong in settings that are each right."""
    if settings.captcha == "none" and not settings.simulated:
        yield "CAPTCHA: none n’est permis qu’avec le simulateur ; prenez altcha"
    if settings.password_hashes == CHEAP and (settings.https or not settings.simulated):
        yield "PASSWORD_HASHES: cheap ne sert qu’aux tests du portail ; enlevez ce réglage"
    for name in ("recaptcha_public_key", "recaptcha_private_key"):
        if settings.captcha == "recaptcha" and not getattr(settings, name):
            yield f"{name.upper()}: manque, pour CAPTCHA=recaptcha"
    for name in ("client_id", "client_secret"):
        if settings.mail_oauth.token_url and not getattr(settings.mail_oauth, name):
            yield f"MAIL_OAUTH_{name.upper()}: manque, pour MAIL_OAUTH_TOKEN_URL"
    if urlparse(settings.mail_oauth.token_url).scheme == "http" and not _here(settings.mail_oauth.token_url):
        yield "MAIL_OAUTH_TOKEN_URL: il faut https"
    if settings.mail_oauth.token_url and not urlparse(settings.mail_url).username:
        yield "MAIL_URL: MAIL_OAUTH_TOKEN_URL veut la boîte, comme smtp://portail%40ville.qc.ca@smtp.office365.com"
    if not settings.https and not _here(settings.public_url):
        yield "PUBLIC_URL: il faut https, ou http sur 127.0.0.1"
    if settings.https and not settings.trusted_proxies:
        # Everybody would come from the proxy's address: thirty wrong tries by one would close the door to all.
        yield "TRUSTED_PROXIES: obligatoire en https ; 1 quand nginx ou Caddy est seul devant le portail"
    if settings.simulated and not _here(settings.simulator_url):
        yield "SIMULATOR_URL: il faut une adresse de cette machine, comme http://127.0.0.1:3111"
    if settings.simulated and settings.https and settings.secret_key.startswith("demo-only"):
        yield "SECRET_KEY: obligatoire quand PUBLIC_URL est en https"
    if not settings.simulated and settings.uncertain_for_seconds < LEAST_UNCERTAIN_SECONDS:
        yield f"UNCERTAIN_FOR: au moins {LEAST_UNCERTAIN_SECONDS} secondes, plus que la passerelle ne met à répondre"
    if not settings.simulated:
        yield from examples(settings.city)


def _here(url: str) -> bool:
    return urlparse(url).hostname in LOOPBACK
