"""How words take the values of a fact: amounts as money, days in words, keys in their own words."""

from collections.abc import Mapping
from datetime import date

from domain.common.facts import Values
from domain.common.formats import day, money


def filled(words: str, values: Values, **keys: Mapping[str, str]) -> str:
    """Return words with values in them; `keys` has, for each value that is a key, what it is called."""
    said = dict(map(_readable, values.items()))
    for name, its_words in keys.items():
        if name in said:
            said[name] = str(its_words[str(said[name])]) % said
    return str(words) % said


def _readable(named: tuple[str, str | int]) -> tuple[str, str | int]:
    """Return a value as people read it, under its bare name: `…_cents` is money, `…_on` a day as ISO has it."""
    name, value = named
    if name.endswith("_cents"):
        return name.removesuffix("_cents"), money(int(value))
    if name.endswith("_on"):
        return name.removesuffix("_on"), day(date.fromisoformat(str(value)))
    return name, value
