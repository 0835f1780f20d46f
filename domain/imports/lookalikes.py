"""Numbers that look like another's: a spreadsheet took zeros off, or somebody typed another case."""

from collections.abc import Callable, Collection, Sequence

from peewee import fn

from domain.common.batches import columns_among
from models import Invoice, Payment

MOST_ZEROS = 16  # that a key begins with


def by_case(numbers: Sequence[str]) -> dict[str, str]:
    """Return the invoice numbers that another one, of the file or here, differs from by case alone: by which."""
    lowered = {number.lower() for number in numbers}
    rows = columns_among(Invoice.select(Invoice.number), fn.LOWER(Invoice.number), lowered)
    return _alike(numbers, {number for (number,) in rows}, str.lower)


def by_zeros(keys: Sequence[str], prefix: str) -> dict[str, str]:
    """Return the payments' keys that another one, of the file or here, differs from by its first zeros: by which.

    Each is looked for under the references that it may have: the years of payments are not gone through.
    """
    bare = {_without_zeros(key) for key in keys}
    may_be = {f"{prefix}{'0' * zeros}{key}" for key in bare for zeros in range(MOST_ZEROS)}
    rows = columns_among(Payment.select(Payment.reference), Payment.reference, may_be)
    return _alike(keys, {reference.removeprefix(prefix) for (reference,) in rows}, _without_zeros)


def _without_zeros(key: str) -> str:
    return key.lstrip("0")


def _alike(keys: Sequence[str], here: Collection[str], fold: Callable[[str], str]) -> dict[str, str]:
    first = {fold(one): one for one in sorted(here)}
    found = {key: first.setdefault(fold(key), key) for key in keys}
    return {key: other for key, other in found.items() if key not in (other, *here)}
