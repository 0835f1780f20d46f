"""`deploy/install.sh` says what it would do and does nothing; what it names is there, and its nginx is nginx's own."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.server import ROOT

INSTALL = ROOT / "deploy" / "install.sh"


def install(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", INSTALL, *words], capture_output=True, text=True, env={"PATH": os.environ["PATH"]}
    )


def test_a_dry_run_explains_every_step_and_does_nothing():
    before = sorted(Path("/etc").iterdir())
    done = install("dossier.ville.qc.ca", "--dry-run")
    assert done.returncode == 0, done.stderr
    steps = re.findall(r"^(\d+)\. \S.{20,}", done.stdout, re.M)
    assert steps == [str(number) for number in range(1, 10)]
    assert sorted(Path("/etc").iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [(), ("dossier.ville.qc.ca", "--dryrun"), ("https://dossier.ville.qc.ca",), ("a.ca/;reboot", "--dry-run"), ("x",)],
)
def test_a_name_that_is_none_and_a_mistyped_option_are_refused_before_anything(words):
    done = install(*words)
    assert done.returncode == 2
    assert "sh deploy/install.sh DOMAINE" in done.stderr
    assert "+" not in done.stdout


def test_a_trial_name_keeps_its_own_certificate():
    assert "certbot certonly" in install("dossier.ville.qc.ca", "--dry-run").stdout
    assert "certbot certonly" not in install("dossier.ville.qc.ca", "--dry-run", "--self-signed").stdout


def test_the_service_may_write_nothing_of_the_code():
    """What starts installs nothing, and of what it may write nothing is run."""
    for unit in [*(ROOT / "deploy").glob("*.service"), ROOT / "deploy" / "portail-.service.d" / "apart.conf"]:
        lines = unit.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if line.startswith("ReadWritePaths") and "/opt" in line]
        assert not [line for line in lines if line.startswith("Exec") and re.search(r"\b(pip|make)\b", line)]


def test_what_the_units_call_is_a_command(app):
    """A unit that names a command that is gone fails at night."""
    named = {
        word
        for unit in (ROOT / "deploy").glob("*.service")
        for word in re.findall(r"bin/flask ([a-z-]+)", unit.read_text(encoding="utf-8"))
    }
    assert named >= {"backup", "replicate", "exercice", "alarm"}
    assert named <= set(app.cli.commands)


def test_what_a_timer_starts_ends_and_tells_when_it_failed():
    """Of oneshot alone systemd waits for the end; a replica runs on, and is what tasks are kept to as well."""
    for timer in (ROOT / "deploy").glob("*.timer"):
        unit = timer.with_suffix(".service").read_text(encoding="utf-8").splitlines()
        assert "Type=oneshot" in unit, timer
        assert "OnFailure=portail-panne.service" in unit, timer
