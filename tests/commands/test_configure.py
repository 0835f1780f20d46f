"""`portail configurer`: each answer is tried on real parts, and kept as it comes."""

import getpass
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner, Result

from commands import env_file
from commands.configure import configure_command
from settings import load
from tests.adapters.test_mail import Inbox, mail_server
from tests.real_city import describe
from tests.simulation import free_port

KEYS = ["simulator", "integration_merchant_id", "integration_public_key", "integration_private_key"]
ACCOUNT = "sandbox_credit_card"
HERE_ALONE = ["n", "n", "n"]  # copies: not elsewhere, not sealed, no replica


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[str]:
    with mail_server(inbox) as address:
        yield address


@pytest.fixture
def file(tmp_path: Path, simulator, monkeypatch) -> Path:
    """The settings as deploy/install.sh leaves them, on this machine's stand-ins, the service's account being ours."""
    monkeypatch.setenv("PORTAIL_USER", getpass.getuser())
    city = Path(describe(tmp_path))
    text = city.read_text(encoding="utf-8").replace("ne-pas-repondre@ville.qc.ca", "ne-pas-repondre@localhost")
    city.write_text(text, encoding="utf-8")  # no domain to ask the DNS about: nothing leaves this machine
    one = tmp_path / "portail.env"
    one.write_text(
        f"# the service's\nSECRET_KEY=only-for-this-test-on-this-machine-today\nSIMULATOR_URL={simulator.url}\n"
        f"PUBLIC_URL=https://localhost\nDATABASE_URL=sqlite:///{tmp_path}/town.db\nCITY_FILE={city}\n"
        "TRUSTED_PROXIES=1\nMAIL_URL=\nBRAINTREE_ENVIRONMENT=sandbox\n",
        encoding="utf-8",
    )
    return one


def answer(file: Path, *lines: str) -> Result:
    return CliRunner().invoke(configure_command, [str(file)], input="".join(f"{line}\n" for line in lines))


def elsewhere(file: Path, server: str, *lines: str) -> Result:
    """Answer all that comes before the copies."""
    return answer(file, "", "", "", "", *mail(server), *KEYS, ACCOUNT, *lines)


def mail(server: str) -> list[str]:
    return [f"smtp://{server}", "n", "it@ville.qc.ca", "y"]


def test_right_answers_are_tried_and_written(file, server, inbox):
    done = answer(file, "", "", "", "", *mail(server), *KEYS, ACCOUNT, *HERE_ALONE)
    assert done.exit_code == 0, done.output
    assert done.output.count("essayé : bon") == 6
    assert "Tous les réglages sont bons." in done.output
    assert "https://localhost/webhooks/braintree" in done.output
    assert inbox.recipients == ["it@ville.qc.ca"]
    own = env_file.read(file.read_text(encoding="utf-8"))
    assert own["MAIL_URL"] == f"smtp://{server}"
    assert load(own).merchant_account_id == ACCOUNT
    assert file.read_text(encoding="utf-8").startswith("# the service's\nSECRET_KEY=")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_typed_in_secret_is_not_shown(file, server):
    done = answer(file, "", "", "", "", *mail(server), *KEYS, ACCOUNT, *HERE_ALONE)
    assert "integration_private_key" not in done.output
    assert server not in done.output


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["http://ville.example"], "PUBLIC_URL: il faut https"),
        (["https://ville..qc.ca"], "ville..qc.ca ne mène nulle part"),
        (["", "/nowhere/city.toml"], "CITY_FILE: /nowhere/city.toml ne se lit pas"),
        (["", "city.toml"], "city.toml: help.email est encore celui de l’exemple"),
        (["", "", "sqlite:////nowhere/town.db"], "le dossier /nowhere n’existe pas"),
        (["", "", "postgresql://nobody@127.0.0.1:9/town"], "la base ne répond pas"),
        (["", "", "mysql://x"], "DATABASE_URL: doit commencer par"),
        (["", "", "", "0"], "TRUSTED_PROXIES: obligatoire en https"),
        (["", "", "", "", "smtp://127.0.0.1:9", "n"], "le serveur de courriel n’ouvre pas sa porte"),
        (["", "", "", "", "smtp://a b@127.0.0.1", "n"], "MAIL_URL : ni espace"),
    ],
)
def test_a_wrong_answer_is_told_and_asked_again(file, lines, told):
    done = answer(file, *lines)
    assert f"ne va pas : {told}" in done.output
    assert "Répondre de nouveau" in done.output


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([*KEYS[:3], "une-autre", ACCOUNT], "Braintree refuse les clés"),
        ([*KEYS, "none_of_ours"], "aucun compte marchand ne s’appelle none_of_ours"),
        ([*KEYS, "fake_amex_direct_usd"], "et non en CAD"),
    ],
)
def test_what_braintree_refuses_is_told(file, server, simulator, keys, told):
    simulator.ask("POST", "merchant-accounts", id="none_of_ours", currency=None)
    assert told in answer(file, "", "", "", "", *mail(server), *keys, "n").output


def test_a_letter_that_did_not_arrive_is_told(file, server):
    done = answer(file, "", "", "", "", f"smtp://{server}", "n", "it@ville.qc.ca", "n", "n")
    assert "n’est pas arrivé" in done.output


def test_leaving_halfway_keeps_what_was_answered(file):
    done = answer(file, "https://127.0.0.1")
    assert done.exit_code == 1
    assert env_file.read(file.read_text(encoding="utf-8"))["PUBLIC_URL"] == "https://127.0.0.1"


def test_a_wrong_answer_may_be_kept_and_the_end_says_so(file, server):
    done = answer(file, "", "", "", "", f"smtp://127.0.0.1:{free_port()}", "n", "n", *KEYS, ACCOUNT, *HERE_ALONE)
    assert done.exit_code == 0, done.output
    assert done.output.count("essayé : bon") == 5


def test_tokens_are_asked_of_who_wants_them_and_forgotten_after(file, server):
    tokens = ["http://127.0.0.1:9/token", "the-portal", "s"]
    box = [f"smtp://box%40ville.qc.ca@{server}", "y", *tokens]
    done = answer(file, "", "", "", "", *box, "n", *KEYS, ACCOUNT, *HERE_ALONE)
    assert "le serveur de courriel n’ouvre pas sa porte" in done.output
    own = env_file.read(file.read_text(encoding="utf-8"))
    assert own["MAIL_OAUTH_CLIENT_SECRET"] == "s"
    answer(file, "", "", "", "", *mail(server), *KEYS, ACCOUNT, *HERE_ALONE)
    own = env_file.read(file.read_text(encoding="utf-8"))
    assert (own["MAIL_OAUTH_TOKEN_URL"], own["MAIL_OAUTH_CLIENT_SECRET"]) == ("", "")
    assert load(own).mail_oauth.token_url == ""


def test_where_copies_go_is_tried_and_kept_and_their_key_is_not_shown(file, server, tmp_path):
    key = str(pyrage.x25519.Identity.generate())
    target, replica = tmp_path / "copies", tmp_path / "replique"
    target.mkdir()
    replica.mkdir()
    done = elsewhere(file, server, "y", f"file://{target}", "y", key, "y", f"file://{replica}")
    assert done.output.count("essayé : bon") == 9, done.output
    assert key not in done.output
    own = load(env_file.read(file.read_text(encoding="utf-8"))).copies
    assert (own.target, own.key, own.replica) == (f"file://{target}", key, f"file://{replica}")
    assert [*target.iterdir(), *replica.iterdir()] == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["y", "file:///nowhere/copies"], "la copie d’essai n’est pas partie : /nowhere/copies : No such file"),
        (["y", "sftp://copies@127.0.0.1:9/portail"], "la copie d’essai n’est pas partie : sftp : "),
        (["y", "copies@machine:portail"], "BACKUP_TARGET: doit commencer par sftp: ou file:"),
        (["n", "y", "un-mot-de-passe"], "BACKUP_KEY: il faut une clé de age-keygen"),
        (["n", "n", "y", "file:///nowhere/replique"], "la copie d’essai n’est pas partie : /nowhere/replique"),
        (["n", "n", "y", "sftp://machine/x"], "LITESTREAM_TARGET: doit commencer par file: ou s3:"),
    ],
)
def test_where_no_copy_can_go_is_told(file, server, lines, told):
    assert f"ne va pas : {told}" in elsewhere(file, server, *lines).output


def test_a_bucket_is_said_not_to_be_tried_here(file, server):
    assert "systemctl status portail-replique" in elsewhere(file, server, "n", "n", "y", "s3://ville/portail").output


def test_no_copy_elsewhere_any_more_empties_the_setting(file, server, tmp_path):
    elsewhere(file, server, "y", f"file://{tmp_path}", "n", "n")
    assert load(env_file.read(file.read_text(encoding="utf-8"))).copies.target == f"file://{tmp_path}"
    elsewhere(file, server, *HERE_ALONE)
    assert load(env_file.read(file.read_text(encoding="utf-8"))).copies.target == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root takes another's rights")
def test_a_folder_that_root_alone_may_write_is_refused(file, server, tmp_path, monkeypatch):
    """Copies are sent by the service, not by who answers."""
    monkeypatch.setenv("PORTAIL_USER", "nobody")
    done = elsewhere(file, server, "y", f"file://{tmp_path}")
    assert "Répondre de nouveau" in done.output
    assert list(tmp_path.glob("*essai*")) == []
