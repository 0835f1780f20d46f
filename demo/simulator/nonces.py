"""Nonces: one use, three hours; the test nonces of the sandbox may be used again."""

import secrets
import time

from . import rules
from .refusal import Refusal
from .store import Store

LIFETIME = 3 * 60 * 60  # seconds

CODES = {  # where a nonce is refused: consumed, unknown
    "transaction": ("91564", "91565"),
    "payment_method": ("93107", "93108"),
}


def issue(store: Store, card: dict, token: str | None = None) -> dict:
    """Keep a card under a new nonce; token names the saved payment method it stands for."""
    nonce = {
        "id": f"tokencc_sim_{secrets.token_hex(12)}",
        "card": card,
        "token": token,
        "consumed": False,
        "issued": time.time(),
    }
    return store.put("nonce", nonce)


def look_up(store: Store, nonce: str) -> dict | None:
    """Return what a nonce stands for, consumed or not, or None when unknown or too old."""
    if nonce.startswith("fake-valid-") or nonce in rules.NONCE_CARDS:
        number = rules.NONCE_CARDS.get(nonce, rules.NONCE_CARDS["fake-valid-nonce"])
        card = rules.card({"number": number, "expiration_date": "12/2035"})
        return {"id": nonce, "card": card, "token": None, "consumed": False}
    if nonce == rules.CONSUMED_NONCE:
        return {"id": nonce, "card": {}, "token": None, "consumed": True}
    found = store.get("nonce", nonce)
    return found if found and found["issued"] > time.time() - LIFETIME else None


def read(store: Store, nonce: str, where: str) -> dict:
    """Return what an unused nonce stands for. Raise Refusal when there is none."""
    consumed, unknown = CODES[where]
    if nonce == rules.LUHN_INVALID_NONCE:
        raise Refusal(f"{where}.credit_card", "number", "81715", "Credit card number is invalid.")
    found = look_up(store, nonce)
    if found is None:
        raise Refusal(where, "payment_method_nonce", unknown, "Unknown or expired payment_method_nonce.")
    if found["consumed"]:
        raise Refusal(where, "payment_method_nonce", consumed, "Cannot use a payment_method_nonce more than once.")
    return found


def consume(store: Store, found: dict) -> None:
    """Mark a nonce as used. Test nonces are not kept, so they stay usable."""
    if "issued" in found:
        store.put("nonce", found | {"consumed": True})
