"""Mail goes into a folder or to a mail server, well formed, encrypted unless it stays on this machine."""

import email
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from adapters.mail import Mailer
from domain.common.outbox import Attachment, MailNotSent, MailRefused

SENDER = "Mon dossier loisirs <ne-pas-repondre@example.org>"
BODY = "Bonjour Geneviève,\n\nVotre paiement de 1\u00a0234,56\u00a0$ est reçu.\n« Trần » n’a rien d’autre à faire.\n"
ELSEWHERE = "127.0.0.2"  # a loopback address that Mailer does not know as one: another machine


class Inbox:
    """What a mail server took in; `refuses` is what it answers to every recipient."""

    refuses = ""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.encrypted: list[bool] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope) -> str:  # noqa: N802
        self.messages.append(email.message_from_bytes(envelope.content, policy=default))
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@contextmanager
def mail_server(inbox: Inbox, hostname: str = "127.0.0.1", **how: object) -> Iterator[str]:
    """Run a real mail server; give its host and port."""
    with socket.create_server((hostname, 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname=hostname, port=port, **how)
    controller.start()
    try:
        yield f"{hostname}:{port}"
    finally:
        controller.stop()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[str]:
    """A mail server on this machine, without encryption."""
    with mail_server(inbox) as address:
        yield address


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that names nobody, like a fresh relay's."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command")
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=relay -keyout key.pem -out cert.pem"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def post(url: str, recipient: str = "marie@example.org", subject: str = "Votre reçu R000123") -> None:
    Mailer(url, SENDER).send(recipient, subject, BODY, "message-7-20261123T120000")


def only_message(folder: Path) -> EmailMessage:
    [file] = folder.iterdir()
    return email.message_from_bytes(file.read_bytes(), policy=default)


def test_a_folder_gets_one_eml_file_a_message(tmp_path: Path):
    folder = tmp_path / "new" / "out box"
    post(f"file:{folder}")
    message = only_message(folder)
    assert [file.name for file in folder.iterdir()] == ["message-7-20261123T120000.eml"]
    assert message["To"] == "marie@example.org"
    assert message["From"] == SENDER
    assert message["Subject"] == "Votre reçu R000123"
    assert message["Message-ID"] == "<message-7-20261123T120000@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None


PDF = Attachment("recu-R000123.pdf", b"%PDF-1.7\r\n\x00\xff\n.\n%%EOF")


def test_a_pdf_goes_along_as_it_is_also_through_a_server(tmp_path: Path, server: str, inbox: Inbox):
    for url in (f"file:{tmp_path}", f"smtp://{server}"):
        Mailer(url, SENDER).send("marie@example.org", "Votre reçu", BODY, "message-7-20261123T120000", PDF)
    for message in (only_message(tmp_path), *inbox.messages):
        [part] = message.iter_attachments()
        assert (part.get_filename(), part.get_content_type()) == (PDF.name, "application/pdf")
        assert part.get_content() == PDF.content
        assert message.get_body().get_content().replace("\r\n", "\n") == BODY
    assert len(inbox.messages) == 1


def test_a_folder_may_be_named_from_where_the_portal_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    post("file:instance/outbox")
    assert only_message(tmp_path / "instance" / "outbox")["To"] == "marie@example.org"


def test_the_text_arrives_as_written_in_short_ascii_lines(tmp_path: Path):
    post(f"file:{tmp_path}")
    message = only_message(tmp_path)
    assert message.get_content_type() == "text/plain"
    assert message.get_content() == BODY
    raw = next(tmp_path.iterdir()).read_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) <= 78


@pytest.mark.parametrize(
    "recipient",
    [
        "marie@example.org\r\nBcc: eve@example.org",
        "marie@example.org, eve@example.org",
        "marie@example.org; eve@example.org",
        "marie",
        "@",
        "",
        "marie@example.org\x00",
    ],
)
def test_a_recipient_is_one_address_or_nothing_is_sent(tmp_path: Path, recipient: str):
    with pytest.raises(MailNotSent):
        post(f"file:{tmp_path}", recipient=recipient)
    assert not list(tmp_path.iterdir())


def test_a_subject_cannot_add_a_header(tmp_path: Path):
    with pytest.raises(MailNotSent):
        post(f"file:{tmp_path}", subject="Reçu\r\nBcc: eve@example.org")
    assert not list(tmp_path.iterdir())


def test_a_mail_server_gets_the_same_message(server: str, inbox: Inbox):
    post(f"smtp://{server}")
    [message] = inbox.messages
    assert inbox.recipients == ["marie@example.org"]
    assert message.get_content().replace("\r\n", "\n") == BODY
    assert message["Message-ID"] == "<message-7-20261123T120000@example.org>"


def test_a_refused_recipient_is_told_as_not_sent(server: str, inbox: Inbox):
    inbox.refuses = "550 no such mailbox"
    with pytest.raises(MailNotSent, match="no such mailbox"):
        post(f"smtp://{server}")


def test_a_line_cut_after_the_message_is_taken_does_not_send_it_again(server: str, inbox: Inbox):
    async def hang_up(server, *_: object) -> str:
        server.transport.abort()
        return "221 Bye"

    inbox.handle_QUIT = hang_up
    post(f"smtp://{server}")
    assert len(inbox.messages) == 1


def test_no_server_is_told_as_not_sent(inbox: Inbox):
    with mail_server(inbox) as address:
        pass
    with pytest.raises(MailNotSent, match="refused"):
        post(f"smtp://{address}")


def test_another_machine_that_cannot_encrypt_gets_nothing(inbox: Inbox):
    with mail_server(inbox, ELSEWHERE) as address, pytest.raises(MailNotSent, match="STARTTLS"):
        post(f"smtp://marie:secret@{address}")
    assert inbox.messages == []


def test_another_machine_must_show_a_certificate_of_its_own(inbox: Inbox, certificate: ssl.SSLContext):
    with (
        mail_server(inbox, ELSEWHERE, tls_context=certificate) as address,
        pytest.raises(MailNotSent, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        post(f"smtp://{address}")
    assert inbox.messages == []


def test_this_machines_relay_is_spoken_to_encrypted_when_it_offers(inbox: Inbox, certificate: ssl.SSLContext):
    with mail_server(inbox, tls_context=certificate) as address:
        post(f"smtp://{address}")
    assert inbox.encrypted == [True]


@pytest.fixture
def locked_server(inbox: Inbox, certificate: ssl.SSLContext) -> Iterator[str]:
    """A mail server that takes mail from « portail », password « p@ss », only."""

    def knows(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        right = (data.login, data.password) == (b"portail", b"p@ss")
        return AuthResult(success=right, handled=False)  # else aiosmtpd leaves the refusal unsaid, until a time-out

    with mail_server(inbox, tls_context=certificate, auth_required=True, authenticator=knows) as address:
        yield address


def test_the_name_and_password_of_mail_url_open_the_server(locked_server: str, inbox: Inbox):
    post(f"smtp://portail:p%40ss@{locked_server}")
    assert len(inbox.messages) == 1


def test_a_wrong_password_is_told_without_repeating_it(locked_server: str):
    with pytest.raises(MailNotSent) as problem:
        post(f"smtp://portail:chaloupe@{locked_server}")
    assert "535" in str(problem.value)
    assert "chaloupe" not in str(problem.value)


def test_a_folder_that_cannot_be_written_is_told_as_not_sent(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailNotSent):
        post(f"file:{tmp_path}/file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("said", "for_good"),
    [
        ("550 5.1.1 no such mailbox", True),
        ("550 no such mailbox", True),
        ("551 5.1.6 moved", True),
        ("553 5.1.3 bad syntax", True),
        ("550 5.2.1 mailbox disabled", True),
        ("552 5.3.4 too big", False),
        ("550 5.7.1 relaying denied", False),
        ("451 4.7.1 greylisted", False),
        ("452 4.2.2 mailbox full", False),
    ],
)
def test_an_address_that_is_not_there_is_told_from_a_bad_day(inbox, server, said, for_good):
    inbox.refuses = said
    with pytest.raises(MailNotSent) as told:
        Mailer(f"smtp://{server}", SENDER).send("marie@example.org", "Reçu", BODY, "m-1")
    assert isinstance(told.value, MailRefused) is for_good


def test_a_domain_with_accents_is_written_to_in_ascii(inbox, server):
    Mailer(f"smtp://{server}", SENDER).send("marie@hélène.ca", "Reçu", BODY, "m-1")
    assert inbox.recipients == ["marie@xn--hlne-6oae.ca"]
