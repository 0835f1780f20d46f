"""Words that residents or staff did not understand, and that another took the place of: none comes back."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEFT_BEHIND = {  # as a pattern, and as it was said
    "foyer": "votre foyer",
    "(?<!/)rappelez-moi": "Rappelez-moi",
    "vos accès": "Choisissez vos accès",
    "revenir à la poste": "Revenir à la poste",
    "personnes? à joindre": "Personne à joindre",
    "(?<!de )glaces": "Salles, terrains, glaces",
    "bonne jusqu": "Bonne jusqu’au",
    "(?<!courriels )indésirables": "dans les indésirables",
    "MasterCard": "MasterCard",
    "(lire|lit) un code": "on vous lit un code",
}
AT_THE_DESK = {
    "à régler": "À régler",
    "(lire|lit) un code|à usage unique lu": "Code à usage unique lu",
    'débloquer la carte"': '_("Débloquer la carte")',
}
STAFF_MESSAGES = {"staff.py", "imports.py", "facts.py", "accounting.py"}


def of_residents() -> list[Path]:
    """Return what residents read: their templates, their letters, and the sentences of their pages."""
    templates = [one for one in (ROOT / "templates").rglob("*.*") if "staff" not in one.parts]
    views = [one for one in (ROOT / "views").rglob("*.py") if "staff" not in one.parts]
    return templates + [one for one in views if one.name not in STAFF_MESSAGES]


def of_staff() -> list[Path]:
    return [*(ROOT / "templates" / "staff").rglob("*.html"), ROOT / "views" / "messages" / "staff.py"]


def still_said(pattern: str, files: list[Path]) -> list[str]:
    """Return the lines that still say it; « MasterCard » alone is known by its capital."""
    flags = 0 if pattern != pattern.lower() else re.IGNORECASE
    lines = [(one, line) for one in files for line in one.read_text(encoding="utf-8").splitlines()]
    return [f"{one.name}: {line.strip()}" for one, line in lines if re.search(pattern, line, flags)]


@pytest.mark.parametrize("pattern", LEFT_BEHIND)
def test_residents_read_it_no_more(pattern: str):
    assert still_said(pattern, of_residents()) == []


@pytest.mark.parametrize("pattern", AT_THE_DESK)
def test_staff_read_it_no_more(pattern: str):
    assert still_said(pattern, of_staff()) == []


@pytest.mark.parametrize(("pattern", "said"), [*LEFT_BEHIND.items(), *AT_THE_DESK.items()])
def test_it_would_be_seen(pattern: str, said: str, tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(f"<p>{said}</p>", encoding="utf-8")
    assert still_said(pattern, [page])
