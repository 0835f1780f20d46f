"""A family that registers, for tests."""

import re
from datetime import timedelta

from domain.common import clock
from models import Person
from tests.factories import make_person


def child_of(citizen, years: int = 8, **values) -> Person:
    """A child of the citizen's household of this age."""
    return make_person(citizen.household, birth_date=clock.today() - timedelta(days=365 * years + 40), **values)


def tags(html: str, attribute: str, value: str = "") -> list[dict[str, str]]:
    """Return the attributes of every tag that bears one."""
    found = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<[a-z][^>]*>", html)]
    return [one for one in found if attribute in one and value in ("", one[attribute])]
