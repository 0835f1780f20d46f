"""What people and tests ask of the simulator itself: see, reset, break, settle, notify."""

from decimal import Decimal

from flask import Blueprint, Response, abort, current_app, render_template, request

from . import api, rules, transactions, webhooks

control = Blueprint("control", __name__)

STATUSES = {
    "authorized": "autorisé",
    "submitted_for_settlement": "payé, à déposer",
    "settling": "règlement en cours",
    "settlement_pending": "règlement en attente",
    "settled": "réglé",
    "settlement_declined": "règlement refusé",
    "voided": "annulé",
    "processor_declined": "refusé par la banque",
    "gateway_rejected": "refusé par la passerelle",
    "failed": "échoué",
    "authorization_expired": "autorisation échue",
}


@control.errorhandler(ValueError)
def explain(error: ValueError) -> tuple[dict, int]:
    """Say what was not understood."""
    return {"error": str(error)}, 400


@control.get("/")
def home() -> str:
    """Show what this is, and the last transactions."""
    latest = [_view(transaction) for transaction in api.store().latest("transaction", 50)]
    return render_template("home.html", transactions=latest, cards=rules.TEST_CARDS, statuses=STATUSES)


@control.get("/simulator/transactions")
def listing() -> list[dict]:
    """List every transaction, newest first; order_id narrows the list."""
    order_id = request.args.get("order_id")
    found = api.store().find("transaction", order_id) if order_id else api.store().all("transaction")
    return [_view(transaction) for transaction in found]


@control.get("/simulator/customers")
def customers() -> list[dict]:
    """List the customers of the vault with the tokens of their saved cards."""
    store = api.store()
    return [
        customer | {"tokens": [method["id"] for method in store.find("method", customer["id"])]}
        for customer in store.all("customer")
    ]


@control.post("/simulator/reset")
def reset() -> Response:
    """Forget everything, and let everything work again."""
    api.store().clear()
    current_app.extensions["faults"].clear()
    current_app.extensions["switches"].accounts = rules.ACCOUNTS.copy()
    return Response(status=204)


@control.post("/simulator/amount-rules")
def amount_rules() -> dict:
    """Turn the test amounts on or off."""
    current_app.extensions["switches"].amounts = bool(_sent()["on"])
    return {"on": current_app.extensions["switches"].amounts}


@control.post("/simulator/cvv-rule")
def cvv_rule() -> dict:
    """Turn the refusal of security code 200 on or off."""
    current_app.extensions["switches"].cvv = bool(_sent()["on"])
    return {"on": current_app.extensions["switches"].cvv}


@control.post("/simulator/avs-rule")
def avs_rule() -> dict:
    """Turn the refusal of postal code 20000, and of none, on or off."""
    current_app.extensions["switches"].avs = bool(_sent()["on"])
    return {"on": current_app.extensions["switches"].avs}


@control.post("/simulator/merchant-accounts")
def merchant_accounts() -> dict:
    """Change the currency of a merchant account; without a currency it is taken away."""
    wish, accounts = _sent(), current_app.extensions["switches"].accounts
    accounts[str(wish["id"])] = wish.get("currency")
    return accounts


@control.post("/simulator/faults")
def add_fault() -> tuple[dict, int]:
    """Arrange a failure."""
    return current_app.extensions["faults"].add(_sent()), 201


@control.get("/simulator/faults")
def faults() -> list[dict]:
    """List the failures still waiting."""
    return current_app.extensions["faults"].listing()


@control.delete("/simulator/faults")
def clear_faults() -> Response:
    """Let everything work again."""
    current_app.extensions["faults"].clear()
    return Response(status=204)


@control.post("/simulator/transactions/<identifier>/status")
def move(identifier: str) -> dict:
    """Move a transaction to any status."""
    status = _sent().get("status")
    if status not in STATUSES:
        raise ValueError(f"status is one of {', '.join(STATUSES)}")
    with api.store().together():
        transaction = _transaction(identifier)
        return _view(transactions.save(api.store(), transactions.conclude(transaction, status)))


@control.post("/simulator/settle-all")
def settle_all() -> list[dict]:
    """Settle everything submitted, as happens every night."""
    with api.store().together():
        submitted = [t for t in api.store().all("transaction") if t["status"] == "submitted_for_settlement"]
        return [_view(transactions.settle(api.store(), transaction)) for transaction in submitted]


@control.post("/simulator/webhook")
def webhook() -> dict:
    """Make a notification true, return it signed, and send it when an address is given.

    Of a dispute: amount, amount_won, dispute_kind, received_date, original_dispute begin another one of the charge;
    dispute names the one that moves, when it is not the newest.
    """
    wish = _sent()
    with api.store().together():
        fields = webhooks.notify(api.store(), wish.get("kind", ""), _transaction(wish.get("transaction", "")), wish)
    if wish.get("to"):
        fields["answered"] = webhooks.post(fields, wish["to"])
    return fields


def _sent() -> dict:
    return request.get_json(force=True)


def _transaction(identifier: str) -> dict:
    return api.store().get("transaction", identifier) or abort(404)


def _view(transaction: dict) -> dict:
    kept = (
        "id", "type", "order_id", "amount", "status", "created_at", "customer_id", "token", "settlement_batch_id",
        "refunded_transaction_id", "merchant_account_id", "currency",
    )  # fmt: skip
    card = transaction["card"]
    return {key: transaction[key] for key in kept} | {
        "transaction_source": transaction.get("transaction_source", ""),
        "amount_cents": int(Decimal(transaction["amount"]) * 100),
        "card_type": card["card_type"],
        "card_last_four": card["last_4"],
        "refunds": transaction["refund_ids"],
        "history": [event["status"] for event in transaction["history"]],
        "disputes": [dispute["status"] for dispute in api.store().find("dispute", transaction["id"])],
        "disputed": [_dispute(dispute) for dispute in api.store().find("dispute", transaction["id"])],
    }


def _dispute(dispute: dict) -> dict:
    kept = ("id", "kind", "status", "amount", "amount_won", "received_date", "original_dispute_id")
    return {key: dispute[key] for key in kept}
