"""docs/asvs.md and docs/security.md say what is so: paths exist, rows stand once, the arithmetic is that of LIMITS."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

import models
from models import (
    Accompaniment,
    AskedField,
    AuthorisedPerson,
    ChangeRequest,
    EmergencyContact,
    HealthForm,
    Person,
    Registration,
)
from settings import LIMITS
from tests.scan.findings import explanations

ROOT = Path(__file__).parent.parent
ROWS_OF_THE_STANDARD = {"1": 70, "2": 183}  # ASVS 5.0.0
DATES, DATES_OF_AN_AGE, CARDS = 36_525, 365, 20_000


class Row(NamedTuple):
    """A row of the table."""

    id: str
    level: str
    about: str
    verdict: str
    evidence: str


def rows() -> list[Row]:
    lines = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8").splitlines()
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines if line.startswith("| V")]


def paths(text: str) -> list[str]:
    """Return the files named in a text."""
    return [name for name in re.findall(r"`([\w./-]+)`", text) if "/" in name or Path(name).suffix]


def test_every_requirement_stands_once():
    assert {id: times for id, times in Counter(row.id for row in rows()).items() if times > 1} == {}
    assert Counter(row.level for row in rows()) == ROWS_OF_THE_STANDARD


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_row_says_why_and_names_what_exists(row: Row):
    assert re.fullmatch(r"met( \(.+\))?|not met \(.+\)|not applicable \(.+\)", row.verdict)
    assert [name for name in paths(row.evidence) if not (ROOT / name).is_file()] == []
    assert paths(row.evidence) or row.verdict.startswith("not applicable")


def test_level_1_is_met():
    assert [row.id for row in rows() if row.level == "1" and row.verdict.startswith("not met")] == []


def test_what_security_md_names_exists():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert [name for name in paths(text) if not (ROOT / name).exists() and not name.startswith("/")] == []


def test_every_field_of_a_shared_child_stands_once_with_who_sees_it():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    section = text.partition("| of a child of two homes |")[2].partition("\n\n")[0]
    named = Counter(re.findall(r"[A-Z]\w+\.\w+", section))
    hers = (
        *(Person, EmergencyContact, HealthForm, AuthorisedPerson, Accompaniment, ChangeRequest, AskedField),
        Registration,
    )
    fields = {f"{table.__name__}.{name}" for table in hers for name in table._meta.fields if name != "id"}
    assert fields - set(named) == set()
    assert {name: times for name, times in named.items() if times > 1} == {}
    assert all(name.partition(".")[2] in getattr(models, name.partition(".")[0])._meta.fields for name in named)


def test_what_the_scan_explains_exists_and_says_why():
    for entry in explanations():
        assert entry.why
        assert entry.tool in {"wapiti", "sqlmap", "walk"} or stands_there(entry.holds, entry.place), entry.place


def stands_there(line: str, place: str) -> bool:
    return any(line in path.read_text(encoding="utf-8") for path in ROOT.glob(place))


def test_the_arithmetic_is_that_of_the_limits():
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    card = LIMITS["dates of a card"]
    days_a_try = card.minutes / 60 / 24 / card.most
    for dates in (DATES, DATES_OF_AN_AGE):
        tries = (dates + 1) / 2
        assert f"| {dates:,} | {tries:,.0f} | {tries * days_a_try:,.0f} (" in text
    assert f"{CARDS * card.most:,} tries in 30 days: {CARDS * card.most / DATES:.1f}" in text
    for name, who in {
        "identifications from an address": "one address",
        "identifications from a network": "one network",
        "identifications without proof": "any number of addresses, no proof of work",
    }.items():
        limit = LIMITS[name]
        assert f"| {who} | {limit.most} | {DATES / limit.most / 24:.0f} days |" in text
        assert limit.minutes == 60
    assert f"budget of **{LIMITS['identifications of the site'].most}**" in text
