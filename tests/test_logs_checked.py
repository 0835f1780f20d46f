"""The check of personal data in the logs fails a run, in one process and under xdist, also for what a server logs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TELLS = """
import logging
import os

def test_tells():
    {what}
"""
WHATS = {
    "here": 'logging.getLogger("portal").warning("paid by Geneviève")',
    "in a server": 'open(os.environ["PORTAL_TEST_LOG"], "a").write("paid by Genevi\\\\u00e8ve")',
    "nobody": 'logging.getLogger("portal").warning("paid by somebody")',
}


@pytest.mark.parametrize("processes", ["0", "2"])
@pytest.mark.parametrize(("what", "code"), [("here", 1), ("in a server", 1), ("nobody", 0)])
def test_a_run_that_tells_who_someone_is_fails(tmp_path: Path, what: str, code: int, processes: str):
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_configure, pytest_sessionfinish")
    (tmp_path / "test_tells.py").write_text(TELLS.format(what=WHATS[what]), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", processes, "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code, run.stdout + run.stderr
    assert ("Personal data in the logs" in run.stdout) is bool(code)
    assert "1 passed" in run.stdout
