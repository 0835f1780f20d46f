"""Disputes: a cardholder contests a payment with their bank."""

from . import transactions, xml
from .refusal import Refusal
from .store import Store


def open_dispute(store: Store, transaction: dict) -> dict:
    """Open a dispute over the whole of a transaction."""
    dispute = {
        "id": transactions.new_id(),
        "transaction_id": transaction["id"],
        "amount": transaction["amount"],
        "created_at": xml.now(),
        "history": [],
    }
    return move(store, dispute, "open")


def move(store: Store, dispute: dict, status: str) -> dict:
    """Write a new status, and its line in the history."""
    history = [*dispute["history"], {"status": status, "timestamp": xml.now()}]
    changed = dispute | {"status": status, "history": history}
    return store.put("dispute", changed, lookup=dispute["transaction_id"])


def accept(store: Store, dispute: dict) -> dict:
    """Give in to an open dispute. Raise Refusal when it is not open."""
    if dispute["status"] != "open":
        raise Refusal("dispute", "status", "95701", "Disputes can only be accepted when they are in an Open state.")
    return move(store, dispute, "accepted")
