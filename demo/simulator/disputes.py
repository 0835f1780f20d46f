"""Disputes: a cardholder contests a payment with their bank. Braintree's "Disputes" guide and reference."""

from datetime import UTC, date, datetime
from decimal import Decimal

from . import transactions, xml
from .refusal import Refusal
from .store import Store

KINDS = ("chargeback", "pre_arbitration", "retrieval")
STATUSES = ("open", "disputed", "under_review", "won", "lost", "accepted", "auto_accepted", "expired")


def open_dispute(store: Store, transaction: dict, wish: dict | None = None) -> dict:
    """Open a dispute; the wish may say its kind, amount, day of receipt, and which one it goes on with.

    Over the whole of the transaction when no amount is wished. Raise ValueError for what there cannot be.
    """
    wish = wish or {}
    kind = wish.get("dispute_kind") or "chargeback"
    if kind not in KINDS:
        raise ValueError(f"dispute_kind is one of {', '.join(KINDS)}")
    dispute = {
        "id": transactions.new_id(),
        "transaction_id": transaction["id"],
        "kind": kind,
        "reason": "retrieval" if kind == "retrieval" else "fraud",
        "amount": _part(wish.get("amount"), transaction["amount"]),
        "amount_won": "0.00",
        "received_date": _day(wish.get("received_date")),
        "original_dispute_id": wish.get("original_dispute"),
        "created_at": xml.now(),
        "history": [],
    }
    return move(store, dispute, "open")


def move(store: Store, dispute: dict, status: str, amount_won: object = None) -> dict:
    """Write a new status, and its line in the history. What is won is the whole, unless a part is named."""
    won = _part(amount_won, dispute["amount"]) if status == "won" else "0.00"
    history = [*dispute["history"], {"status": status, "timestamp": xml.now()}]
    changed = dispute | {"status": status, "amount_won": won, "history": history}
    return store.put("dispute", changed, lookup=dispute["transaction_id"])


def accept(store: Store, dispute: dict) -> dict:
    """Give in to an open dispute. Raise Refusal when it is not open."""
    if dispute["status"] != "open":
        raise Refusal("dispute", "status", "95704", "Disputes can only be accepted when they are in an Open state.")
    return move(store, dispute, "accepted")


def latest(store: Store, transaction: dict, wish: dict) -> dict | None:
    """Return the dispute that is meant: the one named, else the newest of the transaction; None for a new one."""
    known = store.find("dispute", transaction["id"])
    if wish.get("dispute"):
        return next((dispute for dispute in known if dispute["id"] == wish["dispute"]), None)
    begins = any(wish.get(name) for name in ("dispute_kind", "received_date", "original_dispute"))
    return None if begins else next(iter(known), None)


def complete(store: Store) -> None:
    """Give the documents of a file kept by an earlier simulator what they had not: currency, kind, day of receipt."""
    with store.together():
        for transaction in store.all("transaction"):
            if "currency" not in transaction:
                transactions.save(store, transaction | {"currency": "CAD"})
        for dispute in store.all("dispute"):
            if "kind" not in dispute:
                since = {"received_date": dispute["created_at"][:10], "original_dispute_id": None, "amount_won": "0.00"}
                store.put(
                    "dispute",
                    dispute | since | {"kind": "chargeback", "reason": "fraud"},
                    lookup=dispute["transaction_id"],
                )


def _part(wished: object, whole: str) -> str:
    """Return an amount of the gateway's, the whole when none is wished."""
    amount = Decimal(str(wished)) if wished else Decimal(whole)
    if not 0 < amount <= Decimal(whole):
        raise ValueError(f"amount is above 0 and at most {whole}")
    return f"{amount:.2f}"


def _day(wished: str | None) -> str:
    return date.fromisoformat(wished).isoformat() if wished else datetime.now(UTC).date().isoformat()
