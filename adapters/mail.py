"""Mail goes out by SMTP, or into a folder, one .eml file a message."""

import re
import smtplib
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlparse

from adapters.mail_oauth import Tokens
from domain.common.emails import on_the_wire
from domain.common.network import waits
from domain.common.outbox import Attachment, MailNotSent, MailRefused
from settings import LOOPBACK, Settings

SECONDS = 20  # for each step of the conversation; all of them together stay under outbox.CLAIMED_FOR


class Mailer:
    """Sends messages to where MAIL_URL says."""

    def __init__(self, url: str, sender: str, tokens: Tokens | None = None) -> None:
        """`tokens` open the door in the place of the password in `url`."""
        self._url, self._tokens = urlparse(url), tokens
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"

    def send(
        self, recipient: str, subject: str, body: str, message_id: str, attachment: Attachment | None = None
    ) -> None:
        """Send one message to one address.

        Raises: MailRefused; MailNotSent, also for a recipient or subject that would break out of its header.
        """
        try:
            message = self._message(recipient, subject, body, message_id)
            if attachment:
                pdf = {"maintype": "application", "subtype": "pdf", "filename": attachment.name}
                message.add_attachment(attachment.content, **pdf)
            if self._url.scheme == "file":
                self._drop(message, message_id)
            else:
                self._post(message)
        except (OSError, ValueError, IndexError, MessageError, smtplib.SMTPException) as problem:
            if isinstance(problem, smtplib.SMTPRecipientsRefused) and _for_good(problem):
                raise MailRefused(f"{problem.recipients}") from problem
            raise MailNotSent(f"{type(problem).__name__}: {problem}") from problem

    @waits
    def knock(self) -> None:
        """Be let in where the mail goes, and leave: nothing is sent.

        Raises: MailNotSent.
        """
        if self._url.scheme == "file":
            return
        try:
            server = self._connect()
            try:
                self._introduce(server)
                server.noop()
            finally:
                server.close()
        except (OSError, ValueError, smtplib.SMTPException) as problem:
            raise MailNotSent(f"{type(problem).__name__}: {problem}") from problem

    def _message(self, recipient: str, subject: str, body: str, message_id: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        # exactly one: an imported "a@x, b@y" would go to both
        message["To"] = Address(addr_spec=on_the_wire(recipient))
        message["Subject"] = subject  # the library refuses CR and LF in a header
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{message_id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
        message.set_content(body, cte="quoted-printable")  # short ASCII lines, which every relay takes
        return message

    def _drop(self, message: EmailMessage, name: str) -> None:
        folder = Path(unquote(self._url.path))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = folder / f".{name}.part"
        unfinished.touch(mode=0o600)  # letters to residents: for the owner alone
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(folder / f"{name}.eml")

    @waits
    def _post(self, message: EmailMessage) -> None:
        server = self._connect()
        try:
            self._introduce(server)
            server.send_message(message)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()  # the message is taken: a bad goodbye must not send it again
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(host, port or 587, timeout=SECONDS)

    def _introduce(self, server: smtplib.SMTP) -> None:
        """Encrypt, always when the server is another machine, and log in if MAIL_URL says who we are."""
        server.ehlo_or_helo_if_needed()
        near = self._url.hostname in LOOPBACK
        if self._url.scheme == "smtp" and (not near or server.has_extn("starttls")):
            server.starttls(context=_unverified() if near else ssl.create_default_context())
        if self._tokens:
            self._tokens.introduce(server, unquote(self._url.username or ""))
        elif self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def mailer_for(settings: Settings) -> Mailer:
    """Return what sends the city's mail."""
    tokens = Tokens(settings.mail_oauth) if settings.mail_oauth.token_url else None
    return Mailer(settings.mail_url, settings.city.mail.sender, tokens)


def _for_good(refused: smtplib.SMTPRecipientsRefused) -> bool:
    """Tell whether the one recipient is not there, and not only unwelcome today.

    5.7 is the other side's policy, or ours of relaying: a person may mend it (RFC 3463).
    """
    [(code, said)] = refused.recipients.values()
    return code // 100 == 5 and not re.match(rb"(4\.|5\.[3-7]\.)", said)


def _unverified() -> ssl.SSLContext:
    """Return a context for this machine's own relay, whose certificate names nobody."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
