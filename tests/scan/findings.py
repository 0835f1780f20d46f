"""What the scanners found, and which of it is explained."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = ROOT / "docs" / "scan-explained.toml"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing a tool reports: its rule, the file or address, and the line of code or the parameter."""

    tool: str
    rule: str
    place: str
    detail: str

    def __str__(self) -> str:
        return f"{self.tool} {self.rule} {self.place}: {self.detail}"


@dataclass(frozen=True)
class Explanation:
    """Why a finding is none. `place` may hold *; `holds` stands in the detail, lest a new finding beside it hide."""

    tool: str
    rule: str
    place: str
    why: str
    holds: str = ""

    def covers(self, finding: Finding) -> bool:
        """Tell whether this explains a finding."""
        same = (self.tool, self.rule) == (finding.tool, finding.rule) and fnmatchcase(finding.place, self.place)
        return same and self.holds in finding.detail


def explanations() -> list[Explanation]:
    """Read docs/scan-explained.toml. Raises: TypeError when an entry has a key missing or unknown."""
    return [Explanation(**entry) for entry in tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["explained"]]


def unexplained(found: Iterable[Finding], known: list[Explanation]) -> list[Finding]:
    """Return what no explanation covers, each once."""
    return [finding for finding in sorted(set(found)) if not any(entry.covers(finding) for entry in known)]


def idle(found: Iterable[Finding], known: list[Explanation], tools: set[str]) -> list[Explanation]:
    """Return the explanations of tools that were run which explain nothing any more."""
    return [entry for entry in known if entry.tool in tools and not any(map(entry.covers, found))]
