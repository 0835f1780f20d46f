"""The gateway's transactions, read into the house's words. Statuses: Braintree's "Transaction statuses" page."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from domain.payments.gateway import (
    DECLINED_LATER,
    LIVE,
    NOT_TAKEN,
    SETTLED,
    VOIDED,
    Charge,
    Credit,
    Item,
    KeptCard,
    NotCharged,
    Refusal,
    Uncertain,
)

TAKEN = {
    "authorized",
    "submitted_for_settlement",
    "settling",
    "settlement_pending",
    "settlement_confirmed",
    "settled",
}
REFUSED = {"processor_declined", "gateway_rejected", "failed"}
VOIDABLE = {"authorized", "submitted_for_settlement"}
REFUNDABLE = {"settling", "settled"}  # else error 91506
STANDINGS = {
    **dict.fromkeys(TAKEN, LIVE),
    "settled": SETTLED,
    "settlement_declined": DECLINED_LATER,
    "settlement_failed": DECLINED_LATER,
    "authorization_expired": DECLINED_LATER,
    "voided": VOIDED,
}


def outcome(result: object) -> Charge:
    """Tell a sale's result apart: a charge, a refusal (raised), or neither (raised as uncertain)."""
    if result is None:
        raise Uncertain("an answer that is neither a transaction nor an error")
    transaction = getattr(result, "transaction", None)
    if result.is_success and transaction.status in TAKEN:
        return charge(transaction)
    if transaction is None and not result.is_success:
        codes = [error.code for error in result.errors.deep_errors]
        raise NotCharged(Refusal.INVALID, f"{result.message} {' '.join(codes)}".strip())
    rejection = str(getattr(transaction, "gateway_rejection_reason", "") or "")
    if transaction.status in REFUSED and rejection != "duplicate":
        raise NotCharged(_reason(transaction, rejection), _words(transaction, rejection))
    # A duplicate of this reference means that an earlier charge of it exists: search for it.
    raise Uncertain(f"transaction {transaction.id} is {transaction.status} {rejection}")


# Refused by the gateway's own rules, which the city sets: no bank was asked, or none refused.
REJECTIONS = {
    "cvv": Refusal.CVV,
    "avs": Refusal.POSTAL_CODE,
    "avs_and_cvv": Refusal.POSTAL_CODE_AND_CVV,
    "three_d_secure": Refusal.AUTHENTICATION,
    "fraud": Refusal.RULES,
    "risk_threshold": Refusal.RULES,
    "excessive_retry": Refusal.TOO_OFTEN,
    "application_incomplete": Refusal.CITY,
}
# What a bank answers that one can act on. Codes: Braintree's "Authorization responses" page.
RESPONSES = {
    "2001": Refusal.FUNDS,
    "2004": Refusal.EXPIRED,
    "2006": Refusal.DATE,
    "2010": Refusal.CVV,
    "2059": Refusal.POSTAL_CODE,
    "2060": Refusal.POSTAL_CODE_AND_CVV,
    "2099": Refusal.AUTHENTICATION,
    "3000": Refusal.NETWORK,
    **dict.fromkeys(("2002", "2003"), Refusal.LIMIT),
    **dict.fromkeys(("2005", "2007", "2008", "2009", "2051"), Refusal.NUMBER),
    **dict.fromkeys(("2023", "2024", "2064"), Refusal.KIND),
    **dict.fromkeys(("2025", "2026", "2027", "2028", "2029", "2030", "2031", "2040", "2042", "2045"), Refusal.CITY),
    **dict.fromkeys(("2011", "2041", "2043", "2044", "2057"), Refusal.CALL_BANK),
}


def _reason(transaction: object, rejection: str) -> str:
    """Return the refusal message's key: whoever refused, the bank is named only when it was the bank."""
    if rejection:
        return REJECTIONS.get(rejection, Refusal.RULES)
    code = str(getattr(transaction, "processor_response_code", "") or "")
    is_down = code.startswith("3") or getattr(transaction, "status", "") == "failed"
    return RESPONSES.get(code, Refusal.NETWORK if is_down else Refusal.DECLINED)


def _words(transaction: object, rejection: str) -> str:
    code = getattr(transaction, "processor_response_code", "") or ""
    text = getattr(transaction, "processor_response_text", "") or ""
    return " ".join(part for part in (transaction.status, rejection, str(code), str(text)) if part)


def charge(transaction: object) -> Charge:
    """Read a sale."""
    card = getattr(transaction, "credit_card_details", None)
    return Charge(
        gateway_id=transaction.id,
        reference=transaction.order_id or "",
        amount_cents=cents(transaction.amount),
        status=transaction.status,
        card_brand=getattr(card, "card_type", "") or "",
        card_last_four=getattr(card, "last_4", "") or "",
        settlement_batch=getattr(transaction, "settlement_batch_id", "") or "",
        standing=STANDINGS.get(transaction.status, NOT_TAKEN),
        refund_ids=tuple(getattr(transaction, "refund_ids", None) or ()),
        dispute=_dispute(transaction),
        made_at=transaction.created_at,
        kept_card=kept_card(card) if getattr(card, "token", None) and card.expiration_year else None,
    )


def card_of(customer: object) -> KeptCard | None:
    """Read the only card of a customer."""
    return next(map(kept_card, customer.credit_cards), None)


def kept_card(card: object) -> KeptCard:
    """Read a card of the vault; it is good until its month's last day."""
    year, month = int(card.expiration_year), int(card.expiration_month)
    return KeptCard(
        token=card.token,
        brand=card.card_type or "",
        last_four=card.last_4 or "",
        expires_on=date(year, month, monthrange(year, month)[1]),
        number_key=getattr(card, "unique_number_identifier", "") or "",
    )


def why_not_kept(result: object) -> str:
    """Return the key of the message for a card that the vault refused."""
    verification = getattr(result, "credit_card_verification", None)
    if verification is None:
        return Refusal.INVALID
    return _reason(verification, str(getattr(verification, "gateway_rejection_reason", "") or ""))


def credit(transaction: object) -> Credit:
    """Read a refund."""
    return Credit(
        gateway_id=transaction.id,
        charge_id=transaction.refunded_transaction_id or "",
        reference=transaction.order_id or "",
        amount_cents=cents(transaction.amount),
        status=transaction.status,
        settlement_batch=getattr(transaction, "settlement_batch_id", "") or "",
    )


def is_clear(transaction: object) -> bool:
    """Tell whether a sale's status says if money was taken."""
    return transaction.status in STANDINGS or transaction.status in REFUSED


def line_item(item: Item) -> dict[str, str]:
    """Write what a charge pays: limits and characters are those of Braintree's "Transaction line item" page."""
    amount = decimal(item.amount_cents)
    return {
        "kind": "debit",
        "name": "Facture",
        "quantity": "1",
        "unit_amount": amount,
        "total_amount": amount,
        "description": item.invoice_number[:127],
        "product_code": item.payer[:12],
    }


def item(line: object) -> Item:
    """Read what `line_item` wrote."""
    return Item(
        getattr(line, "description", "") or "", cents(line.total_amount), getattr(line, "product_code", "") or ""
    )


def cents(amount: object) -> int:
    """Read an amount of the gateway's."""
    return int(Decimal(str(amount)) * 100)


def _dispute(transaction: object) -> str:
    """Return how a dispute of the charge stands: open, won, lost, or nothing."""
    statuses = {dispute.status for dispute in getattr(transaction, "disputes", None) or ()}
    if statuses & {"lost", "accepted", "auto_accepted", "expired"}:
        return "lost"
    if statuses & {"open", "disputed", "under_review"}:
        return "open"
    return "won" if "won" in statuses else ""


def decimal(amount_cents: int) -> str:
    """Return an amount as the gateway writes it."""
    return f"{Decimal(amount_cents) / 100:.2f}"


def taken(rows: Iterable) -> list[Charge]:
    """Return the sales that took money, the first made first; a refund bears the order id of its sale."""
    sales = sorted((row for row in rows if row.type == "sale"), key=lambda sale: sale.created_at)
    charges = [charge(sale) for sale in sales]
    return [one for one in charges if one.standing in (LIVE, SETTLED) and one.dispute != "lost"]
