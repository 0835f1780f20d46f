"""What people are told: domain names it by a declared key, with values; views/messages and commands have the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Values = Mapping[str, str | int]


@dataclass(frozen=True)
class Fact:
    """Something to tell a person, and the values its words need; amounts are named `…_cents`, days `…_on`."""

    key: StrEnum
    values: Values = field(default_factory=dict)
