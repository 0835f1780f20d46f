"""Mail goes out by SMTP, or into a folder, one .eml file a message."""

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlparse

from domain.outbox import MailNotSent
from settings import LOOPBACK

SECONDS = 20


class Mailer:
    """Sends messages to where MAIL_URL says."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlparse(url)
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"

    def send(self, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Send one message.

        Raises: MailNotSent, also for a recipient that would break out of its header.
        """
        try:
            message = self._message(recipient, subject, body, message_id)
            if self._url.scheme == "file":
                self._drop(message, message_id)
            else:
                self._post(message)
        except (OSError, ValueError, smtplib.SMTPException) as problem:
            raise MailNotSent(f"{type(problem).__name__}: {problem}") from problem

    def _message(self, recipient: str, subject: str, body: str, message_id: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = recipient  # the library refuses CR and LF in a header
        message["Subject"] = subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{message_id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        return message

    def _drop(self, message: EmailMessage, name: str) -> None:
        folder = Path(unquote(self._url.path))
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{name}.part"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(folder / f"{name}.eml")

    def _post(self, message: EmailMessage) -> None:
        host, secure = self._url.hostname or "", self._url.scheme == "smtps"
        context = ssl.create_default_context()
        if secure:
            server = smtplib.SMTP_SSL(host, self._url.port or 465, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, self._url.port or 587, timeout=SECONDS)
        with server:
            if not secure and host not in LOOPBACK:
                server.starttls(context=context)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(message)
