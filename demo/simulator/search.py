"""Searches: which documents fit the criteria the SDK sends."""

from collections.abc import Callable
from decimal import Decimal

from . import vault
from .store import Store

PAGE = 50
RANGES_OF_STATUS = {
    f"{status}_at": status
    for status in (
        "authorized",
        "submitted_for_settlement",
        "settled",
        "voided",
        "failed",
        "gateway_rejected",
        "processor_declined",
        "authorization_expired",
    )  # fmt: skip
}
TRANSACTION_TEXTS: dict[str, Callable[[dict], object]] = {
    "id": lambda t: t["id"],
    "order_id": lambda t: t["order_id"],
    "customer_id": lambda t: t["customer_id"],
    "payment_method_token": lambda t: t["token"],
    "settlement_batch_id": lambda t: t["settlement_batch_id"],
    "processor_authorization_code": lambda t: t["authorization"],
    "currency": lambda t: t["currency"],
    "merchant_account_id": lambda t: t["merchant_account_id"],
    "status": lambda t: t["status"],
    "type": lambda t: t["type"],
    "payment_instrument_type": lambda t: "credit_card",
    "credit_card_card_type": lambda t: t["card"]["card_type"],
    "credit_card_cardholder_name": lambda t: t["card"]["cardholder_name"],
    "credit_card_expiration_date": lambda t: f"{t['card']['expiration_month']}/{t['card']['expiration_year']}",
    "credit_card_unique_identifier": lambda t: t["card"]["unique_number_identifier"],
    "created_using": lambda t: "token" if t["token"] else "full_information",
    "source": lambda t: "api",
    "credit_card_customer_location": lambda t: vault.CUSTOMER_LOCATION,
    "ids": lambda t: t["id"],
    **{
        f"{place}_{field}": lambda t, place=place, field=field: t[place].get(field)
        for place in ("billing", "shipping")
        for field in (
            "first_name",
            "last_name",
            "company",
            "street_address",
            "extended_address",
            "locality",
            "region",
            "postal_code",
            "country_name",
        )
    },  # fmt: skip
    **{
        f"customer_{field}": lambda t, field=field: t["customer"].get(field)
        for field in ("first_name", "last_name", "email", "company", "phone", "website", "fax")
    },
}


def transactions(store: Store, criteria: dict) -> list[dict]:
    """Return the transactions that fit, newest first. Raise KeyError for a criterion unknown here."""
    exact = criteria.get("order_id", {})
    ids = criteria.get("ids")
    if isinstance(exact, dict) and exact.get("is"):
        candidates = store.find("transaction", exact["is"])
    elif ids:
        candidates = [found for found in (store.get("transaction", i) for i in ids) if found]
    else:
        candidates = store.all("transaction")
    return [t for t in candidates if all(_fits(store, t, name, term) for name, term in criteria.items())]


def customers(store: Store, criteria: dict) -> list[dict]:
    """Return the customers that fit, newest first."""
    return [
        customer
        for customer in store.all("customer")
        if all(_matches(customer["id" if name == "ids" else name], term) for name, term in criteria.items())
    ]


def _fits(store: Store, transaction: dict, name: str, term: object) -> bool:
    if name == "amount":
        return _between(Decimal(transaction["amount"]), term, Decimal)
    if name == "created_at":
        return _between(transaction["created_at"], term, _instant)
    if name in RANGES_OF_STATUS:
        moments = [e["timestamp"] for e in transaction["history"] if e["status"] == RANGES_OF_STATUS[name]]
        return any(_between(moment, term, _instant) for moment in moments)
    if name == "disbursement_date":
        return _between(transaction["disbursed_on"] or "", term, lambda text: text[:10])
    if name == "dispute_date":
        days = [dispute["received_date"] for dispute in store.find("dispute", transaction["id"])]
        return any(_between(day, term, lambda text: text[:10]) for day in days)
    if name == "refund":
        return (transaction["refunded_transaction_id"] is not None) == (term in (True, "true"))
    if name == "credit_card_number":
        masked = transaction["card"]["bin"] + "*" * 6 + transaction["card"]["last_4"]
        return _masked(masked, term)
    return _matches(TRANSACTION_TEXTS[name](transaction), term)


def _matches(value: object, term: object) -> bool:
    text = "" if value is None else str(value)
    if isinstance(term, list):
        return text in term
    if not isinstance(term, dict):
        return text == str(term)
    tests = {
        "is": lambda wanted: text == wanted,
        "is_not": lambda wanted: text != wanted,
        "starts_with": text.startswith,
        "ends_with": text.endswith,
        "contains": lambda wanted: wanted in text,
    }
    return all(tests[how](wanted) for how, wanted in term.items())


def _masked(number: str, term: dict) -> bool:
    # Only the first six and last four digits are kept, so only they can be compared.
    exact = {how: wanted[:6] + "*" * 6 + wanted[-4:] for how, wanted in term.items() if how in ("is", "is_not")}
    return _matches(number, term | exact)


def _between(value: object, term: dict, read: Callable) -> bool:
    if "is" in term:
        return value == read(term["is"])
    return ("min" not in term or value >= read(term["min"])) and ("max" not in term or value <= read(term["max"]))


def _instant(text: str) -> str:
    return text if "T" in text else f"{text}T00:00:00Z"


def dispute_fits(dispute: dict, criteria: dict) -> bool:
    """Say whether a dispute fits: by id, status, kind, reason, transaction, amount or date."""
    values = {
        "id": dispute["id"],
        "status": dispute["status"],
        "transaction_id": dispute["transaction_id"],
        "kind": dispute["kind"],
        "reason": dispute["reason"],
    }
    return all(
        _between(dispute["received_date"], term, lambda text: text[:10])
        if name.endswith("_date")
        else _between(Decimal(dispute["amount"]), term, Decimal)
        if name.startswith("amount")
        else _matches(values[name], term)
        for name, term in criteria.items()
    )
