"""`flask backup` into the folder of copies: kept by rule, sealed where there is a key, sent where there is a target."""

import os
import pwd
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from commands.try_target import wrong_target
from domain.common import clock, jobs
from domain.operations import copies, health
from models import Account, Job
from tests.factories import make_household, make_invoice
from tests.simulation import free_port

pytestmark = pytest.mark.sqlite_only  # a server has tools of its own: tests/commands/test_in_place.py

SSHD, KEYGEN = Path("/usr/sbin/sshd"), shutil.which("ssh-keygen") or ""
SERVICE = 65534  # nobody's account, in the place of the service's


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "copies"


@pytest.fixture
def environment(environment, simulator, folder):
    return environment | {"SIMULATOR_URL": simulator.url, "BACKUP_FOLDER": str(folder)}


@pytest.fixture
def sealed(environment):
    """A key. To be asked for before the portal."""
    environment["BACKUP_KEY"] = str(pyrage.x25519.Identity.generate())
    return environment["BACKUP_KEY"]


@pytest.fixture
def mounted(environment, tmp_path):
    """A folder that stands for another machine's. To be asked for before the portal."""
    there = tmp_path / "there"
    environment["BACKUP_TARGET"] = f"file://{there}"
    return there


@pytest.fixture
def flask(request):
    def run(*words: object, code: int = 0) -> str:
        result = request.getfixturevalue("app").test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exit_code == code, result.output
        return result.output

    return run


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def accounts(file: Path) -> int:
    with closing(sqlite3.connect(file)) as opened:
        return opened.execute("SELECT count(*) FROM account").fetchone()[0]


def problem_of(job: str) -> str:
    return Job.get(Job.name == job).last_problem


def hours_before(folder: Path, hours: int) -> None:
    """Have the folder hold so many hours' copies, the last of an hour ago."""
    folder.mkdir(exist_ok=True)
    for hour in range(1, hours + 1):
        (folder / copies.name(clock.now() - timedelta(hours=hour), sealed=False)).touch()


def test_an_hours_copy_takes_its_place_among_those_that_are_kept(flask, citizen, folder):
    citizen.joins()
    hours_before(folder, 100)
    (folder / "copie-3.db").touch()
    flask("backup")
    copy = folder / copies.name(clock.now(), sealed=False)
    assert accounts(copy) == 1
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert copies.superfluous(names(folder)) == set()
    assert 24 < len(names(folder)) < 32
    assert "copie-3.db" in names(folder)
    flask("backup")
    assert health.last_copied()


def test_a_copy_that_fails_takes_none_away(flask, app, folder):
    hours_before(folder, 100)
    (folder / copies.name(clock.now(), sealed=False)).mkdir()
    flask("backup", code=1)
    assert len(names(folder)) >= 100
    assert health.last_copied() is None


def test_a_sealed_copy_is_read_by_no_one_else_and_comes_back(sealed, flask, citizen, paying, folder):
    citizen.joins()
    flask("backup")
    [name] = names(folder)  # and nothing readable is left beside it
    copy = folder / name
    assert name.endswith(".db.age")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert b"account" not in copy.read_bytes()
    make_household("after")
    Account.delete().execute()
    flask("restore", copy, "--replace-newer")
    assert Account.select().count() == 1
    assert not list(folder.parent.glob(".*clair*"))


def test_age_itself_opens_what_was_sealed(sealed, flask, citizen, folder, tmp_path):
    """Whoever has the key needs nothing of ours."""
    citizen.joins()
    flask("backup")
    plain = tmp_path / "plain.db"
    [name] = names(folder)
    plain.write_bytes(pyrage.decrypt((folder / name).read_bytes(), [pyrage.x25519.Identity.from_str(sealed)]))
    assert accounts(plain) == 1


def test_a_sealed_copy_without_its_key_with_anothers_or_cut_short_is_refused(flask, app, citizen, tmp_path):
    citizen.joins()
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    flask("backup", tmp_path / "plain.db")
    plain = (tmp_path / "plain.db").read_bytes()
    copy = tmp_path / "copie.db.age"
    copy.write_bytes(pyrage.encrypt(plain, [key.to_public()]))
    assert "BACKUP_KEY" in flask("restore", copy, "--replace-newer", code=1)
    give_key(app, other)
    assert "autre clé" in flask("restore", copy, "--replace-newer", code=1)
    give_key(app, key)
    copy.write_bytes(copy.read_bytes()[:-70_000])
    assert "abîmée" in flask("restore", copy, "--replace-newer", code=1)
    assert Account.select().count() == 1
    assert not list(tmp_path.glob(".*clair*"))


def give_key(app, key: pyrage.x25519.Identity) -> None:
    give(app, key=str(key))


def give(app, **changed: str) -> None:
    """Start the portal anew, as it were, with other settings of its copies."""
    portal = app.extensions["portal"]
    copied = replace(portal.settings.copies, **changed)
    app.extensions["portal"] = replace(portal, settings=replace(portal.settings, copies=copied))


def test_a_named_copy_is_sealed_when_its_name_says_so(flask, app, citizen, tmp_path):
    citizen.joins()
    assert "BACKUP_KEY" in flask("backup", tmp_path / "copie.db.age", code=1)
    give_key(app, pyrage.x25519.Identity.generate())
    flask("backup", tmp_path / "copie.db.age")
    assert (tmp_path / "copie.db.age").read_bytes().startswith(b"age-encryption.org/v1")
    flask("backup", tmp_path / "copie.db")
    assert accounts(tmp_path / "copie.db") == 1


def test_a_copy_is_sent_and_kept_by_the_same_rule_there(mounted, flask, citizen, folder):
    citizen.joins()
    mounted.mkdir()
    hours_before(mounted, 100)
    (mounted / "autre-chose").touch()
    assert "Envoyée" in flask("backup")
    copy = copies.name(clock.now(), sealed=False)
    assert (mounted / copy).read_bytes() == (folder / copy).read_bytes()
    assert stat.S_IMODE((mounted / copy).stat().st_mode) == 0o600
    assert copies.superfluous(names(mounted)) == set()
    assert "autre-chose" in names(mounted)
    assert problem_of(health.SENT) == ""


def test_a_disk_that_is_not_mounted_is_said_and_the_copy_here_is_made(mounted, flask, citizen, folder):
    citizen.joins()
    assert "n’est pas partie" in flask("backup", code=1)
    assert not mounted.exists()
    assert accounts(folder / copies.name(clock.now(), sealed=False)) == 1
    assert health.last_copied()
    assert str(mounted) in problem_of(health.SENT)


def test_a_target_taken_away_is_no_failure_for_ever(mounted, flask, app, citizen):
    citizen.joins()
    flask("backup", code=1)
    give(app, target="")
    flask("backup")
    assert jobs.last_run(health.SENT) is None


@pytest.fixture
def other_machine(environment, tmp_path) -> Iterator[Path]:
    """A folder reached by a real sshd, with a key that opens it. To be asked for before the portal."""
    if not SSHD.exists():
        pytest.skip("openssh-server is not installed")
    there, keys, port = tmp_path / "there", tmp_path / "state" / ".ssh", free_port()
    there.mkdir()
    keys.mkdir(parents=True)
    for file in (keys / "id_ed25519", tmp_path / "host"):
        subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)
    host = (tmp_path / "host.pub").read_text(encoding="utf-8").split()
    (keys / "known_hosts").write_text(f"[127.0.0.1]:{port} {host[0]} {host[1]}\n", encoding="utf-8")
    (tmp_path / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nPidFile none\nStrictModes no\nUsePAM no\n"
        f"AuthorizedKeysFile {keys}/id_ed25519.pub\nPasswordAuthentication no\nSubsystem sftp internal-sftp\n",
        encoding="utf-8",
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where root's sshd shuts itself in
    serving = subprocess.Popen([SSHD, "-D", "-e", "-f", tmp_path / "sshd_config"], stderr=subprocess.PIPE, text=True)
    while "Server listening" not in (line := serving.stderr.readline()):
        assert line, "sshd did not start"
    user = pwd.getpwuid(os.geteuid()).pw_name
    environment["BACKUP_TARGET"] = f"sftp://{user}@127.0.0.1:{port}{there}"
    before = os.environ.get("STATE_DIRECTORY")
    os.environ["STATE_DIRECTORY"] = str(tmp_path / "state")
    yield there
    os.environ.pop("STATE_DIRECTORY")
    if before:
        os.environ["STATE_DIRECTORY"] = before
    serving.terminate()
    serving.wait()
    serving.stderr.close()


def test_a_copy_is_sent_to_another_machine_by_ssh(other_machine, sealed, flask, citizen, folder):
    citizen.joins()
    hours_before(other_machine, 100)
    flask("backup")
    flask("backup")  # the same hour's takes its place
    copy = copies.name(clock.now(), sealed=True)
    assert (other_machine / copy).read_bytes() == (folder / copy).read_bytes()
    assert copies.superfluous(names(other_machine)) == set()
    assert not [name for name in names(other_machine) if name.startswith(".")]


def test_another_machine_is_tried_by_a_file_read_again(other_machine, environment, monkeypatch):
    monkeypatch.setenv("PORTAIL_USER", pwd.getpwuid(os.geteuid()).pw_name)
    assert wrong_target(environment["BACKUP_TARGET"]) == []
    assert names(other_machine) == []


def test_a_machine_that_is_not_the_one_that_is_known_gets_nothing(other_machine, flask, citizen, folder, tmp_path):
    citizen.joins()
    (tmp_path / "state" / ".ssh" / "known_hosts").write_text("", encoding="utf-8")
    assert "Host key verification failed" in flask("backup", code=1)
    assert names(other_machine) == []
    assert health.last_copied()


def test_a_folder_that_is_not_there_is_said(other_machine, flask, citizen):
    citizen.joins()
    other_machine.rmdir()
    assert "n’est pas partie" in flask("backup", code=1)
    assert jobs.last_run(health.SENT)


@pytest.fixture
def as_root(tmp_path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root makes files that the service cannot open")


@pytest.mark.parametrize("replaced", [True, False])
def test_what_root_restores_and_copies_is_the_services(as_root, flask, citizen, folder, tmp_path, replaced):
    citizen.joins()
    make_invoice(citizen.household)
    folder.mkdir(mode=0o700)
    for file in (tmp_path, *tmp_path.glob("test.db*"), folder):
        os.chown(file, SERVICE, SERVICE)
    flask("backup")
    [copy] = folder.iterdir()
    if not replaced:
        for file in tmp_path.glob("test.db*"):
            file.unlink()
    flask("restore", copy, "--replace-newer")
    made = [*tmp_path.glob("*.db*"), *tmp_path.glob(".*.db*"), copy]
    assert len(made) >= 3
    assert {file.name: file.stat().st_uid for file in made if file.stat().st_uid != SERVICE} == {}
    assert stat.S_IMODE((tmp_path / "test.db").stat().st_mode) & 0o607 == 0o600
