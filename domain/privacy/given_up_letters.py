"""Letters that could not be sent for days: nobody read them, so their links open nothing, and their words go.

Whom one was for, and what the mail server said, stays until the letters' own time is over: somebody may have to call.
"""

import re

from domain.common import clock
from domain.common.outbox import FAR
from models import EmailConfirmation, GuestPayer, Message, PasswordReset, PreviousEmail, digest, write

SECRET = re.compile(r"(?<![\w-])(?:[\w-]{32}|[\w-]{43})(?![\w-])")  # as secrets.token_urlsafe makes them


def erase() -> int:
    """Erase the words of the letters given up, and have their links open nothing; return how many."""
    found = list(Message.select().where(Message.sent_at.is_null(), Message.due_at == FAR, Message.body != ""))
    for message in found:
        with write():
            _close(set(SECRET.findall(message.body)))
            Message.update(body="").where(Message.id == message.id).execute()
    return len(found)


def _close(secrets: set[str]) -> None:
    digests = [digest(secret) for secret in secrets]
    for table in (PasswordReset, EmailConfirmation, PreviousEmail):
        table.update(expires_at=clock.now()).where(
            table.token_digest.in_(digests), table.expires_at > clock.now()
        ).execute()
    GuestPayer.update(key=None).where(GuestPayer.key.in_(list(secrets))).execute()
