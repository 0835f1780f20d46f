"""Every environment variable and city.toml value, typed and checked at start, in one place."""

import os
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import GenericAlias
from typing import Any, get_origin
from urllib.parse import urlparse

SIMULATOR, SANDBOX, PRODUCTION = "simulator", "sandbox", "production"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingError(Exception):
    """Tried to start with a setting that is missing or wrong. The message names it in one line."""


@dataclass(frozen=True)
class CitizenCard:
    prefix: str
    digits: int
    request_form: str


@dataclass(frozen=True)
class Help:
    name: str
    address: str
    phone: str
    option: str
    promise: str
    email: str


@dataclass(frozen=True)
class Counter:
    name: str
    phone: str
    hours: list[str]


@dataclass(frozen=True)
class Links:
    places: str
    registration: str
    privacy: str


@dataclass(frozen=True)
class Tax:
    tps_number: str
    tvq_number: str


@dataclass(frozen=True)
class CardPayment:
    statement: str
    cards: list[str]


@dataclass(frozen=True)
class MailSender:
    sender: str


@dataclass(frozen=True)
class Passwords:
    refused: list[str]


@dataclass(frozen=True)
class City:
    """The city's own words, numbers and colours."""

    name: str
    site_name: str
    address: list[str]
    website: str
    phone: str
    color: str
    launch_notice: str
    elsewhere: str
    adult_age: int
    card: CitizenCard
    help: Help
    counter: Counter
    links: Links
    tax: Tax
    payment: CardPayment
    mail: MailSender
    passwords: Passwords


@dataclass(frozen=True)
class Settings:
    """What the environment says. `_seconds` are seconds."""

    city: City
    secret_key: str
    database_url: str
    public_url: str
    mail_url: str
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
    trusted_proxies: int
    # The allowance for pages without JavaScript, for the whole site
    unproven_identifications_per_hour: int = 60

    @property
    def simulated(self) -> bool:
        return self.gateway_environment == SIMULATOR

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check every setting.

    Raises: SettingError, naming the first setting that is wrong and what it should be.
    """
    read = _Reader(environment)
    gateway = read.one_of("BRAINTREE_ENVIRONMENT", (SIMULATOR, SANDBOX, PRODUCTION), SIMULATOR)
    simulated = gateway == SIMULATOR
    keys = {
        name: read.text(f"BRAINTREE_{name.upper()}", f"integration_{name}" if simulated else None)
        for name in ("merchant_id", "public_key", "private_key")
    }
    settings = Settings(
        city=load_city(Path(read.text("CITY_FILE", "city.toml"))),
        secret_key=read.secret("SECRET_KEY", "demo-only-key-for-the-simulator-on-this-machine" if simulated else None),
        database_url=read.url("DATABASE_URL", ("sqlite", "postgresql"), "sqlite:///instance/guichet.db"),
        public_url=read.url("PUBLIC_URL", ("http", "https"), "http://127.0.0.1:5000").rstrip("/"),
        mail_url=read.url("MAIL_URL", ("smtp", "smtps", "file"), "file:instance/outbox"),
        gateway_environment=gateway,
        merchant_account_id=read.text("BRAINTREE_MERCHANT_ACCOUNT_ID", ""),
        simulator_url=read.url("SIMULATOR_URL", ("http", "https"), "http://127.0.0.1:3111").rstrip("/"),
        gateway_timeout_seconds=read.number("GATEWAY_TIMEOUT", 55, float),
        gateway_workers=read.number("GATEWAY_WORKERS", 50, int),
        uncertain_for_seconds=read.number("UNCERTAIN_FOR", 150, float),
        captcha=read.one_of("CAPTCHA", ("altcha", "none"), "altcha"),
        trusted_proxies=read.number("TRUSTED_PROXIES", 0, int, least=0),
        **keys,
    )
    _check_together(settings)
    return settings


def load_or_exit() -> Settings:
    """Read every setting, or end with the one line that names what is wrong."""
    try:
        return load()
    except SettingError as problem:
        sys.exit(f"Réglage à corriger – {problem}")


def load_city(path: Path) -> City:
    """Read the city's file.

    Raises: SettingError, naming the value that is missing or of the wrong type.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SettingError(f"CITY_FILE: {path} cannot be read: {problem}") from problem
    city = _build(City, values, "")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", city.color):
        raise SettingError(f"city.toml: color must look like #0b4f6c, not {city.color!r}")
    if contrast_with_white(city.color) < 4.5:
        raise SettingError(f"city.toml: color {city.color} is too pale: white text on it needs a contrast of 4.5")
    if not 1 <= city.adult_age <= 99:
        raise SettingError("city.toml: adult_age must be from 1 to 99")
    return city


def contrast_with_white(color: str) -> float:
    """Return the contrast ratio of `color` (#rrggbb) with white, as WCAG 2.2 defines it (1 to 21)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _check_together(settings: Settings) -> None:
    if settings.captcha == "none" and not settings.simulated:
        raise SettingError("CAPTCHA: none is for the simulator only; use altcha")
    if not settings.https and urlparse(settings.public_url).hostname not in LOOPBACK:
        raise SettingError("PUBLIC_URL: must be https, or http on 127.0.0.1")
    if settings.simulated and urlparse(settings.simulator_url).hostname not in LOOPBACK:
        raise SettingError("SIMULATOR_URL: must be an address of this machine, such as http://127.0.0.1:3111")
    if settings.simulated and settings.https and settings.secret_key.startswith("demo-only"):
        raise SettingError("SECRET_KEY: required when PUBLIC_URL is https")


def _build(kind: type, values: Any, where: str) -> Any:
    """Make a dataclass of TOML values, refusing what is missing, unknown or of another type."""
    if not isinstance(values, dict):
        raise SettingError(f"city.toml: {where.rstrip('.')} must be a section")
    unknown = set(values) - {field.name for field in fields(kind)}
    if unknown:
        raise SettingError(f"city.toml: {where}{sorted(unknown)[0]} is not a setting")
    built = {}
    for field in fields(kind):
        name = where + field.name
        if field.name not in values:
            raise SettingError(f"city.toml: {name} is missing")
        built[field.name] = _value(field.type, values[field.name], name)
    return kind(**built)


def _value(kind: Any, value: Any, name: str) -> Any:
    if is_dataclass(kind):
        return _build(kind, value, f"{name}.")
    plain = get_origin(kind) if isinstance(kind, GenericAlias) else kind
    if not isinstance(value, plain) or isinstance(value, bool):
        raise SettingError(f"city.toml: {name} must be {'a list' if plain is list else plain.__name__}")
    return value


class _Reader:
    """Reads one environment variable at a time; an empty one counts as missing."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def text(self, name: str, default: str | None) -> str:
        value = self.environment.get(name, "").strip() or default
        if value is None:
            raise SettingError(f"{name}: missing")
        return value

    def secret(self, name: str, default: str | None) -> str:
        value = self.text(name, default)
        if len(value) < 32:
            raise SettingError(f"{name}: needs at least 32 characters")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingError(f"{name}: must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def url(self, name: str, schemes: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        parts = urlparse(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise SettingError(f"{name}: must begin with {' or '.join(f'{scheme}:' for scheme in schemes)}")
        return value

    def number(self, name: str, default: float, kind: Callable[[str], float], least: float = 0.001) -> Any:
        text = self.text(name, str(default))
        try:
            value = kind(text)
        except ValueError:
            raise SettingError(f"{name}: must be a number, not {text!r}") from None
        if not least <= value < 1e9:
            raise SettingError(f"{name}: must be {'positive' if least else 'zero or more'}, not {text}")
        return value
