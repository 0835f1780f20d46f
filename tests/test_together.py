"""Tests that share heavy processes are run by one process: pytest and xdist, each of its version, agree on how."""

import subprocess
import sys
from pathlib import Path

WHO = """
import os
from pathlib import Path
import pytest

{mark}
@pytest.mark.parametrize("number", range(12))
def test_who(number):
    Path({folder!r}, str(os.getpid())).touch()
"""


def processes_that_ran(folder: Path, mark: str) -> int:
    seen = folder / "seen"
    seen.mkdir()
    (folder / "test_who.py").write_text(WHO.format(mark=mark, folder=str(seen)), encoding="utf-8")
    run = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", folder]
    subprocess.run(run, cwd=folder, capture_output=True, check=True)
    return len(list(seen.iterdir()))


def test_a_group_is_run_by_one_process(tmp_path):
    assert processes_that_ran(tmp_path, '@pytest.mark.xdist_group("heavy")') == 1


def test_control_without_a_group_both_run(tmp_path):
    assert processes_that_ran(tmp_path, "") == 2
