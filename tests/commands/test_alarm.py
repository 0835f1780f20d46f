"""A service that fell is told to who runs the machine: once an hour, whatever ails the portal."""

import os
import subprocess
import sys
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from pathlib import Path

import pytest

from tests.real_city import describe
from tests.server import ROOT


@pytest.fixture
def alarm(environment, tmp_path: Path):
    """Run the command as the unit does, with the settings changed so."""

    def run(unit: str = "portail@5000", **changed: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).parent / "flask", "alarm", unit],
            cwd=ROOT,
            env=os.environ
            | environment
            | {"CITY_FILE": describe(tmp_path), "STATE_DIRECTORY": f"{tmp_path}/state"}
            | changed,
            capture_output=True,
            text=True,
        )

    return run


def letters(tmp_path: Path) -> list[EmailMessage]:
    return [message_from_bytes(file.read_bytes(), policy=email_policy) for file in (tmp_path / "outbox").glob("*.eml")]


@pytest.mark.parametrize("url", ["sqlite:////nowhere/none.db", "postgresql://nobody@127.0.0.1:9/none"])
def test_it_is_told_with_the_database_gone(alarm, tmp_path, url):
    done = alarm(DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    [letter] = letters(tmp_path)
    assert letter["To"] == "informatique@ville.qc.ca"
    assert letter["Subject"].startswith("portail@5000 est tombé sur ")
    assert "journalctl -u portail@5000" in letter.get_content()
    [file] = (tmp_path / "outbox").glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0


def test_a_service_that_falls_again_and_again_writes_once_an_hour(alarm, tmp_path):
    for _time in range(3):
        assert alarm().returncode == 0
    assert len(letters(tmp_path)) == 1
    assert alarm("portail-copie.service").returncode == 0
    assert len(letters(tmp_path)) == 2
    an_hour_ago = time.time() - 3_601
    os.utime(tmp_path / "state" / "alarm-portail@5000", (an_hour_ago, an_hour_ago))
    assert alarm().returncode == 0
    assert len(letters(tmp_path)) == 3


def test_a_letter_that_did_not_leave_is_said_and_tried_the_next_time(alarm, tmp_path):
    done = alarm(MAIL_URL="smtp://127.0.0.1:9")
    assert done.returncode == 1
    assert "le courriel n’est pas parti" in done.stderr
    assert alarm().returncode == 0
    assert len(letters(tmp_path)) == 1


def test_with_nobody_to_tell_it_says_so(alarm, tmp_path):
    city = tmp_path / "silent.toml"
    text = (ROOT / "city.toml").read_text(encoding="utf-8")
    city.write_text(
        text.replace("[operator] ", "# ").replace('email = "informatique@example.org"\n', ""), encoding="utf-8"
    )
    done = alarm(CITY_FILE=str(city))
    assert done.returncode == 1
    assert "[operator] email" in done.stderr
