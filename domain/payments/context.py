"""What the life of money needs beside its rows, handed down as one thing."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.billing.listener import Listener
from domain.payments.gateway import Gateway


@dataclass(frozen=True)
class Context:
    """The gateway, who listens, how long a charge is searched for, and why it is done: an event's `cause`."""

    gateway: Gateway
    listener: Listener
    uncertain_for: timedelta
    cause: str = "worker"

    def because(self, cause: str) -> "Context":
        """Return the same for another cause: browser, worker, sweep, webhook, staff, import or restore."""
        return replace(self, cause=cause)
