"""The outbox: messages are written in the transaction that gives rise to them, and sent afterwards."""

from datetime import datetime, timedelta
from typing import Protocol

from models import Message, utcnow, write as transaction

CLAIMED_FOR = timedelta(minutes=5)  # longer than a mail server is waited for
GIVE_UP_AFTER = timedelta(days=3)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
FAR = datetime(9999, 1, 1)


class MailNotSent(Exception):
    """Tried to send a message, and the mail server did not take it."""


class Mailer(Protocol):
    """Sends messages."""

    def send(self, recipient: str, subject: str, body: str, message_id: str) -> None:
        """Send one message. Raises: MailNotSent."""


def write(recipient: str, subject: str, body: str) -> None:
    """Put a message in the outbox, within the caller's transaction; nothing when there is nobody to write to."""
    if recipient:
        Message.create(recipient=recipient, subject=subject, body=body)


def send_due(mailer: Mailer, limit: int = 50) -> int:
    """Send the messages that are due, outside any transaction; return how many left."""
    due = list(
        Message.select()
        .where(Message.sent_at.is_null(), Message.due_at <= utcnow())
        .order_by(Message.due_at)
        .limit(limit)
    )
    return sum(_send(message, mailer) for message in due)


def _send(message: Message, mailer: Mailer) -> bool:
    """Claim a message, so that no other process sends it too, then send it and note what became of it."""
    with transaction():
        claimed = (
            Message.update(due_at=utcnow() + CLAIMED_FOR, tries=Message.tries + 1)
            .where(Message.id == message.id, Message.due_at == message.due_at, Message.sent_at.is_null())
            .execute()
        )
    if not claimed:
        return False
    try:
        mailer.send(message.recipient, message.subject, message.body, f"message-{message.id}")
    except MailNotSent as problem:
        with transaction():
            Message.update(problem=str(problem)[:250], due_at=_next_try(message)).where(
                Message.id == message.id
            ).execute()
        return False
    with transaction():
        Message.update(sent_at=utcnow(), problem="").where(Message.id == message.id).execute()
    return True


def _next_try(message: Message) -> datetime:
    if utcnow() - message.created_at > GIVE_UP_AFTER:
        return FAR  # stays in the outbox with its problem, for a person to see
    return utcnow() + WAITS[min(message.tries, len(WAITS) - 1)]
