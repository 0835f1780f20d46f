"""The token that the card fields need, fetched in the background: no page waits for the gateway."""

import threading
import time

from adapters.braintree.gateway import BraintreeGateway

KEPT_SECONDS = 3600  # Braintree's client tokens live for a day


class ClientTokens:
    """Keeps a client token at hand."""

    def __init__(self, gateway: BraintreeGateway) -> None:
        self._gateway = gateway
        self._token = ""
        self._fetched_at = 0.0
        self._lock = threading.Lock()

    def current(self) -> str:
        """Return the token at hand, empty when the gateway has not given one lately."""
        return self._token if time.monotonic() - self._fetched_at < 2 * KEPT_SECONDS else ""

    def refresh(self) -> None:
        """Fetch a token when the one at hand is missing or old. Raises: GatewayDown."""
        with self._lock:
            if self._token and time.monotonic() - self._fetched_at < KEPT_SECONDS:
                return
            self._token = self._gateway.client_token()
            self._fetched_at = time.monotonic()
