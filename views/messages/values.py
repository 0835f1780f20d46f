"""How words take the values of a fact: amounts as money, days in words, keys in their own words."""

from collections.abc import Mapping
from datetime import date

from domain.common.formats import day, money


def filled(words: object, values: Mapping[str, object], **keys: Mapping[str, object]) -> str:
    """Return words with values in them; `keys` has, for each value that is a key, what it is called."""
    said = dict(map(_readable, values.items()))
    for name, its_words in keys.items():
        if name in said:
            said[name] = str(its_words[said[name]]) % said
    return str(words) % said


def _readable(named: tuple[str, object]) -> tuple[str, object]:
    """Return a value as people read it, under its bare name: `…_cents` is money, `…_on` a day as ISO has it."""
    name, value = named
    if name.endswith("_cents"):
        return name.removesuffix("_cents"), money(value)
    if name.endswith("_on"):
        return name.removesuffix("_on"), day(date.fromisoformat(value))
    return name, value
