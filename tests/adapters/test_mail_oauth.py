"""Mail with a token in the place of a password: a directory and a mail server, both real, on this machine."""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from aiosmtpd.smtp import MISSING, AuthResult

from adapters.mail import Mailer
from adapters.mail_oauth import EARLY_SECONDS, Tokens
from domain.common.outbox import MailNotSent
from settings import MailOauth, SettingError, load
from tests.adapters.test_mail import SENDER, Inbox, mail_server

MAILBOX = "portail@ville.qc.ca"


class Directory(ThreadingHTTPServer):
    """Gives a new token to who has the secret, good for so many seconds."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.asked: list[dict[str, list[str]]] = []
        self.seconds = 3600

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/tenant/oauth2/v2.0/token"


class Desk(BaseHTTPRequestHandler):
    """Answers as Microsoft's directory does."""

    server: Directory

    def do_POST(self) -> None:  # noqa: N802
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(asked)
        right = asked["client_secret"] == ["the secret"]
        told = {"access_token": f"token-{len(self.server.asked)}", "expires_in": self.server.seconds}
        self.send_response(200 if right else 401)
        self.end_headers()
        self.wfile.write(json.dumps(told if right else {"error": "invalid_client"}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class TokenInbox(Inbox):
    """Lets in who shows a token for the mailbox, and tells others why not as Microsoft does."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    async def auth_XOAUTH2(self, server, words: list[str]) -> AuthResult:  # noqa: N802
        shown = b64decode(words[1]).decode()
        self.shown.append(shown)
        if shown.startswith(f"user={MAILBOX}\1auth=Bearer token-") and shown.endswith("\1\1"):
            return AuthResult(success=True)
        answer = await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False) if answer in (b"", MISSING) else AuthResult(success=False)


@pytest.fixture
def directory() -> Iterator[Directory]:
    one = Directory()
    threading.Thread(target=one.serve_forever, daemon=True).start()
    yield one
    one.shutdown()
    one.server_close()


@pytest.fixture
def inbox() -> TokenInbox:
    return TokenInbox()


@pytest.fixture
def server(inbox: TokenInbox) -> Iterator[str]:
    with mail_server(inbox, auth_require_tls=False) as address:
        yield address


def tokens(directory: Directory, shown: str = "the secret") -> Tokens:
    return Tokens(MailOauth(directory.url, "the portal", shown, "https://outlook.office365.com/.default"))


def mailer(server: str, kept: Tokens, mailbox: str = MAILBOX) -> Mailer:
    return Mailer(f"smtp://{mailbox.replace('@', '%40')}@{server}", SENDER, kept)


def send(one: Mailer) -> None:
    one.send("marie@example.org", "Votre reçu", "Bonjour", "message-1")


def test_a_token_opens_the_door_and_serves_again(server, inbox, directory):
    one = mailer(server, tokens(directory))
    send(one)
    send(one)
    assert len(inbox.messages) == 2
    assert directory.asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["the portal"],
            "client_secret": ["the secret"],
            "scope": ["https://outlook.office365.com/.default"],
        }
    ]


def test_a_token_about_to_end_is_asked_anew(server, inbox, directory):
    directory.seconds = EARLY_SECONDS
    one = mailer(server, tokens(directory))
    send(one)
    send(one)
    assert [shown.split("token-")[1][0] for shown in inbox.shown] == ["1", "2"]


def test_a_wrong_secret_is_told_and_nothing_is_sent(server, inbox, directory):
    one = mailer(server, tokens(directory, "an old one"))
    with pytest.raises(MailNotSent, match="invalid_client"):
        send(one)
    with pytest.raises(MailNotSent, match="invalid_client"):
        one.knock()
    assert inbox.messages == []


def test_a_mailbox_that_the_token_does_not_open_is_told(server, inbox, directory):
    with pytest.raises(MailNotSent, match="535"):
        send(mailer(server, tokens(directory), "another@ville.qc.ca"))
    assert inbox.messages == []


def test_a_directory_that_does_not_answer_is_told(server):
    gone = Tokens(MailOauth("http://127.0.0.1:9/token", "the portal", "the secret", "all"))
    with pytest.raises(MailNotSent, match="ConnectionError"):
        send(mailer(server, gone))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"MAIL_OAUTH_CLIENT_ID": "x"}, "MAIL_OAUTH_CLIENT_SECRET"),
        ({"MAIL_OAUTH_CLIENT_ID": "x", "MAIL_OAUTH_CLIENT_SECRET": "y"}, "MAIL_URL"),
        (
            {"MAIL_OAUTH_TOKEN_URL": "http://login.example.org/", "MAIL_OAUTH_CLIENT_ID": "x"},
            "MAIL_OAUTH_CLIENT_SECRET",
        ),
    ],
)
def test_what_a_token_needs_is_asked_by_name(environment, changed, named):
    with pytest.raises(SettingError, match=named):
        load(environment | {"MAIL_OAUTH_TOKEN_URL": "https://login.example.org/token"} | changed)
