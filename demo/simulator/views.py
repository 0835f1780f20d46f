"""Transactions, nonces and disputes as the gateway shows them."""

import base64
from datetime import UTC, date, datetime, timedelta

from . import rules, vault
from .store import Store

EMPTY = (
    "master_merchant_account_id", "sub_merchant_account_id", "avs_error_response_code",
    "additional_processor_response", "voice_referral_number", "purchase_order_number", "tax_amount",
    "discount_amount", "shipping_amount", "plan_id", "subscription_id", "service_fee_amount", "escrow_status",
    "authorized_transaction_id", "acquirer_reference_number", "retrieval_reference_number",
    "three_d_secure_info", "network_response_code", "network_response_text", "network_transaction_id",
    "sca_exemption_requested", "ships_from_postal_code", "debit_network", "store_id",
)  # fmt: skip


def transaction_view(store: Store, transaction: dict) -> dict:
    """Return a transaction as the gateway shows it."""
    kept = (
        "id", "status", "type", "amount", "merchant_account_id", "order_id", "created_at", "updated_at",
        "settlement_batch_id", "custom_fields", "channel", "refund_ids", "refunded_transaction_id",
    )  # fmt: skip
    card = transaction["card"]
    address = transaction["billing"] or card["billing_address"] or {}
    return {
        **{key: transaction[key] for key in kept},
        **dict.fromkeys(EMPTY),
        "currency_iso_code": transaction["currency"],
        "global_id": _global_id("transaction", transaction["id"]),
        "refund_id": transaction["refund_ids"][0] if transaction["refund_ids"] else None,
        "partial_settlement_transaction_ids": [],
        "customer": _customer(store, transaction),
        "billing": {key: transaction["billing"].get(key) for key in vault.ADDRESS_FIELDS},
        "shipping": {key: transaction["shipping"].get(key) for key in vault.ADDRESS_FIELDS},
        "credit_card": vault.card_view(card, transaction["token"]) | {"global_id": None},
        "payment_instrument_type": "credit_card",
        "gateway_rejection_reason": transaction["rejection"],
        "cvv_response_code": "M" if card["cvv_given"] else "I",
        "avs_postal_code_response_code": "M" if address.get("postal_code") else "I",
        "avs_street_address_response_code": "M" if address.get("street_address") else "I",
        **_processor(transaction),
        "status_history": [_event(event) for event in transaction["history"]],
        "authorization_expires_at": _days_after(transaction["created_at"], 7),
        "authorization_adjustments": [],
        "tax_exempt": False,
        "recurring": transaction.get("transaction_source", "") in ("recurring_first", "recurring"),
        "processed_with_network_token": False,
        "subscription": {"billing_period_start_date": None, "billing_period_end_date": None},
        "add_ons": [],
        "discounts": [],
        "shipments": [],
        "risk_data": {"id": None, "decision": "Not Evaluated", "device_data_captured": False},
        "descriptor": {"name": None, "phone": None, "url": None},
        "disbursement_details": _disbursement(transaction),
        "disputes": [dispute_view(store, dispute) for dispute in store.find("dispute", transaction["id"])],
    }


def nonce_view(found: dict) -> dict:
    """Return a nonce as the gateway shows it."""
    card = found["card"]
    indicators = ("commercial", "debit", "durbin_regulated", "healthcare", "payroll", "prepaid")
    others = ("country_of_issuance", "issuing_bank", "product_id")
    return {
        "nonce": found["id"],
        "type": "CreditCard",
        "description": f"ending in {card['last_4'][-2:]}",
        "default": False,
        "consumed": found["consumed"],
        "is_locked": False,
        "details": {
            "bin": card["bin"],
            "card_type": card["card_type"],
            "last_two": card["last_4"][-2:],
            "last_four": card["last_4"],
            "cardholder_name": card["cardholder_name"],
            "expiration_month": card["expiration_month"],
            "expiration_year": card["expiration_year"],
        },
        "bin_data": dict.fromkeys(indicators + others, "Unknown"),
        "three_d_secure_info": None,
    }


def dispute_view(store: Store, dispute: dict) -> dict:
    """Return a dispute as the gateway shows it."""
    sold = store.get("transaction", dispute["transaction_id"]) or {}
    events = [{"status": e["status"], "timestamp": e["timestamp"], "effective_date": None} for e in dispute["history"]]
    opened = date.fromisoformat(dispute["created_at"][:10])
    received = date.fromisoformat(dispute["received_date"])
    return {
        "id": dispute["id"],
        "amount": dispute["amount"],
        "amount_disputed": dispute["amount"],
        "amount_won": dispute["amount_won"],
        "case_number": f"CASE-{dispute['id']}",
        "currency_iso_code": sold.get("currency"),
        "created_at": dispute["created_at"],
        "updated_at": dispute["history"][-1]["timestamp"],
        "received_date": received,
        "reply_by_date": received + timedelta(days=10),
        "date_opened": opened,
        "date_won": opened if dispute["status"] == "won" else None,
        "kind": dispute["kind"],
        "reason": dispute["reason"],
        "reason_code": "83",
        "reason_description": "Reason code 83 description",
        "reference_number": f"REF-{dispute['id']}",
        "status": dispute["status"],
        "merchant_account_id": sold.get("merchant_account_id"),
        "original_dispute_id": dispute["original_dispute_id"],
        "forwarded_comments": None,
        "processor_comments": None,
        "status_history": events,
        "evidence": [],
        "paypal_messages": [],
        "transaction": {
            "id": sold.get("id"),
            "global_id": _global_id("transaction", sold.get("id", "")),
            "amount": sold.get("amount"),
            "created_at": sold.get("created_at"),
            "order_id": sold.get("order_id"),
            "purchase_order_number": None,
            "payment_instrument_subtype": sold.get("card", {}).get("card_type"),
        },
    }


def _processor(transaction: dict) -> dict:
    code = transaction["code"]
    return {
        "processor_response_code": code or "",
        "processor_response_text": rules.processor_text(code) if code else "Unavailable",
        "processor_response_type": rules.response_type(code) if code else None,
        "processor_authorization_code": transaction["authorization"],
        "processor_settlement_response_code": transaction["settlement_code"] or "",
        "processor_settlement_response_text": transaction["settlement_text"] or "",
    }


def _event(event: dict) -> dict:
    return event | {"user": "simulator", "transaction_source": "api"}


def _customer(store: Store, transaction: dict) -> dict:
    saved = store.get("customer", transaction["customer_id"] or "") or {}
    typed = transaction["customer"]
    named = {key: typed.get(key) or saved.get(key) for key in vault.CUSTOMER_FIELDS}
    return {"id": transaction["customer_id"], **named}


def _disbursement(transaction: dict) -> dict:
    paid_out = transaction["disbursed_on"]
    return {
        "disbursement_date": date.fromisoformat(paid_out) if paid_out else None,
        "settlement_amount": transaction["amount"] if paid_out else None,
        "settlement_currency_iso_code": transaction["currency"] if paid_out else None,
        "settlement_currency_exchange_rate": "1" if paid_out else None,
        "settlement_base_currency_exchange_rate": "1" if paid_out else None,
        "funds_held": False if paid_out else None,
        "success": True if paid_out else None,
    }


def _days_after(instant: str, days: int) -> str:
    moment = datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return (moment + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _global_id(kind: str, identifier: str) -> str:
    return base64.b64encode(f"{kind}_{identifier}".encode()).decode().rstrip("=")
