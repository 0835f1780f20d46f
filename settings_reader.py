"""Reads one environment variable at a time, and gathers what is wrong rather than stop at the first."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from re import Pattern
from typing import TypeVar
from urllib.parse import urlparse

from city import City, SettingError, load_city

Read = TypeVar("Read")
Number = TypeVar("Number", int, float)

OURS = ("BRAINTREE_", "RECAPTCHA_", "HOLD_", "MAIL_OAUTH_", "BACKUP_")  # begin no other program's settings
NEARLY = 0.85  # of the letters: TRUSTED_PROXYS is, TEST_DATABASE_URL (the tests' own) is not


class Reader:
    """Reads one environment variable at a time; an empty one counts as missing. What is wrong goes to `problems`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []
        self.known: set[str] = set()

    def mistyped(self) -> Iterator[str]:
        """Name each variable that is nearly a setting: it would be passed over, and a default taken in its stead."""
        for name in sorted(self.environment.keys() - self.known):
            near = get_close_matches(name.upper(), self.known, 1, NEARLY)
            if near or name.startswith(OURS):
                yield f"{name}: n’est pas un réglage" + (f" ; est-ce {near[0]} ?" if near else "")

    def text(self, name: str, default: str | None) -> str:
        """Return a text; without a default it must be there."""
        self.known.add(name)
        value = self.environment.get(name, "").strip() or default
        if value is None:
            return self._wrong(f"{name}: manque", "")
        return value

    def secret(self, name: str, default: str | None) -> str:
        """Return a text of 32 characters or more."""
        value = self.text(name, default)
        if value and len(value) < 32:
            return self._wrong(f"{name}: il faut au moins 32 caractères", value)
        return value

    def matching(self, name: str, pattern: Pattern[str], wanted: str) -> str:
        """Return a text of this form, or nothing; a value that is wrong is not repeated, for it is a secret."""
        value = self.text(name, "")
        if value and not pattern.fullmatch(value):
            return self._wrong(f"{name}: {wanted}", "")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """Return one of the values allowed."""
        value = self.text(name, default)
        if value not in allowed:
            return self._wrong(f"{name}: l’un de {', '.join(allowed)}, et non {value!r}", default)
        return value

    def url(self, name: str, schemes: tuple[str, ...], default: str | None) -> str:
        """Return an address that begins with one of these schemes."""
        value = self.text(name, default)
        parts = urlparse(value)
        if value and (parts.scheme not in schemes or not (parts.netloc or parts.path)):
            begins = " ou ".join(f"{scheme}:" for scheme in schemes)
            return self._wrong(f"{name}: doit commencer par {begins}", default or "")
        return value

    def number(self, name: str, default: Number, kind: Callable[[str], Number], least: float = 0.001) -> Number:
        """Return a number, `least` or more."""
        text = self.text(name, str(default))
        try:
            value = kind(text)
        except ValueError:
            return self._wrong(f"{name}: il faut un nombre, et non {text!r}", default)
        if not least <= value < 1e9:
            wanted = "plus grand que zéro" if least else "zéro ou plus"
            return self._wrong(f"{name}: il faut un nombre {wanted}, et non {text}", default)
        return value

    def city(self, name: str, default: str) -> City | None:
        """Return the city that a file describes, None when it is wrong."""
        try:
            return load_city(Path(self.text(name, default)))
        except SettingError as wrong:
            return self._wrong(str(wrong), None)

    def _wrong(self, problem: str, instead: Read) -> Read:
        self.problems.append(problem)
        return instead
