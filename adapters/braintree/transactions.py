"""The gateway's transactions, read into the house's words. Statuses: Braintree's "Transaction statuses" page."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from domain.payments.gateway import (
    CANADIAN_DOLLARS,
    DECLINED_LATER,
    LIVE,
    NOT_TAKEN,
    OTHER_ACCOUNT,
    OTHER_CURRENCY,
    SETTLED,
    VOIDED,
    CardDispute,
    Charge,
    Credit,
    Item,
    KeptCard,
    NotCharged,
    Notice,
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
# "Dispute" response reference: whoever does not answer in time has lost. Any status not named here is not decided.
VERDICTS = {
    "won": CardDispute.WON,
    **dict.fromkeys(("lost", "accepted", "auto_accepted", "expired"), CardDispute.LOST),
}
# Errors that name the city's account, not the card ("Validation errors").
ACCOUNT_ERRORS = {"91513", "91514"}  # merchant account unknown, suspended
GONE_CARD_ERRORS = {"91518"}  # a token that the vault has not


def outcome(result: object, account: str = "") -> Charge:
    """Tell a sale's result apart: a charge, a refusal (raised), or neither (raised as uncertain)."""
    if result is None:
        raise Uncertain("an answer that is neither a transaction nor an error")
    transaction = getattr(result, "transaction", None)
    if result.is_success and transaction.status in TAKEN:
        return charge(transaction, account)
    if transaction is None and not result.is_success:
        codes = [error.code for error in result.errors.deep_errors]
        raise NotCharged(_invalid(set(codes)), f"{result.message} {' '.join(codes)}".strip())
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


def _invalid(codes: set[str]) -> Refusal:
    """Return the refusal message's key for a request that was found invalid."""
    if codes & ACCOUNT_ERRORS:
        return Refusal.CITY
    return Refusal.CARD_GONE if codes & GONE_CARD_ERRORS else Refusal.INVALID


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


def charge(transaction: object, account: str = "") -> Charge:
    """Read a sale; `account` is the city's merchant account, empty for whichever it is."""
    card = getattr(transaction, "credit_card_details", None)
    return Charge(
        gateway_id=transaction.id,
        reference=transaction.order_id or "",
        amount_cents=cents(transaction.amount),
        status=transaction.status,
        card_brand=_brand(getattr(card, "card_type", "")),
        card_last_four=getattr(card, "last_4", "") or "",
        settlement_batch=getattr(transaction, "settlement_batch_id", "") or "",
        standing=STANDINGS.get(transaction.status, NOT_TAKEN),
        refund_ids=tuple(getattr(transaction, "refund_ids", None) or ()),
        disputes=tuple(_dispute(one) for one in getattr(transaction, "disputes", None) or ()),
        currency=transaction.currency_iso_code or "",
        foreign=_foreign(transaction, account),
        made_at=transaction.created_at,
        kept_card=kept_card(card) if getattr(card, "token", None) and card.expiration_year else None,
    )


def _brand(card_type: str | None) -> str:
    """Write a card's brand as its owner does: Braintree alone says « MasterCard »."""
    return "Mastercard" if card_type == "MasterCard" else card_type or ""


def _foreign(transaction: object, account: str) -> str:
    """Tell whether a transaction is on another merchant account than the city's, or not in Canadian dollars."""
    if account and transaction.merchant_account_id != account:
        return OTHER_ACCOUNT
    return "" if transaction.currency_iso_code == CANADIAN_DOLLARS else OTHER_CURRENCY


def card_of(customer: object) -> KeptCard | None:
    """Read the only card of a customer."""
    return next(map(kept_card, customer.credit_cards), None)


def kept_card(card: object) -> KeptCard:
    """Read a card of the vault; it is good until its month's last day."""
    year, month = int(card.expiration_year), int(card.expiration_month)
    return KeptCard(
        token=card.token,
        brand=_brand(card.card_type),
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


def credit(transaction: object, account: str = "") -> Credit:
    """Read a refund."""
    return Credit(
        gateway_id=transaction.id,
        charge_id=transaction.refunded_transaction_id or "",
        reference=transaction.order_id or "",
        amount_cents=cents(transaction.amount),
        status=transaction.status,
        settlement_batch=getattr(transaction, "settlement_batch_id", "") or "",
        foreign=_foreign(transaction, account),
    )


def is_clear(transaction: object) -> bool:
    """Tell whether a sale's status says if money was taken."""
    return transaction.status in STANDINGS or transaction.status in REFUSED


def notice(parsed: object) -> Notice:
    """Read a webhook: what it is about, and the charges it names."""
    transaction, dispute = getattr(parsed, "transaction", None), getattr(parsed, "dispute", None)
    ids = list(getattr(getattr(parsed, "disbursement", None), "transaction_ids", None) or [])
    ids += [transaction.id] if transaction else []
    ids += [dispute.transaction.id] if dispute else []
    return Notice(str(parsed.kind), tuple(dict.fromkeys(ids)))


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


def _dispute(dispute: object) -> CardDispute:
    """Read a dispute. What is won may be a part of it; what is lost is lost whole ("Dispute" response reference)."""
    amount, won = cents(dispute.amount_disputed or 0), cents(getattr(dispute, "amount_won", None) or 0)
    state = VERDICTS.get(dispute.status, CardDispute.OPEN)
    kept = won or amount if state == CardDispute.WON else 0
    return CardDispute(
        gateway_id=dispute.id,
        kind=dispute.kind or CardDispute.CHARGEBACK,
        state=state,
        amount_cents=amount,
        lost_cents=0 if state == CardDispute.OPEN else max(amount - kept, 0),
        follows=getattr(dispute, "original_dispute_id", None) or "",
        received_on=dispute.received_date,
        answer_by=dispute.reply_by_date,
    )


def decimal(amount_cents: int) -> str:
    """Return an amount as the gateway writes it."""
    return f"{Decimal(amount_cents) / 100:.2f}"


def taken(rows: Iterable, account: str = "") -> list[Charge]:
    """Return the sales that took money, the first made first; a refund bears the order id of its sale."""
    sales = sorted((row for row in rows if row.type == "sale"), key=lambda sale: sale.created_at)
    charges = [charge(sale, account) for sale in sales]
    return [one for one in charges if one.standing in (LIVE, SETTLED) and one.lost_cents < one.amount_cents]
