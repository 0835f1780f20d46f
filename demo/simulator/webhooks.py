"""Notifications: signed as Braintree signs them, and sent where they are wanted."""

import base64
import hashlib
import hmac
import urllib.request
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode

from . import disputes, transactions, views, xml
from .store import Store

PUBLIC_KEY = "integration_public_key"
PRIVATE_KEY = b"integration_private_key"
OF_TRANSACTIONS = {
    "transaction_settled": "settled",
    "transaction_settlement_declined": "settlement_declined",
    "transaction_disbursed": "settled",
}
OF_DISPUTES = {
    "dispute_opened": "open",
    "dispute_won": "won",
    "dispute_lost": "lost",
    "dispute_accepted": "accepted",
    "dispute_under_review": "under_review",
    "dispute_disputed": "disputed",
    "dispute_auto_accepted": "auto_accepted",
    "dispute_expired": "expired",
}


def notify(store: Store, kind: str, transaction: dict, wish: dict) -> dict:
    """Make a notification true in the store, and return it signed; the wish may describe its dispute.

    Raise ValueError for an unknown kind, or a dispute that cannot be.
    """
    if kind in OF_TRANSACTIONS:
        subject = _of_transaction(store, kind, transaction)
    elif kind in OF_DISPUTES:
        subject = _of_dispute(store, OF_DISPUTES[kind], transaction, wish)
    elif kind == "disbursement":
        subject = _of_disbursement(store, transaction)
    else:
        raise ValueError(f"kind is one of {', '.join([*OF_TRANSACTIONS, *OF_DISPUTES, 'disbursement'])}")
    return sign({"timestamp": xml.now(), "kind": kind, "subject": subject})


def sign(notification: dict) -> dict:
    """Return the two form fields of a notification."""
    payload = base64.encodebytes(xml.write("notification", notification).encode())
    key = hashlib.sha1(PRIVATE_KEY).digest()  # noqa: S324  the protocol's own choice
    signature = hmac.new(key, payload, hashlib.sha1).hexdigest()
    return {"bt_signature": f"{PUBLIC_KEY}|{signature}", "bt_payload": payload.decode()}


def post(fields: dict, address: str) -> int:
    """Send a notification, and return the status it was answered with, 0 when nobody answers."""
    if not address.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]")):
        raise ValueError("notifications go to this machine only")
    request = urllib.request.Request(address, urlencode(fields).encode())  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _of_transaction(store: Store, kind: str, transaction: dict) -> dict:
    status = OF_TRANSACTIONS[kind]
    if transaction["status"] != status:
        transactions.save(store, transactions.conclude(transaction, status))
    if kind == "transaction_disbursed":
        _disburse(store, transaction)
    return {"transaction": views.transaction_view(store, transaction)}


def _of_dispute(store: Store, status: str, transaction: dict, wish: dict) -> dict:
    dispute = disputes.latest(store, transaction, wish) or disputes.open_dispute(store, transaction, wish)
    if dispute["status"] != status or wish.get("amount_won"):
        dispute = disputes.move(store, dispute, status, wish.get("amount_won"))
    return {"dispute": views.dispute_view(store, dispute)}


def _of_disbursement(store: Store, transaction: dict) -> dict:
    # Braintree pays out a day's settled sales and refunds together.
    batch = transaction["settlement_batch_id"]
    paid_out = [t for t in store.all("transaction") if t["settlement_batch_id"] == batch and t["status"] == "settled"]
    for paid in paid_out:
        _disburse(store, paid)
    total = sum((Decimal(t["amount"]) * (1 if t["type"] == "sale" else -1) for t in paid_out), Decimal(0))
    return {
        "disbursement": {
            "id": transactions.new_id(),
            "transaction_ids": [paid["id"] for paid in paid_out],
            "amount": f"{total:.2f}",
            "disbursement_date": datetime.now(UTC).date(),
            "disbursement_type": "credit" if total >= 0 else "debit",
            "success": True,
            "retry": False,
            "exception_message": None,
            "follow_up_action": None,
            "merchant_account": {
                "id": transaction["merchant_account_id"],
                "currency_iso_code": transaction["currency"],
                "sub_merchant_account": False,
                "status": "active",
            },
        }
    }


def _disburse(store: Store, transaction: dict) -> None:
    transaction["disbursed_on"] = datetime.now(UTC).strftime("%Y-%m-%d")
    transactions.save(store, transaction)
