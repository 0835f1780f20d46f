"""The city's own words, numbers and colours: city.toml, typed and checked at start."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from city_registration import HealthForms, InstalmentPlan, Partner, RefundPolicy, Registration, is_day, plans_wrong
from city_retention import Retention
from city_words import Menu, Rooms

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Section = TypeVar("Section", bound="DataclassInstance")
KINDS = {str: "un texte", int: "un nombre entier", bool: "true ou false", list: "une liste", dict: "une section"}
LARGEST_MARK = 50 * 1024
EXAMPLE = re.compile(r"@ex[ae]mple\.|^0+ (RT|TQ)")


class SettingError(Exception):
    """Tried to start with settings that are missing or wrong. `problems` names each in a line, in French."""

    @property
    def problems(self) -> tuple[str, ...]:
        return self.args

    def __str__(self) -> str:
        return self.args[0]


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
    register_elsewhere: str = ""


@dataclass(frozen=True)
class Rentals:
    conditions: list[str]


@dataclass(frozen=True)
class Privacy:
    officer: str
    phone: str
    email: str
    hosting: str


@dataclass(frozen=True)
class Tax:
    tps_number: str
    tvq_number: str


@dataclass(frozen=True)
class TaxReceipts:
    signatory: str
    place: str
    first_complete_year: int = 0
    ages_known_until: int = 2026  # of the credits: domain/taxes/tax_ages.py


@dataclass(frozen=True)
class CardPayment:
    statement: str
    cards: list[str]
    ask_postal_code: bool = True


@dataclass(frozen=True)
class MailSender:
    sender: str


@dataclass(frozen=True)
class Operator:
    """Who runs the machine; with no address, what goes wrong is told on its pages and in its logs alone."""

    email: str = ""


@dataclass(frozen=True)
class NightlyFiles:
    """Where another system puts its files for the portal to take; nowhere when it is empty."""

    folder: str = ""


@dataclass(frozen=True)
class Mappings:
    """Where the mappings of other systems' files are remembered; nowhere when it is empty."""

    folder: str = ""


@dataclass(frozen=True)
class Passwords:
    refused: list[str]


@dataclass(frozen=True)
class Master:
    """Which side is right when a file and the portal differ: the portal's turn comes with a day."""

    master: str
    since: str = ""

    FILE, PORTAL = "file", "portal"


FILE = Master(Master.FILE)


@dataclass(frozen=True)
class Imports:
    """Who is master of each kind of file."""

    cards: Master = FILE
    invoices: Master = FILE
    payments: Master = FILE
    places: Master = FILE
    activities: Master = FILE
    prices: Master = FILE
    registrations: Master = FILE
    reservations: Master = FILE

    def portal_since(self, kind: str, today: date) -> date | None:
        """Return since when the portal is master of a kind of file; None while the file is."""
        side: Master = getattr(self, kind)
        if side.master == Master.FILE:
            return None
        since = date.fromisoformat(side.since)
        return since if since <= today else None

    def problems(self) -> Iterator[str]:
        """Yield what cannot be understood, in French."""
        for kind in fields(self):
            side: Master = getattr(self, kind.name)
            if side.master not in (Master.FILE, Master.PORTAL):
                yield f"city.toml: imports.{kind.name}.master doit être file ou portal, et non {side.master!r}"
            elif side.master == Master.PORTAL and not is_day(side.since):
                yield f"city.toml: imports.{kind.name}.since doit être un jour comme 2027-01-04"


@dataclass(frozen=True, kw_only=True)
class City:
    """The city's own words, numbers and colours."""

    name: str
    site_name: str
    address: list[str]
    website: str
    phone: str
    color: str
    mark: str = ""  # a file; load_city finds it beside its own
    launch_notice: str = ""
    elsewhere: str = ""
    adult_age: int = 18
    card: CitizenCard
    help: Help
    counter: Counter
    links: Links
    menu: Menu = Menu()
    rooms: Rooms = Rooms()
    rentals: Rentals
    tax: Tax
    tax_receipts: TaxReceipts
    payment: CardPayment
    mail: MailSender
    operator: Operator = Operator()
    passwords: Passwords
    privacy: Privacy
    imports: Imports = Imports()
    nightly_files: NightlyFiles = NightlyFiles()
    mappings: Mappings = Mappings()
    registration: Registration = Registration()
    health_forms: HealthForms = HealthForms()
    refunds: dict[str, RefundPolicy] = field(default_factory=dict)
    instalments: dict[str, InstalmentPlan] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)  # by programme or activity
    retention: Retention = Retention()


def load_city(path: Path) -> City:
    """Read the city's file.

    Raises: SettingError, naming the value that is missing or of the wrong type.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise SettingError(f"CITY_FILE: {path} ne se lit pas : {problem}") from problem
    city = read(City, values)
    if city.mark:
        city = replace(city, mark=str(_mark(path.parent / city.mark)))
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", city.color):
        raise SettingError(f"city.toml: color doit ressembler à #0b4f6c, et non {city.color!r}")
    if contrast_with_white(city.color) < 4.5:
        raise SettingError(
            f"city.toml: color {city.color} est trop pâle pour du texte blanc (il faut un contraste de 4,5)"
        )
    if not 1 <= city.adult_age <= 99:
        raise SettingError("city.toml: adult_age doit être de 1 à 99")
    sections = (city.imports, city.retention, city.registration, city.health_forms)
    wrong = [problem for section in sections for problem in section.problems()]
    if wrong := [*wrong, *plans_wrong(city.instalments, city.refunds)]:
        raise SettingError(*wrong)
    return city


def _mark(file: Path) -> Path:
    """Return the file of the city's mark. Raises: SettingError."""
    if file.suffix.lower() not in (".svg", ".png"):
        raise SettingError(f"city.toml: mark doit finir par .svg ou .png, et non {file.suffix!r}")
    try:
        size = file.stat().st_size
    except OSError as problem:
        raise SettingError(f"city.toml: mark {file} ne se lit pas : {problem.strerror}") from problem
    if size > LARGEST_MARK:
        raise SettingError(f"city.toml: mark {file} dépasse {LARGEST_MARK // 1024} Ko : chaque document la porte")
    return file


def examples(section: Any, where: str = "") -> Iterator[str]:
    """Name each value of a section that is still the example's: mail that nobody reads, a tax number that is none."""
    for one in fields(section):
        value, name = getattr(section, one.name), where + one.name
        if is_dataclass(value):
            yield from examples(value, f"{name}.")
        elif isinstance(value, str) and EXAMPLE.search(value):
            yield f"city.toml: {name} est encore celui de l’exemple, {value}"


def contrast_with_white(color: str) -> float:
    """Return the contrast ratio of `color` (#rrggbb) with white, as WCAG 2.2 defines it (1 to 21)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def read(kind: type[Section], values: Any, where: str = "") -> Section:
    """Make a dataclass of TOML values; a field with a default may be left out.

    Raises: SettingError, naming the whole way to what is missing, unknown or of another type.
    """
    if not isinstance(values, dict):
        raise SettingError(f"city.toml: {where} doit être {KINDS[dict]}")
    inside = f"{where}." if where else ""
    known = {one.name: one for one in fields(kind)}
    for name in sorted(set(values) - set(known)):
        raise SettingError(f"city.toml: {inside}{name} n’est pas un réglage")
    for name, one in known.items():
        if name not in values and one.default is MISSING and one.default_factory is MISSING:
            raise SettingError(f"city.toml: {inside}{name} manque")
    return kind(**{name: _value(known[name].type, value, inside + name) for name, value in values.items()})


def _value(kind: Any, value: Any, name: str) -> Any:
    """Return a value of a kind: a dataclass, a list or a table of any kind, or str, int, bool."""
    if isinstance(kind, type) and is_dataclass(kind):
        return read(kind, value, name)
    plain = get_origin(kind) or kind
    if type(value) is not plain:  # exactly: Python takes true for a whole number
        raise SettingError(f"city.toml: {name} doit être {KINDS[plain]}")
    if plain is list:
        [each] = get_args(kind)
        return [_value(each, one, f"{name}[{number}]") for number, one in enumerate(value, start=1)]
    if plain is dict:
        [_key, each] = get_args(kind)
        return {key: _value(each, one, f"{name}.{key}") for key, one in value.items()}
    return value
