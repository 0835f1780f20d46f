"""Tokens that open a mail server in the place of a password: Microsoft 365 refuses passwords from the end of 2026.

The client-credentials grant (RFC 6749, 4.4), then AUTH XOAUTH2 as Microsoft and Google document it.
"""

import time
from smtplib import SMTP

import requests

from settings import MailOauth

SECONDS = 20
EARLY_SECONDS = 60  # a token about to end is not begun with


class Tokens:
    """Asks for a token and keeps it for as long as it is good."""

    def __init__(self, settings: MailOauth) -> None:
        self._settings = settings
        self._token, self._good_until = "", 0.0

    def introduce(self, server: SMTP, mailbox: str) -> None:
        """Log a mailbox in. Raises: OSError, ValueError, smtplib.SMTPException."""
        words = f"user={mailbox}\1auth=Bearer {self.current()}\1\1"
        # Refused, the server says why and awaits an empty line before it ends the exchange.
        server.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "")

    def current(self) -> str:
        """Return a token that is good. Raises: OSError, ValueError when none was given."""
        if time.monotonic() >= self._good_until:
            self._token, seconds = self._ask()
            self._good_until = time.monotonic() + seconds - EARLY_SECONDS
        return self._token

    def _ask(self) -> tuple[str, float]:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret,
            "scope": self._settings.scope,
        }
        answer = requests.post(self._settings.token_url, data=asked, timeout=SECONDS, allow_redirects=False)
        told = answer.json()
        if "access_token" not in told:
            raise ValueError(f"pas de jeton : {told.get('error', answer.status_code)}")
        return str(told["access_token"]), float(told.get("expires_in", 0))
