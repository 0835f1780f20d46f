"""What is installed is what was tried: every library has its version and the hashes of its files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = ("requirements", "requirements-dev", "requirements-scan")
PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins(name: str) -> dict[str, str]:
    """Return the version of each library of a file."""
    found = PINNED.findall((ROOT / name).read_text(encoding="utf-8"))
    return {re.sub(r"[-_.]+", "-", library).lower(): version for library, version in found}


def entries(name: str) -> list[str]:
    """Return what a locked file says of each library: one logical line, without comments."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("file", FILES)
def test_every_library_has_its_version_and_hashes(file: str):
    locked = entries(f"{file}.txt")
    assert [line for line in locked if not PINNED.match(line) or not HASH.search(line)] == []
    assert not [line for line in locked if "://" in line], "where it is fetched is the machine's to say"


@pytest.mark.parametrize("file", FILES)
def test_what_is_asked_for_is_what_is_locked(file: str):
    """Red after a change of requirements.in: `make lock`."""
    asked = pins(f"{file}.in")
    assert asked
    assert asked.items() <= pins(f"{file}.txt").items()


def test_the_tests_run_on_the_versions_that_serve():
    serving, testing = pins("requirements.txt"), pins("requirements-dev.txt")
    both = serving.keys() & testing.keys()
    assert both
    assert {name: (serving[name], testing[name]) for name in both if serving[name] != testing[name]} == {}


def test_each_library_has_its_line_in_the_decisions():
    said = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    assert [name for name in pins("requirements.in") if name not in said] == []
