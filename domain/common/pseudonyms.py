"""What is kept instead of something that could be guessed, such as an address: a digest under the portal's own key.

A plain digest hides a random secret and nothing that can be listed: there are four billion addresses, 36,525 birth
dates.
"""

import hashlib
import hmac
import secrets

_key = secrets.token_bytes(32)  # until the portal gives its own: never a key that others know


def use_key(secret_key: str) -> None:
    """Have everything kept from now on under a key of its own, made of SECRET_KEY."""
    global _key
    _key = hmac.digest(secret_key.encode(), b"pseudonyms", hashlib.sha256)


def pseudonym(text: str) -> str:
    """Return what is kept instead of a text: the same for the same text, while the key stays."""
    return hmac.new(_key, text.encode(), hashlib.sha256).hexdigest()
