"""Customers and their saved cards."""

import re
import secrets

from . import nonces, rules, xml
from .refusal import Refusal, card_refusal
from .store import Store

ADDRESS_FIELDS = (
    "id", "first_name", "last_name", "company", "street_address", "extended_address", "locality", "region",
    "postal_code", "country_name", "country_code_alpha2", "country_code_alpha3", "country_code_numeric",
    "phone_number",
)  # fmt: skip
CUSTOMER_LOCATION = "us"  # what the sandbox says of its test cards
CUSTOMER_FIELDS = ("first_name", "last_name", "company", "email", "phone", "fax", "website")


def create_customer(store: Store, params: dict) -> dict:
    """Write a customer, and the card given with it. Raise Refusal when the id is taken or malformed."""
    identifier = str(params.get("id") or secrets.randbelow(9 * 10**6) + 10**6)
    if not re.fullmatch(r"[\w-]{1,36}", identifier):
        raise Refusal("customer", "id", "91610", "Customer ID is invalid.")
    _check_email(params.get("email"))
    if store.get("customer", identifier):
        raise Refusal("customer", "id", "91609", "Customer ID has already been taken.")
    customer = {key: params.get(key) for key in CUSTOMER_FIELDS} | {
        "id": identifier,
        "custom_fields": params.get("custom_fields") or "",
        "created_at": xml.now(),
        "updated_at": xml.now(),
    }
    store.put("customer", customer)
    _save_given_card(store, identifier, params)
    return customer


def update_customer(store: Store, customer: dict, params: dict) -> dict:
    """Change the given fields of a customer."""
    _check_email(params.get("email"))
    changes = {key: params[key] for key in CUSTOMER_FIELDS if key in params}
    customer = store.put("customer", customer | changes | {"updated_at": xml.now()})
    _save_given_card(store, customer["id"], params)
    if params.get("default_payment_method_token"):
        make_default(store, customer["id"], params["default_payment_method_token"])
    return customer


def delete_customer(store: Store, identifier: str) -> None:
    """Forget a customer and the cards saved for it."""
    for method in methods(store, identifier):
        store.delete("method", method["id"])
    store.delete("customer", identifier)


def customer_view(store: Store, customer: dict) -> dict:
    """Return a customer as the gateway shows it."""
    lists = dict.fromkeys(("addresses", "paypal_accounts", "apple_pay_cards", "android_pay_cards"), [])
    cards = [method_view(method) for method in methods(store, customer["id"])]
    return customer | {"merchant_id": "integration_merchant_id", "credit_cards": cards, **lists}


def methods(store: Store, customer_id: str) -> list[dict]:
    """Return the cards saved for a customer, newest first."""
    return store.find("method", customer_id)


def save_method(store: Store, root: str, params: dict) -> dict:
    """Save a card, given by nonce or typed. Raise Refusal when it cannot be."""
    customer_id, options = params.get("customer_id"), params.get("options") or {}
    if not customer_id and root == "payment_method":
        raise Refusal(root, "customer_id", "93104", "Customer ID is required.")
    if not store.get("customer", customer_id or ""):
        code = "93105" if root == "payment_method" else "91705"
        raise Refusal(root, "customer_id", code, "Customer ID is invalid.")
    card = _given_card(store, root, params)
    _check_token(store, params.get("token"))
    if options.get("fail_on_duplicate_payment_method") and _is_saved(store, card):
        raise Refusal("credit_card", "number", "81724", "Duplicate card exists in the vault.")
    if options.get("verify_card") and card["declines"]:
        raise Unverified(card)
    return vault(store, customer_id, card, params.get("token"), bool(options.get("make_default")))


def vault(store: Store, customer_id: str, card: dict, token: str | None = None, make_first: bool = False) -> dict:
    """Write a card as a saved payment method; the first one becomes the default."""
    method = {
        "id": token or secrets.token_hex(4),
        "customer_id": customer_id,
        "card": card,
        "default": not methods(store, customer_id),
        "created_at": xml.now(),
        "updated_at": xml.now(),
    }
    store.put("method", method, lookup=customer_id)
    if make_first:
        make_default(store, customer_id, method["id"])
    return store.get("method", method["id"]) or method


def update_method(store: Store, method: dict, params: dict) -> dict:
    """Change the card, its expiry or its holder. Raise Refusal when the new card is invalid."""
    card = method["card"]
    if params.get("payment_method_nonce") or params.get("number"):
        card = _given_card(store, "payment_method", params)
    elif any(key.startswith("expiration") for key in params):
        dates = rules.expiration(params)
        if not dates:
            raise Refusal("credit_card", "expiration_date", "81710", "Expiration date is invalid.")
        card = card | {"expiration_month": dates[0], "expiration_year": dates[1]}
    if "cardholder_name" in params:
        card = card | {"cardholder_name": params["cardholder_name"]}
    changed = method | {"card": card, "updated_at": xml.now()}
    store.put("method", changed, lookup=method["customer_id"])
    if (params.get("options") or {}).get("make_default"):
        make_default(store, method["customer_id"], method["id"])
    return store.get("method", method["id"]) or changed


def make_default(store: Store, customer_id: str, token: str) -> None:
    """Make one saved card the one used when only the customer is named."""
    for method in reversed(methods(store, customer_id)):
        store.put("method", method | {"default": method["id"] == token}, lookup=customer_id)


def method_view(method: dict) -> dict:
    """Return a saved card as the gateway shows it."""
    return card_view(method["card"], method["id"]) | {
        "default": method["default"],
        "customer_id": method["customer_id"],
        "created_at": method["created_at"],
        "updated_at": method["updated_at"],
        "subscriptions": [],
        "verifications": [],
    }


def card_view(card: dict, token: str | None) -> dict:
    """Return a card as the gateway shows it, in a transaction or in the vault."""
    indicators = ("commercial", "debit", "durbin_regulated", "healthcare", "payroll", "prepaid", "business")
    shown = ("bin", "last_4", "card_type", "expiration_month", "expiration_year", "cardholder_name")
    address = card["billing_address"]
    return {
        **{key: card[key] for key in shown},
        **({"billing_address": {key: address.get(key) for key in ADDRESS_FIELDS}} if address else {}),
        "unique_number_identifier": card["unique_number_identifier"],
        "token": token,
        "customer_location": CUSTOMER_LOCATION,
        "expired": rules.expired(card["expiration_month"], card["expiration_year"]),
        "image_url": None,
        "venmo_sdk": False,
        "country_of_issuance": "Unknown",
        "issuing_bank": "Unknown",
        "product_id": "Unknown",
        **dict.fromkeys(indicators, "Unknown"),
    }


class Unverified(Refusal):
    """Tried to save a card that its bank declined at verification."""

    def __init__(self, card: dict) -> None:
        text = rules.processor_text(card["declines"])
        super().__init__("credit_card", "base", "81750", text)
        self.problems = []
        self.text = text
        self.verification = {
            "id": secrets.token_hex(4),
            "status": "processor_declined",
            "processor_response_code": card["declines"],
            "processor_response_text": text,
            "processor_response_type": rules.response_type(card["declines"]),
            "gateway_rejection_reason": None,
            "cvv_response_code": "M" if card["cvv_given"] else "I",
            "avs_postal_code_response_code": "I",
            "avs_street_address_response_code": "I",
            "amount": "0.00",
            "currency_iso_code": "CAD",
            "created_at": xml.now(),
            "updated_at": xml.now(),
            "credit_card": card_view(card, None),
        }

    @property
    def message(self) -> str:
        """Return the processor's words."""
        return self.text


def _check_email(email: str | None) -> None:
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise Refusal("customer", "email", "81604", "Email is an invalid format.")


def _save_given_card(store: Store, customer_id: str, params: dict) -> None:
    card = dict(params.get("credit_card") or {})
    if params.get("payment_method_nonce"):
        card["payment_method_nonce"] = params["payment_method_nonce"]
    if card:
        save_method(store, "credit_card", card | {"customer_id": customer_id})


def _given_card(store: Store, root: str, params: dict) -> dict:
    if params.get("payment_method_nonce"):
        found = nonces.read(store, params["payment_method_nonce"], "payment_method")
        nonces.consume(store, found)
        return found["card"]
    if root == "payment_method" and not params.get("number"):
        raise Refusal(root, "payment_method_nonce", "93103", "Nonce is required.")
    problems = rules.card_errors(params)
    if problems:
        raise card_refusal("credit_card", problems)
    return rules.card(params)


def _check_token(store: Store, token: str | None) -> None:
    if token and not re.fullmatch(r"[\w-]{1,36}", token):
        raise Refusal("credit_card", "token", "91718", "Credit card token is invalid.")
    if token and store.get("method", token):
        raise Refusal("credit_card", "token", "91719", "Credit card token is taken.")


def _is_saved(store: Store, card: dict) -> bool:
    number = card["unique_number_identifier"]
    return any(method["card"]["unique_number_identifier"] == number for method in store.all("method"))
