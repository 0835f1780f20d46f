"""`make scan`: what scanners find in the sources and in the running demonstration. Words name the tools to run.

Exits with 1 when something is found that docs/scan-explained.toml does not explain. Speaks to this machine only.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.scan import findings, sources
from tests.scan.crawl import wapiti
from tests.scan.findings import Finding
from tests.scan.injection import sqlmap
from tests.scan.site import demonstration
from tests.scan.walk import walk

OF_SOURCES = {"ruff": sources.ruff, "bandit": sources.bandit}
OF_SITE = {"walk": walk, "sqlmap": sqlmap, "wapiti": wapiti}


def main() -> None:
    """Run the tools asked for, all of them when none is named, and judge what they found."""
    words = argparse.ArgumentParser(prog="python -m tests.scan")
    words.add_argument("tools", nargs="*", metavar="TOOL", help=", ".join(OF_SOURCES | OF_SITE))
    tools = set(words.parse_args().tools) or set(OF_SOURCES | OF_SITE)
    if unknown := tools - set(OF_SOURCES | OF_SITE):
        words.error(f"no such tool: {', '.join(unknown)}")
    sys.exit(judge(list(found_by(tools)), tools))


def found_by(tools: set[str]) -> Iterator[Finding]:
    """Run each tool; those that attack get a fresh demonstration each."""
    for name in OF_SOURCES:
        if name in tools:
            yield from told(name, OF_SOURCES[name]())
    for name in OF_SITE:
        if name in tools:
            with tempfile.TemporaryDirectory() as folder, demonstration(Path(folder)) as site:
                yield from told(name, OF_SITE[name](site, Path(folder)))


def told(name: str, found: Iterator[Finding]) -> list[Finding]:
    """Print how many findings a tool has, and how long it took."""
    began = time.monotonic()
    listed = list(found)
    print(f"{name:8} {len(listed):4} finding(s) in {time.monotonic() - began:4.0f} s", flush=True)
    return listed


def judge(found: list[Finding], tools: set[str]) -> int:
    """Print what is not explained, and explanations that explain nothing any more; return the exit status."""
    known = findings.explanations()
    left = findings.unexplained(found, known)
    for finding in left:
        print(f"not explained: {finding}")
    for entry in findings.idle(found, known, tools):
        print(f"explains nothing any more: {entry.tool} {entry.rule} {entry.place} {entry.holds}")
    print(f"{len(set(found)) - len(left)} explained, {len(left)} not")
    return 1 if left else 0


if __name__ == "__main__":
    main()
