"""The browser's side: configuration, the card fields' frame, cards turned into nonces."""

import base64
import hashlib
import hmac
import json
import re
import time
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, g, request, send_from_directory

from . import nonces, rules, vault
from .faults import exposed

HERE = Path(__file__).parent
SECRET = b"integration_private_key"
MERCHANT_PATH = "/merchants/integration_merchant_id/client_api/v1"
TOKEN_LIFETIME = 24 * 60 * 60  # seconds

browser = Blueprint("browser", __name__)


def client_token(version: int, customer_id: str | None) -> str:
    """Return what the page hands to the client script.

    The addresses in it are paths on the page's own origin: the site forwards them here. The configuration names no
    address at all, because the unmodified client accepts only Braintree's own hosts there.
    """
    token = {
        "version": version,
        "authorizationFingerprint": _fingerprint(customer_id),
        "environment": "development",
        "merchantId": "integration_merchant_id",
        "configUrl": f"{MERCHANT_PATH}/configuration",
    }
    text = json.dumps(token)
    return text if version == 1 else base64.b64encode(text.encode()).decode()


@browser.after_request
def allow_other_origins(response: Response) -> Response:
    """Let pages of any origin call: nothing here is secret."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "authorization, braintree-version, content-type"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    return response


@browser.get(f"{MERCHANT_PATH}/configuration")
def configuration() -> dict:
    """Tell the client script about the merchant."""
    _check(request.args.get("authorizationFingerprint"))
    return {
        "environment": "development",
        "merchantId": "integration_merchant_id",
        "merchantAccountId": "sandbox_credit_card",
        "challenges": ["cvv"],
        "creditCards": {"supportedCardTypes": rules.SUPPORTED_BRANDS, "supportedGateways": [{"name": "clientApi"}]},
        "threeDSecureEnabled": False,
        "paypalEnabled": False,
    }


@browser.post("/v1/payment_methods/credit_cards")
@browser.post(f"{MERCHANT_PATH}/payment_methods/credit_cards")
@browser.post(f"{MERCHANT_PATH}/payment_methods/credit_cards.json")
@exposed("tokenize")
def tokenize() -> tuple[dict, int]:
    """Turn a typed card into a nonce."""
    sent = _snake(request.get_json(silent=True) or {})
    _check(sent.get("authorization_fingerprint"))
    typed = sent.get("credit_card") or {}
    problems = rules.card_errors(typed)
    if g.get("fault") == "refused":
        problems = [("number", "81715", "Credit card number is invalid.")]
    if problems:
        return _problems(problems), 422
    found = nonces.issue(current_app.extensions["store"], rules.card(typed))
    unchecked = (typed.get("options") or {}).get("validate") is False
    return {"creditCards": [_browser_view(found)]}, 202 if unchecked else 201


@browser.get(f"{MERCHANT_PATH}/payment_methods")
@browser.get(f"{MERCHANT_PATH}/payment_methods.json")
def saved_cards() -> dict:
    """List the saved cards of the customer the client token was made for, each with a fresh nonce."""
    customer_id = _check(request.args.get("authorizationFingerprint"))
    store = current_app.extensions["store"]
    cards = [
        _browser_view(nonces.issue(store, method["card"], method["id"])) for method in vault.methods(store, customer_id)
    ]
    return {"paymentMethods": cards}


@browser.get("/web/<version>/html/<name>")
def frame(version: str, name: str) -> Response:
    """Serve the stand-in for the card fields' frame, and what it loads from beside it."""
    places = {
        "hosted-fields-frame.html": ("frame", "frame.html"),
        "hosted-fields-frame.min.html": ("frame", "frame.html"),
        "frame.css": ("frame", "frame.css"),
        "frame.js": ("static", "frame.js"),
    }
    folder, file = places.get(name) or abort(404)
    response = send_from_directory(HERE / folder, file, max_age=600)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )
    return response


def _fingerprint(customer_id: str | None) -> str:
    facts = f"created_at={int(time.time())}&merchant_id=integration_merchant_id&customer_id={customer_id or ''}"
    return f"{_signature(facts)}|{facts}"


def _check(fingerprint: str | None) -> str:
    signature, _, facts = (fingerprint or "").partition("|")
    fresh = re.search(r"created_at=(\d+)", facts)
    if not hmac.compare_digest(signature.encode(), _signature(facts).encode()) or not fresh:
        abort(Response(status=401))
    if int(fresh[1]) < time.time() - TOKEN_LIFETIME:
        abort(Response(status=401))
    return facts.rpartition("customer_id=")[2]


def _signature(facts: str) -> str:
    return hmac.new(SECRET, facts.encode(), hashlib.sha256).hexdigest()


def _browser_view(found: dict) -> dict:
    card = found["card"]
    unknown = ("prepaid", "healthcare", "debit", "durbinRegulated", "commercial", "payroll")
    return {
        "type": "CreditCard",
        "nonce": found["id"],
        "description": f"ending in {card['last_4'][-2:]}",
        "consumed": False,
        "threeDSecureInfo": None,
        "details": {
            "bin": card["bin"],
            "cardType": card["card_type"],
            "cardholderName": card["cardholder_name"],
            "expirationMonth": card["expiration_month"],
            "expirationYear": card["expiration_year"],
            "lastFour": card["last_4"],
            "lastTwo": card["last_4"][-2:],
        },
        "binData": dict.fromkeys((*unknown, "issuingBank", "countryOfIssuance", "productId"), "Unknown"),
    }


def _problems(problems: list[tuple[str, str, str]]) -> dict:
    fields = [{"field": _camel(field), "code": code, "message": message} for field, code, message in problems]
    return {
        "error": {"message": "Credit card is invalid"},
        "fieldErrors": [{"field": "creditCard", "fieldErrors": fields}],
    }


def _snake(value: object) -> object:
    if isinstance(value, dict):
        return {re.sub(r"[A-Z]", lambda c: "_" + c[0].lower(), key): _snake(child) for key, child in value.items()}
    return value


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda c: c[1].upper(), name)
