"""`portail`: the service's settings whatever stands in the terminal's, as its user, on the database that it names."""

import os
import pwd
import re
import stat
import subprocess
from pathlib import Path

import pytest

from commands import env_file
from tests.real_city import describe
from tests.server import ROOT

ME = pwd.getpwuid(os.geteuid()).pw_name


def run(folder: Path, settings: str, *words: str, **terminal: str) -> subprocess.CompletedProcess[str]:
    file = folder / "portail.env"
    file.write_text(settings, encoding="utf-8")
    return subprocess.run(
        [ROOT / "deploy" / "portail", *words],
        env={"PATH": os.environ["PATH"], "PORTAIL_HOME": str(ROOT), "PORTAIL_SETTINGS": str(file), "PORTAIL_USER": ME}
        | terminal,
        capture_output=True,
        text=True,
    )


def test_it_works_on_the_services_database_and_says_which(tmp_path):
    database = tmp_path / "town.db"
    settings = f"# the service's\nDATABASE_URL = \"sqlite:///{database}\"\n; quoted\nMAIL_URL='file:{tmp_path}/mail'\n"
    done = run(tmp_path, settings, "db", "upgrade", DATABASE_URL="sqlite:////nowhere/other.db")
    assert done.returncode == 0, done.stderr
    assert f"Base : {database}" in done.stderr
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert run(tmp_path, settings, "attention").returncode == 0


def test_settings_that_cannot_be_read_are_named(tmp_path):
    done = run(tmp_path, "SECRET_KEY\n", "jobs")
    assert done.returncode == 1
    assert f"{tmp_path}/portail.env ne se lit pas : ligne 1" in done.stderr


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=plain", "plain"),
        ('A="two words"', "two words"),
        ("A='it is # kept'", "it is # kept"),
        ("A=smtp://u:p#ss=@h", "smtp://u:p#ss=@h"),
        (" A = spaced ", "spaced"),
        ("A=", ""),
    ],
)
def test_a_line_is_read_as_systemd_reads_it(line, value):
    assert env_file.read(f"# no\n\n;no=1\n{line}\n") == {"A": value}


@pytest.mark.parametrize("line", ["A", 'A="open', "A='"])
def test_a_line_that_is_none_is_named(line):
    with pytest.raises(ValueError, match="^ligne 2"):
        env_file.read(f"B=1\n{line}\n")


def test_the_city_of_an_install_is_read_from_its_file(tmp_path):
    assert env_file.read(f"CITY_FILE={describe(tmp_path)}") == {"CITY_FILE": f"{tmp_path}/real-city.toml"}


def test_the_unit_serves_as_make_serve_does():
    """The service runs nothing of make, which installs and compresses: its command line is written twice."""
    made = re.search(r"/granian ((?:.*\\\n)*.*)", (ROOT / "Makefile").read_text(encoding="utf-8"))[1]
    unit = re.search(r"/granian ((?:.*\\\n)*.*)", (ROOT / "deploy" / "portail@.service").read_text(encoding="utf-8"))[1]
    assert words_of(unit) == words_of(made.replace("$(PORT)", "%i"))


def words_of(line: str) -> list[str]:
    return line.replace("\\\n", " ").split()


def test_an_account_that_is_not_there_is_named(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root becomes another")
    done = run(tmp_path, "", "jobs", PORTAIL_USER="nobody-of-that-name")
    assert done.returncode == 1
    assert "Le compte nobody-of-that-name n’existe pas" in done.stderr
