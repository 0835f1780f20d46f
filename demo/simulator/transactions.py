"""The life of a transaction: sale, void, settlement, refund."""

import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from . import nonces, rules, vault, xml
from .refusal import Refusal, card_refusal
from .store import Store

DUPLICATE_WINDOW = timedelta(seconds=30)
CHARGED = ("authorized", "submitted_for_settlement", "settling", "settled", "settlement_pending")
VOIDABLE = ("authorized", "submitted_for_settlement")
REFUNDABLE = ("settling", "settled")
FAILED = ("processor_declined", "gateway_rejected", "failed")
LIMIT = Decimal("100000000")


def sale(store: Store, params: dict, switches: rules.Switches, fault: str | None = None) -> dict:
    """Charge a card, and return the transaction, whatever became of it. Raise Refusal when the request is invalid."""
    amount = _amount(params.get("amount"))
    if len(params.get("order_id") or "") > 255:
        raise Refusal("transaction", "order_id", "91501", "Order ID is too long.")
    if len(params.get("line_items") or []) > 249:
        raise Refusal("transaction", "line_items", "915157", "Too many line items.")
    account, currency = _account(params, switches)
    payment = _payment(store, params)
    if fault == "wrong_amount":
        amount += 1
    status, code = _verdict(store, params, payment, amount, switches)
    if fault == "refused":
        status, code = "processor_declined", "2000"
    transaction = _new(params, payment, amount) | {"ruled": switches.amounts}
    transaction |= {"merchant_account_id": account, "currency": currency}
    _answer(transaction, status, code)
    wanted = (params.get("options") or {}).get("submit_for_settlement") or transaction["type"] == "credit"
    if status == "authorized" and wanted:
        move(transaction, "submitted_for_settlement")
    if payment.get("nonce"):
        nonces.consume(store, payment["nonce"])
    _store_in_vault(store, params, payment, transaction)
    save(store, transaction)
    if fault == "duplicate" and status == "authorized":
        save(store, transaction | {"id": new_id()})
    return transaction


def void(store: Store, transaction: dict) -> dict:
    """Cancel a transaction that has not begun to settle. Raise Refusal otherwise."""
    if transaction["status"] not in VOIDABLE:
        message = "Transaction can only be voided if status is authorized or submitted_for_settlement."
        raise Refusal("transaction", "base", "91504", message)
    if transaction["refunded_transaction_id"]:
        _forget_refund(store, transaction)
    return save(store, move(transaction, "voided"))


def submit(store: Store, transaction: dict, params: dict) -> dict:
    """Submit an authorized transaction for settlement, whole or in part. Raise Refusal otherwise."""
    if transaction["status"] != "authorized":
        message = "Cannot submit for settlement unless status is authorized."
        raise Refusal("transaction", "base", "91507", message)
    if params.get("amount"):
        amount = _amount(params["amount"])
        if amount > Decimal(transaction["amount"]):
            raise Refusal("transaction", "amount", "91522", "Settlement amount is too large.")
        transaction["amount"] = f"{amount:.2f}"
    transaction["order_id"] = params.get("order_id") or transaction["order_id"]
    return save(store, move(transaction, "submitted_for_settlement"))


def refund(store: Store, transaction: dict, params: dict, switches: rules.Switches, fault: str | None = None) -> dict:
    """Give back all or part of a settled transaction. Raise Refusal when it cannot be."""
    amount = _refund_amount(store, transaction, params)
    if fault == "wrong_amount":
        amount = max(amount - 1, Decimal("0.01"))
    given = {"order_id": params.get("order_id") or transaction["order_id"], "type": "credit"}
    credit = _new(given, {"card": transaction["card"], "token": transaction["token"]}, amount)
    credit |= {"refunded_transaction_id": transaction["id"]}
    credit |= {key: transaction[key] for key in ("customer_id", "merchant_account_id", "currency")}
    declined = switches.amounts and params.get("amount") and rules.verdict(amount)[0] == "processor_declined"
    code = rules.verdict(amount)[1] if declined else "2000"
    if declined or fault == "refused":
        return save(store, _answer(credit, "processor_declined", code))
    _answer(credit, "authorized", rules.APPROVED[0])
    move(credit, "submitted_for_settlement")
    transaction["refund_ids"].append(credit["id"])
    save(store, transaction)
    save(store, credit)
    if fault == "duplicate":
        twin = save(store, credit | {"id": new_id()})
        save(store, transaction | {"refund_ids": [*transaction["refund_ids"], twin["id"]]})
    return credit


def settle(store: Store, transaction: dict, status: str = "settled") -> dict:
    """Bring a submitted transaction to the end of its settlement. Raise Refusal from any other status."""
    if transaction["status"] not in ("submitted_for_settlement", "settling", "settlement_pending"):
        message = "Cannot simulate settlement of a transaction that was not submitted for it."
        raise Refusal("transaction", "base", "91575", message)
    return save(store, conclude(transaction, status))


def conclude(transaction: dict, status: str) -> dict:
    """Move a transaction to any status, with the settlement data that goes with it."""
    if status == "settled" and not rules.settles(Decimal(transaction["amount"])) and transaction["ruled"]:
        status = "settlement_declined"
    if status in ("settling", "settled"):
        today = datetime.now(UTC).strftime("%Y-%m-%d")
        transaction["settlement_batch_id"] = f"{today}_integration_merchant_id_card"
    if status == "settled":
        transaction |= {"settlement_code": "4000", "settlement_text": "Confirmed"}
    if status == "settlement_declined":
        transaction |= {"settlement_code": "4001", "settlement_text": "Settlement Declined"}
    return move(transaction, status)


def move(transaction: dict, status: str) -> dict:
    """Write a new status, and its line in the history."""
    transaction["status"], transaction["updated_at"] = status, xml.now()
    event = {"status": status, "amount": transaction["amount"], "timestamp": xml.now()}
    transaction["history"].append(event)
    return transaction


def save(store: Store, transaction: dict) -> dict:
    """Write a transaction; its order id is the second way to find it."""
    return store.put("transaction", transaction, lookup=transaction["order_id"])


def new_id() -> str:
    """Return an id of the gateway's kind."""
    return "".join(secrets.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(8))


def _amount(text: object) -> Decimal:
    if text is None or text == "":
        raise Refusal("transaction", "amount", "81502", "Amount is required.")
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise Refusal("transaction", "amount", "81503", "Amount is an invalid format.")
    if amount < 0:
        raise Refusal("transaction", "amount", "81501", "Amount cannot be negative.")
    if amount == 0:
        raise Refusal("transaction", "amount", "81531", "Amount must be greater than zero.")
    if amount >= LIMIT:
        raise Refusal("transaction", "amount", "81528", "Amount is too large.")
    return amount


def _account(params: dict, switches: rules.Switches) -> tuple[str, str]:
    """Return the merchant account that is charged, and its currency."""
    account = params.get("merchant_account_id") or rules.DEFAULT_ACCOUNT
    if (currency := rules.currency(account, switches)) is None:
        raise Refusal("transaction", "merchant_account_id", "91513", "Merchant account ID is invalid.")
    return account, currency


def _payment(store: Store, params: dict) -> dict:
    nonce, token = params.get("payment_method_nonce"), params.get("payment_method_token")
    if nonce:
        found = nonces.read(store, nonce, "transaction")
        return {"card": found["card"], "token": found["token"], "nonce": found}
    if token:
        return _saved(store.get("method", token), params.get("customer_id"))
    if params.get("credit_card"):
        problems = rules.card_errors(params["credit_card"])
        if problems:
            raise card_refusal("transaction.credit_card", problems)
        return {"card": rules.card(params["credit_card"]), "token": None}
    if params.get("customer_id"):
        return _default(store, params["customer_id"])
    raise Refusal("transaction", "base", "91508", "Need a customer_id, payment_method_token or credit card.")


def _saved(method: dict | None, customer_id: str | None) -> dict:
    if not method:
        raise Refusal("transaction", "payment_method_token", "91518", "Payment method token is invalid.")
    if customer_id and method["customer_id"] != customer_id:
        raise Refusal("transaction", "payment_method_token", "91516", "Payment method does not belong to customer.")
    return {"card": method["card"], "token": method["id"], "customer_id": method["customer_id"]}


def _default(store: Store, customer_id: str) -> dict:
    if not store.get("customer", customer_id):
        raise Refusal("transaction", "customer_id", "91510", "Customer ID is invalid.")
    for method in vault.methods(store, customer_id):
        if method["default"]:
            return _saved(method, customer_id)
    raise Refusal("transaction", "customer_id", "91511", "Customer does not have any credit cards.")


def _verdict(store: Store, params: dict, payment: dict, amount: Decimal, switches: rules.Switches) -> tuple[str, str]:
    special = rules.nonce_verdict(params.get("payment_method_nonce") or "")
    if special:
        return special
    if _is_duplicate(store, params.get("order_id"), payment["card"], amount):
        return "gateway_rejected", "duplicate"
    if switches.cvv and payment["card"]["cvv_refused"]:
        return "gateway_rejected", "cvv"
    if switches.avs and rules.postal_code(payment["card"]) in ("", "20000"):
        return "gateway_rejected", "avs"
    return rules.verdict(amount) if switches.amounts else rules.card_verdict(payment["card"])


def _is_duplicate(store: Store, order_id: str | None, card: dict, amount: Decimal) -> bool:
    since = (datetime.now(UTC) - DUPLICATE_WINDOW).strftime("%Y-%m-%dT%H:%M:%SZ")
    keys = ("unique_number_identifier", "expiration_month", "expiration_year")
    return any(
        earlier["created_at"] >= since
        and earlier["status"] in CHARGED
        and earlier["type"] == "sale"
        and Decimal(earlier["amount"]) == amount
        and all(earlier["card"][key] == card[key] for key in keys)
        for earlier in (store.find("transaction", order_id) if order_id else [])
    )


def _new(params: dict, payment: dict, amount: Decimal) -> dict:
    customer = params.get("customer") or {}
    return {
        "id": new_id(),
        "type": params.get("type") or "sale",
        "status": None,
        "amount": f"{amount:.2f}",
        "order_id": params.get("order_id") or None,
        "customer_id": params.get("customer_id") or payment.get("customer_id"),
        "customer": {key: customer.get(key) for key in vault.CUSTOMER_FIELDS},
        "billing": params.get("billing") or {},
        "shipping": params.get("shipping") or {},
        "card": payment["card"],
        "token": payment["token"],
        "custom_fields": params.get("custom_fields") or "",
        "channel": params.get("channel"),
        "transaction_source": rules.source(params),
        "line_items": params.get("line_items") or [],
        "created_at": xml.now(),
        "history": [],
        "refund_ids": [],
        "refunded_transaction_id": None,
        "rejection": None,
        **dict.fromkeys(("settlement_batch_id", "settlement_code", "settlement_text", "disbursed_on")),
        "ruled": False,
    }


def _answer(transaction: dict, status: str, code: str) -> dict:
    rejected = status == "gateway_rejected"
    transaction["rejection"] = code if rejected else None
    transaction["code"] = None if rejected else code
    transaction["authorization"] = secrets.token_hex(3).upper() if status == "authorized" else None
    return move(transaction, status)


def _store_in_vault(store: Store, params: dict, payment: dict, transaction: dict) -> None:
    options = params.get("options") or {}
    succeeded = transaction["status"] not in FAILED
    wanted = options.get("store_in_vault") or (options.get("store_in_vault_on_success") and succeeded)
    if not wanted or payment["token"]:
        return
    customer_id = params.get("customer_id")
    if not customer_id or not store.get("customer", customer_id):
        fresh = dict(params.get("customer") or {}) | ({"id": customer_id} if customer_id else {})
        customer_id = vault.create_customer(store, fresh)["id"]
    token = (params.get("credit_card") or {}).get("token")
    method = vault.vault(store, customer_id, payment["card"], token)
    transaction |= {"token": method["id"], "customer_id": customer_id}


def _refund_amount(store: Store, transaction: dict, params: dict) -> Decimal:
    if transaction["type"] == "credit":
        raise Refusal("transaction", "base", "91505", "Cannot refund a credit.")
    if transaction["status"] not in REFUNDABLE:
        raise Refusal("transaction", "base", "91506", "Cannot refund a transaction unless it is settled.")
    left = refundable(store, transaction)
    if left <= 0:
        raise Refusal("transaction", "base", "91512", "Transaction has already been fully refunded.")
    amount = _amount(params["amount"]) if params.get("amount") else left
    if amount > left:
        raise Refusal("transaction", "amount", "91521", "Refund amount is too large.")
    return amount


def refundable(store: Store, transaction: dict) -> Decimal:
    """Return what is left of a transaction after its refunds."""
    credits = [store.get("transaction", identifier) for identifier in transaction["refund_ids"]]
    given = [credit for credit in credits if credit and credit["status"] not in (*FAILED, "settlement_declined")]
    return Decimal(transaction["amount"]) - sum(Decimal(credit["amount"]) for credit in given)


def _forget_refund(store: Store, credit: dict) -> None:
    sold = store.get("transaction", credit["refunded_transaction_id"])
    if sold:
        sold["refund_ids"].remove(credit["id"])
        save(store, sold)
