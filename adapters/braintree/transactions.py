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
BY_CODE = {
    **dict.fromkeys(("2001", "2002", "2003"), Refusal.FUNDS),
    "2004": Refusal.EXPIRED,
    "2005": Refusal.NUMBER,
    "3000": Refusal.NETWORK,
}
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


def _reason(transaction: object, rejection: str) -> str:
    """Return the refusal message's key. Codes: Braintree's "Authorization responses" page."""
    code = str(getattr(transaction, "processor_response_code", "") or "")
    if rejection in ("cvv", "avs_and_cvv") or code == "2010":
        return Refusal.CVV
    return BY_CODE.get(code, Refusal.DECLINED)


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
