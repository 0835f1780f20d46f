"""The server's side of the vault: customers, saved cards, nonces made from them."""

from flask import Response, abort

from . import nonces, search, vault, views
from .api import answer, api, params, store
from .faults import exposed


@api.post("/customers")
@exposed("vault")
def create_customer() -> Response:
    """Write a customer."""
    with store().together():
        customer = vault.create_customer(store(), params("customer"))
    return answer("customer", vault.customer_view(store(), customer), 201)


@api.get("/customers/<identifier>")
@exposed("vault")
def find_customer(identifier: str) -> Response:
    """Show a customer."""
    return answer("customer", vault.customer_view(store(), _document("customer", identifier)))


@api.put("/customers/<identifier>")
def update_customer(identifier: str) -> Response:
    """Change a customer."""
    with store().together():
        customer = vault.update_customer(store(), _document("customer", identifier), params("customer"))
    return answer("customer", vault.customer_view(store(), customer))


@api.delete("/customers/<identifier>")
@exposed("vault")
def delete_customer(identifier: str) -> Response:
    """Forget a customer."""
    with store().together():
        vault.delete_customer(store(), _document("customer", identifier)["id"])
    return Response(status=200)


@api.post("/customers/advanced_search_ids")
@exposed("search")
def search_customer_ids() -> Response:
    """Return the ids of the customers that fit."""
    found = search.customers(store(), params("search"))
    return answer("search_results", {"page_size": search.PAGE, "ids": [customer["id"] for customer in found]})


@api.post("/customers/advanced_search")
@exposed("search")
def search_customers() -> Response:
    """Return one page of the customers that fit."""
    found = search.customers(store(), params("search"))[: search.PAGE]
    shown = tuple(vault.customer_view(store(), customer) for customer in found)
    return answer("customers", {"page_size": search.PAGE, "total_items": len(found), "customer": shown})


@api.post("/payment_methods")
@exposed("vault")
def create_method() -> Response:
    """Save a card."""
    typed = params("credit_card")
    with store().together():
        if typed:
            method = vault.save_method(store(), "credit_card", typed)
        else:
            method = vault.save_method(store(), "payment_method", params("payment_method"))
    return answer("credit_card", vault.method_view(method), 201)


@api.get("/payment_methods/<any(any, credit_card):kind>/<token>")
@exposed("find")
def find_method(kind: str, token: str) -> Response:
    """Show a saved card."""
    return answer("credit_card", vault.method_view(_document("method", token)))


@api.put("/payment_methods/<any(any, credit_card):kind>/<token>")
def update_method(kind: str, token: str) -> Response:
    """Change a saved card."""
    with store().together():
        wish = params("payment_method") or params("credit_card")
        method = vault.update_method(store(), _document("method", token), wish)
    return answer("credit_card", vault.method_view(method))


@api.delete("/payment_methods/<any(any, credit_card):kind>/<token>")
@exposed("vault")
def delete_method(kind: str, token: str) -> Response:
    """Forget a saved card."""
    store().delete("method", _document("method", token)["id"])
    return Response(status=200)


@api.post("/payment_methods/<token>/nonces")
def create_nonce(token: str) -> Response:
    """Issue a nonce that stands for a saved card."""
    method = _document("method", token)
    return answer("payment_method_nonce", views.nonce_view(nonces.issue(store(), method["card"], token)), 201)


@api.get("/payment_method_nonces/<nonce>")
@exposed("find")
def find_nonce(nonce: str) -> Response:
    """Show what a nonce stands for."""
    found = nonces.look_up(store(), nonce)
    return answer("payment_method_nonce", views.nonce_view(found)) if found and found["card"] else abort(404)


def _document(kind: str, identifier: str) -> dict:
    return store().get(kind, identifier) or abort(404)
