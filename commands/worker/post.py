"""The mail as it leaves: to nobody who must not read it, and with what was asked for."""

from adapters.mail import Mailer
from city import City
from domain.common import outbox
from domain.common.outbox import Attachment, Withheld
from domain.payments.attached_receipts import AttachedReceipts
from domain.people import mailboxes
from models import Message


class Post:
    """Sends what the outbox holds."""

    def __init__(self, mailer: Mailer, attached: AttachedReceipts, city: City) -> None:
        self._mailer, self._attached, self._city = mailer, attached, city

    def send_due(self) -> int:
        """Send the messages that are due; return how many left."""
        return outbox.send_due(self._mailer, self._prepare)

    def _prepare(self, message: Message) -> Attachment | None:
        if mailboxes.withholds(message, self._city):
            raise Withheld
        return self._attached.of(message)
