"""The proof that a person is there: altcha's proof of work, made and checked here; or Google's, if a city asks."""

import hashlib
import json
import secrets
import time

import requests
from altcha import v2

from domain.access.proof import BadProof, NoProof
from domain.common.network import waits

ALGORITHM, COST = "PBKDF2/SHA-256", 5000
COUNTER, SPREAD = 150, 60  # tries the browser makes: about 150 ms on a desk, one to two seconds on an old phone
HARDER = 4
VALID_FOR_SECONDS = 3600
LONGEST_SOLUTION = 4096


class Altcha:
    """Makes challenges and checks their solutions. Both keys derive from the portal's secret."""

    def __init__(self, secret: str) -> None:
        self._signing = hashlib.sha256(f"altcha signature {secret}".encode()).hexdigest()
        self._key_signing = hashlib.sha256(f"altcha key {secret}".encode()).hexdigest()

    def challenge(self, *, hard: bool = False) -> str:
        """Return a new challenge as JSON for the page's `data-challenge`."""
        tries = COUNTER - SPREAD + secrets.randbelow(2 * SPREAD)
        made = v2.create_challenge(
            ALGORITHM,
            COST,
            counter=tries * HARDER if hard else tries,
            expires_at=int(time.time()) + VALID_FOR_SECONDS,
            hmac_secret=self._signing,
            hmac_key_secret=self._key_signing,
        )
        return json.dumps(made.to_dict(), separators=(",", ":"))

    def check(self, solution: str) -> str:
        """Check a solution as the page posts it (base64 of JSON); return what tells it from any other.

        Raises: BadProof.
        """
        if len(solution) > LONGEST_SOLUTION:
            raise BadProof
        try:
            payload = v2.Payload.from_base64(solution)
            result = v2.verify_solution(payload, self._signing, hmac_key_secret=self._key_signing)
        except Exception as problem:  # the library raises whatever the forged JSON makes it trip over
            raise BadProof from problem
        if not result.verified:
            raise BadProof
        return payload.challenge.parameters.nonce


class Recaptcha:
    """Asks Google about the response of its box, which stands on the identification page only."""

    ADDRESS = "https://www.google.com/recaptcha/api/siteverify"
    TIMEOUT_SECONDS = 4  # a person waits for it

    def __init__(self, private_key: str, address: str = ADDRESS) -> None:
        self._private_key = private_key
        self._address = address

    @waits
    def check(self, response: str) -> None:
        """Check a response; the visitor's address is not sent along.

        Raises: BadProof, NoProof when Google does not answer.
        """
        try:
            answer = requests.post(
                self._address,
                data={"secret": self._private_key, "response": response[:LONGEST_SOLUTION]},
                timeout=self.TIMEOUT_SECONDS,
            )
            passed = answer.json()["success"] is True
        except (requests.RequestException, ValueError, KeyError, TypeError) as problem:
            raise NoProof from problem
        if not passed:
            raise BadProof
