"""The outbox: messages are written in the transaction that gives rise to them, and sent afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from peewee import Expression, fn

from domain.common import clock
from models import Message, Value
from models import write as transaction

CLAIMED_FOR = timedelta(minutes=5)  # longer than a mail server is waited for, or two processes would send it
SAME_WITHIN = timedelta(hours=1)
AT_ONCE = 50
GIVE_UP_AFTER = timedelta(days=3)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
FAR = datetime(9999, 1, 1)


class MailNotSent(Exception):
    """Tried to send a message, and the mail server did not take it."""


class MailRefused(MailNotSent):
    """Tried to send a message to an address that the other side says it has not, and never will."""


@dataclass(frozen=True)
class Attachment:
    """A PDF that goes with a message."""

    name: str
    content: bytes


class Mailer(Protocol):
    """Sends messages."""

    def send(
        self, recipient: str, subject: str, body: str, message_id: str, attachment: Attachment | None = None
    ) -> None:
        """Send one message. Raises: MailNotSent, MailRefused."""


class Withheld(Exception):
    """Tried to send a message to a mailbox that somebody else reads, who must not."""


# Asked as a message leaves, by who sends it: what goes with it. Raises: Withheld.
Prepare = Callable[[Message], Attachment | None]


def write(
    recipient: str, subject: str, body: str, *, urgent: bool = False, open_to_all: bool = False
) -> Message | None:
    """Put a message in the outbox, within the caller's transaction; nothing when there is nobody to write to.

    An urgent one is waited for: it leaves before all that is not. One that is `open_to_all` tells nothing that whoever
    else reads that mailbox may not know.
    """
    if not recipient:
        return None
    first = 1 if urgent else None
    return Message.create(
        recipient=recipient, subject=subject, body=body, priority=first, open_to_all=open_to_all or None
    )


def write_once(recipient: str, subject: str, body: str) -> None:
    """Put a message in the outbox, unless the very same one was within the hour: a form tried again on a bad line."""
    same = (Message.recipient == recipient) & (Message.subject == subject) & (Message.body == body)
    with transaction():
        if not Message.select().where(same, Message.created_at > clock.now() - SAME_WITHIN).exists():
            write(recipient, subject, body)


def send_due(mailer: Mailer, prepare: Prepare = lambda _message: None) -> int:
    """Send the messages that are due, outside any transaction; return how many left. What is withheld is gone."""
    due = list(
        Message.select()
        .where(Message.sent_at.is_null(), Message.due_at <= clock.now())
        .order_by(fn.COALESCE(Message.priority, 0).desc(), Message.due_at, Message.id)
        .limit(AT_ONCE)
    )
    return sum(_send(message, mailer, prepare) for message in due if _claim(message))


def _claim(message: Message) -> bool:
    """Take a message for this process; another that saw the same row finds it no longer due."""
    with transaction():
        taken = (
            Message.update(due_at=clock.now() + CLAIMED_FOR, tries=Message.tries + 1)
            .where(Message.id == message.id, Message.due_at == message.due_at, Message.sent_at.is_null())
            .execute()
        )
    return taken == 1


def _send(message: Message, mailer: Mailer, prepare: Prepare) -> bool:
    """Send a claimed message and note what became of it; if this process dies first, it is sent again.

    What is refused for good is not tried again: asking for days what does not exist makes a server of spam of us.
    """
    try:
        attachment = prepare(message)
    except Withheld:
        with transaction():
            message.delete_instance()  # what it brought, such as a receipt, was never sent
        return False
    try:
        mailer.send(message.recipient, message.subject, message.body, message_id(message), attachment)
    except MailNotSent as problem:
        over = isinstance(problem, MailRefused)
        _note(message, problem=str(problem)[:250], due_at=FAR if over else _next_try(message))
        return False
    _note(message, problem="", sent_at=clock.now())
    return True


def given_up() -> Expression:
    """Return the condition of messages that are tried no more, and never left."""
    return Message.sent_at.is_null() & (Message.due_at == FAR)


def given_up_count() -> int:
    """Return how many messages are tried no more, and never left."""
    return Message.select().where(given_up()).count()


def try_given_up_again() -> int:
    """Have what was given up tried once more, in the caller's transaction; return how many messages."""
    return Message.update(due_at=clock.now()).where(given_up()).execute()


def message_id(message: Message) -> str:
    """Return what tells a message sent twice from two messages, also once a backup is restored and ids repeat."""
    return f"message-{message.id}-{message.created_at:%Y%m%dT%H%M%S}"


def _note(message: Message, **values: Value) -> None:
    with transaction():
        Message.update(**values).where(Message.id == message.id).execute()


def _next_try(message: Message) -> datetime:
    """Return when to try again: after 1, 5, 15 and 60 minutes, then every hour for three days."""
    if clock.now() - message.created_at > GIVE_UP_AFTER:
        return FAR  # stays in the outbox with its problem, for a person to see
    return clock.now() + WAITS[min(message.tries, len(WAITS) - 1)]
