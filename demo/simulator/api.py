"""The server's side of the gateway: XML over HTTP, as Braintree's SDKs speak it."""

import hashlib
import json
from collections.abc import Callable

from flask import Blueprint, Response, abort, current_app, g, request

from . import browser, disputes, rules, search, transactions, vault, views, xml
from .faults import exposed
from .refusal import Refusal
from .store import Store

MERCHANT = "integration_merchant_id"
PUBLIC_KEY = "integration_public_key"
PRIVATE_KEY = "integration_private_key"

api = Blueprint("api", __name__, url_prefix="/merchants/<merchant_id>")


@api.url_value_preprocessor
def check_merchant(endpoint: str | None, values: dict | None) -> None:
    """Take the merchant out of the address."""
    g.merchant_id = (values or {}).pop("merchant_id", None)


@api.before_request
def check_keys() -> Response | None:
    """Let only the merchant in."""
    given = request.authorization
    right = given and (given.username, given.password) == (PUBLIC_KEY, PRIVATE_KEY)
    return None if right and g.merchant_id == MERCHANT else Response(status=401)


@api.errorhandler(Refusal)
def refuse(refusal: Refusal) -> Response:
    """Answer with the problems."""
    body = {"errors": refusal.errors(), "message": refusal.message, "params": _echo()}
    if isinstance(refusal, vault.Unverified):
        body["verification"] = refusal.verification
    return answer("api_error_response", body, 422)


def answer(root: str, value: object, status: int = 200) -> Response:
    """Return a document."""
    return Response(xml.write(root, value), status, content_type="application/xml; charset=utf-8")


def _echo() -> dict:
    # The gateway repeats what it was sent, but never a card's number or code.
    def without_secrets(value: object) -> object:
        if isinstance(value, dict):
            return {key: without_secrets(kept) for key, kept in value.items() if key not in ("number", "cvv")}
        return None if value == "" else value

    return without_secrets(xml.read(request.get_data()))


def params(root: str) -> dict:
    """Return what was sent under the root element; nothing sent is an empty dictionary."""
    try:
        return xml.read(request.get_data()).get(root) or {}
    except ValueError:
        abort(400)


def store() -> Store:
    """Return what the simulator remembers."""
    return current_app.extensions["store"]


@api.post("/client_token")
@exposed("client_token")
def client_token() -> Response:
    """Issue a token for the browser."""
    wish = params("client_token")
    customer_id = wish.get("customer_id")
    if customer_id and not store().get("customer", customer_id):
        message = "Customer specified by customer_id does not exist"
        raise Refusal("client_token", "customer_id", "92804", message)
    account = wish.get("merchant_account_id")
    if account and rules.currency(account, current_app.extensions["switches"]) is None:
        message = "Merchant account specified by merchant_account_id does not exist"
        raise Refusal("client_token", "merchant_account_id", "92807", message)
    value = browser.client_token(int(wish.get("version") or 2), customer_id)
    return answer("client_token", {"value": value}, 201)


@api.get("/merchant_accounts/<identifier>")
@exposed("merchant_account")
def merchant_account(identifier: str) -> Response:
    """Show an account that money is taken on."""
    currency = rules.currency(identifier, current_app.extensions["switches"])
    if currency is None:
        abort(404)
    is_default = identifier == rules.DEFAULT_ACCOUNT
    shown = {"id": identifier, "currency_iso_code": currency, "status": "active", "default": is_default}
    return answer("merchant_account", shown)


@api.post("/transactions")
@exposed("sale")
def create_transaction() -> Response:
    """Charge a card."""
    return _once("transaction", _create, 201)


@api.get("/transactions/<identifier>")
@exposed("find")
def find_transaction(identifier: str) -> Response:
    """Show a transaction."""
    return answer("transaction", views.transaction_view(store(), _transaction(identifier)))


@api.get("/transactions/<identifier>/line_items")
@exposed("find")
def line_items(identifier: str) -> Response:
    """List what was sent as a transaction's line items."""
    return answer("line_items", _transaction(identifier).get("line_items", []))


@api.put("/transactions/<identifier>/void")
@exposed("void")
def void_transaction(identifier: str) -> Response:
    """Cancel a transaction before it settles."""
    return _once("transaction", lambda wish: transactions.void(store(), _transaction(identifier)))


@api.post("/transactions/<identifier>/refund")
@exposed("refund")
def refund_transaction(identifier: str) -> Response:
    """Give money back."""
    return _once("transaction", lambda wish: _refund(identifier, wish), 201)


@api.post("/transactions/<identifier>/reverse")
@exposed("refund")
def reverse_transaction(identifier: str) -> Response:
    """Cancel the transaction if it still can be, else refund it."""

    def reverse(wish: dict) -> dict:
        transaction = _transaction(identifier)
        if transaction["status"] in transactions.VOIDABLE:
            return transactions.void(store(), transaction)
        return _refund(identifier, {})

    return _once("transaction", reverse, 201)


@api.put("/transactions/<identifier>/submit_for_settlement")
def submit_transaction(identifier: str) -> Response:
    """Ask for an authorized amount."""
    return _once("transaction", lambda wish: transactions.submit(store(), _transaction(identifier), wish))


@api.put("/transactions/<identifier>/<operation>")
def settle_transaction(identifier: str, operation: str) -> Response:
    """Simulate the end of a settlement, as the SDK's testing gateway asks."""
    outcomes = {
        "settle": "settled",
        "settlement_confirm": "settled",
        "settlement_decline": "settlement_declined",
        "settlement_pending": "settlement_pending",
    }
    if operation not in outcomes:
        abort(404)
    with store().together():
        settled = transactions.settle(store(), _transaction(identifier), outcomes[operation])
    return answer("transaction", views.transaction_view(store(), settled))


@api.post("/transactions/advanced_search_ids")
@exposed("search")
def search_transaction_ids() -> Response:
    """Return the ids of the transactions that fit."""
    return _ids(search.transactions(store(), _criteria()))


@api.post("/transactions/advanced_search")
@exposed("search")
def search_transactions() -> Response:
    """Return one page of the transactions that fit."""
    found = search.transactions(store(), _criteria())[: search.PAGE]
    shown = tuple(views.transaction_view(store(), transaction) for transaction in found)
    page = {"current_page_number": 1, "page_size": search.PAGE, "total_items": len(found), "transaction": shown}
    return answer("credit_card_transactions", page)


@api.get("/disputes/<identifier>")
def find_dispute(identifier: str) -> Response:
    """Show a dispute."""
    return answer("dispute", views.dispute_view(store(), _document("dispute", identifier)))


@api.put("/disputes/<identifier>/accept")
def accept_dispute(identifier: str) -> Response:
    """Give in to a dispute."""
    accepted = disputes.accept(store(), _document("dispute", identifier))
    return answer("dispute", views.dispute_view(store(), accepted))


@api.post("/disputes/advanced_search")
def search_disputes() -> Response:
    """Return the disputes that fit: by id, status or transaction."""
    wanted = _criteria()
    found = [dispute for dispute in store().all("dispute") if search.dispute_fits(dispute, wanted)]
    shown = tuple(views.dispute_view(store(), dispute) for dispute in found)
    page = {"current_page_number": 1, "page_size": search.PAGE, "total_items": len(found), "dispute": shown}
    return answer("disputes", page)


def _create(wish: dict) -> dict:
    if wish.get("type") not in ("sale", "credit"):
        raise Refusal("transaction", "type", "91524", "Type is required.")
    made = transactions.sale(store(), wish, current_app.extensions["switches"], g.get("fault"))
    if made["card"]["disputed"]:
        disputes.open_dispute(store(), made)
    return made


def _refund(identifier: str, wish: dict) -> dict:
    switches = current_app.extensions["switches"]
    return transactions.refund(store(), _transaction(identifier), wish, switches, g.get("fault"))


def _once(root: str, perform: Callable[[dict], dict], status: int = 200) -> Response:
    # The same api_request_key with the same request returns what the first one did.
    wish = params(root)
    key = wish.get("api_request_key")
    if len(key or "") > 255:
        raise Refusal("transaction", "api_request_key", "915230", "API request key is too long.")
    print_of_request = hashlib.sha256(json.dumps([request.path, wish], sort_keys=True).encode()).hexdigest()
    with store().together():
        known = store().get("request", key) if key else None
        if known and known["print"] != print_of_request:
            message = "API request key can be reused only with the same request."
            raise Refusal("transaction", "api_request_key", "915232", message)
        made = _transaction(known["made"]) if known else perform(wish)
        if key and not known:
            store().put("request", {"id": key, "print": print_of_request, "made": made["id"]})
        view = views.transaction_view(store(), made)
    return _declined(made, view) if made["status"] in transactions.FAILED else answer("transaction", view, status)


def _declined(made: dict, view: dict) -> Response:
    message = view["processor_response_text"]
    errors: dict = {"errors": []}
    if made["status"] == "gateway_rejected":
        message = f"Gateway Rejected: {made['rejection']}"
    elif made["refunded_transaction_id"]:
        code = "915200" if view["processor_response_type"] == "hard_declined" else "915201"
        errors = Refusal("transaction", "base", code, message).errors()
    return answer("api_error_response", {"errors": errors, "message": message, "transaction": view}, 422)


def _ids(found: list[dict]) -> Response:
    page = {"page_size": search.PAGE, "ids": [document["id"] for document in found]}
    return answer("search_results", page)


def _criteria() -> dict:
    return params("search")


def _transaction(identifier: str) -> dict:
    return _document("transaction", identifier)


def _document(kind: str, identifier: str) -> dict:
    return store().get(kind, identifier) or abort(404)
