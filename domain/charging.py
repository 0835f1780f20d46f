"""What the house asks of a card gateway, in its own words. adapters/gateway.py keeps the promise."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Charge:
    """Money taken, as the gateway tells it."""

    gateway_id: str
    reference: str
    amount_cents: int
    status: str
    card_brand: str
    card_last_four: str
    settlement_batch: str = ""


class NotCharged(Exception):
    """Tried to charge a card, and surely nothing was taken. `reason` is a key of the refusal messages."""

    def __init__(self, reason: str, words: str = "") -> None:
        super().__init__(words or reason)
        self.reason = reason
        self.words = words or reason


class Uncertain(Exception):
    """Tried to reach the gateway, and the answer does not tell whether money was taken."""


class GatewayDown(Exception):
    """Tried to ask the gateway something that takes no money, and got no answer."""


class Gateway(Protocol):
    """Takes card payments."""

    def charge(self, reference: str, amount_cents: int, nonce: str) -> Charge:
        """Charge a card once. Raises: NotCharged, Uncertain."""

    def search(self, reference: str) -> list[Charge]:
        """Find the charges made under a reference. Raises: Uncertain."""
