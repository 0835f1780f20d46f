"""The sources: ruff's security rules and bandit. Comments that silence them are not heeded: one file explains."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.scan.findings import ROOT, Finding

TOOLS = ROOT / ".venv-scan" / "bin"


def ruff() -> Iterator[Finding]:
    """Run every S rule over what is shipped."""
    words = ["check", "--isolated", "--ignore-noqa", "--no-cache", "--select", "S", "--target-version", "py311"]
    for found in _run("ruff", *words, "--output-format", "json", *shipped()):
        place = Path(found["filename"])
        line = place.read_text(encoding="utf-8").splitlines()[found["location"]["row"] - 1]
        yield Finding("ruff", found["code"], place.relative_to(ROOT).as_posix(), line.strip())


def bandit() -> Iterator[Finding]:
    """Run every check over what is shipped."""
    report = _run("bandit", "--quiet", "--ignore-nosec", "--format", "json", *shipped())
    if report["errors"]:
        raise RuntimeError(report["errors"])
    for found in report["results"]:
        place = ROOT / found["filename"]
        line = place.read_text(encoding="utf-8").splitlines()[found["line_number"] - 1]
        yield Finding("bandit", found["test_id"], place.relative_to(ROOT).as_posix(), line.strip())


def shipped() -> list[str]:
    """Return the files of the portal: all but the tests, which no city serves."""
    inside = [path for path in ROOT.glob("[!.]*/**/*.py") if path.relative_to(ROOT).parts[0] != "tests"]
    return [path.relative_to(ROOT).as_posix() for path in sorted([*ROOT.glob("*.py"), *inside])]


def _run(tool: str, *words: str) -> object:
    """Return a tool's JSON report; both exit with 1 when they found something."""
    done = subprocess.run([TOOLS / tool, *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{tool}: {done.stderr}")
    return json.loads(done.stdout)
