"""What the sandbox answers to its test amounts, cards and nonces. Source: Braintree's testing reference."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from .refusal import Refusal

APPROVED = ("1000", "Approved")


# A merchant account settles in one currency. The first is used when none is named. Any other is taken for one of the
# city's, in Canadian dollars, until it is given another currency, or taken away: then it is unknown.
DEFAULT_ACCOUNT = "sandbox_credit_card"
ACCOUNTS: dict[str, str | None] = {DEFAULT_ACCOUNT: "CAD", "fake_amex_direct_usd": "USD", "hiper_brl": "BRL"}
CANADIAN = "CAD"
# Who starts a charge ("Transaction: sale", transaction_source); empty: the payer, once.
SOURCES = ("recurring_first", "recurring", "installment_first", "installment", "unscheduled", "moto", "merchant")


@dataclass
class Switches:
    """What may be changed: the test amounts, the refusal of security code 200, and of postal code 20000 or none, and
    the merchant accounts' currencies."""

    amounts: bool = True
    cvv: bool = False
    avs: bool = False
    accounts: dict[str, str | None] = field(default_factory=ACCOUNTS.copy)


PROCESSOR_TEXTS = {
    "2000": "Do Not Honor",
    "2001": "Insufficient Funds",
    "2002": "Limit Exceeded",
    "2003": "Cardholder's Activity Limit Exceeded",
    "2004": "Expired Card",
    "2005": "Invalid Credit Card Number",
    "2006": "Invalid Expiration Date",
    "2007": "No Account",
    "2008": "Card Account Length Error",
    "2009": "No Such Issuer",
    "2010": "Card Issuer Declined CVV",
    "2011": "Voice Authorization Required",
    "2012": "Processor Declined - Possible Lost Card",
    "2013": "Processor Declined - Possible Stolen Card",
    "2014": "Processor Declined - Fraud Suspected",
    "2015": "Transaction Not Allowed",
    "2038": "Processor Declined",
    "2044": "Declined - Call Issuer",
    "2046": "Declined",
    "3000": "Processor Network Unavailable - Try Again",
}
HARD_DECLINES = {f"20{n:02}" for n in (4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 17, 18, 19, 20, 22, 23, 24)}

# Brand, pattern of its numbers, lengths, length of its security code. The first match wins.
BRANDS = (
    ("American Express", r"3[47]", (15,), 4),
    ("Diners Club", r"3(0[0-5]|[689])", (14, 16), 3),
    ("JCB", r"35|2131|1800", (16,), 3),
    ("Discover", r"6(011|5|4[4-9])", (16,), 3),
    ("MasterCard", r"5[1-5]|2[2-7]", (16,), 3),
    ("Maestro", r"5[0678]|6", tuple(range(12, 20)), 3),
    ("Visa", r"4", (13, 16, 18, 19), 3),
)
SUPPORTED_BRANDS = ["Visa", "MasterCard", "American Express", "Discover", "JCB", "Diners Club", "Maestro"]

TEST_CARDS = {
    "Visa": "4111111111111111",
    "MasterCard": "5555555555554444",
    "American Express": "378282246310005",
}
DECLINED_CARDS = {
    "4000111111111115": "2000",
    "5105105105105100": "2000",
    "378734493671000": "2000",
    "6011000990139424": "2000",
    "3566002020360505": "3000",
}
CHARGEBACK_CARD = "4023898493988028"

NONCE_CARDS = {
    "fake-valid-nonce": "4012888888881881",
    "fake-valid-visa-nonce": "4012888888881881",
    "fake-valid-mastercard-nonce": "5555555555554444",
    "fake-valid-amex-nonce": "378282246310005",
    "fake-valid-discover-nonce": "6011111111111117",
    "fake-valid-jcb-nonce": "3530111333300000",
    "fake-valid-dinersclub-nonce": "36259600000004",
    "fake-valid-maestro-nonce": "6304000000000000",
    "fake-processor-declined-visa-nonce": "4000111111111115",
    "fake-processor-declined-mastercard-nonce": "5105105105105100",
    "fake-processor-declined-amex-nonce": "378734493671000",
    "fake-processor-declined-discover-nonce": "6011000990139424",
    "fake-processor-failure-jcb-nonce": "3566002020360505",
    "fake-gateway-rejected-fraud-nonce": "4012888888881881",
}
CONSUMED_NONCE = "fake-consumed-nonce"
LUHN_INVALID_NONCE = "fake-luhn-invalid-nonce"


def currency(account: str, switches: Switches) -> str | None:
    """Return the currency of a merchant account, None when there is no such account."""
    return switches.accounts.get(account, CANADIAN)


def verdict(amount: Decimal) -> tuple[str, str]:
    """Return the status a test amount leads to, and the response code or the reason of rejection."""
    if Decimal(2000) <= amount < Decimal(3000):
        return "processor_declined", str(int(amount))
    if Decimal(3000) <= amount < Decimal(3001):
        return "failed", "3000"
    if amount == Decimal(5001):
        return "gateway_rejected", "application_incomplete"
    return "authorized", APPROVED[0]


def card_verdict(card: dict) -> tuple[str, str]:
    """Return what a card leads to where amounts lead nowhere special: the cards refused at verification are refused.

    The sandbox judges a charge by its amount alone; whoever turned its amounts off wants a refusal to look at.
    """
    code = card.get("declines")
    if not code:
        return "authorized", APPROVED[0]
    return ("failed" if code == "3000" else "processor_declined"), code


def settles(amount: Decimal) -> bool:
    """Say whether a test amount settles: 4001.00 to 4001.99 are declined at settlement."""
    return not Decimal(4001) <= amount < Decimal(4002)


def nonce_verdict(nonce: str) -> tuple[str, str] | None:
    """Return the status and code a test nonce leads to, or None when it leads nowhere special."""
    if nonce.startswith("fake-processor-declined"):
        return "processor_declined", "2000"
    if nonce.startswith("fake-processor-failure"):
        return "failed", "3000"
    if nonce == "fake-gateway-rejected-fraud-nonce":
        return "gateway_rejected", "fraud"
    return None


def processor_text(code: str) -> str:
    """Return the words that go with a processor's response code."""
    return APPROVED[1] if code == APPROVED[0] else PROCESSOR_TEXTS.get(code, "Processor Declined")


def response_type(code: str) -> str:
    """Say whether a response approves, declines for now, or declines for good."""
    if code.startswith("1"):
        return "approved"
    return "hard_declined" if code in HARD_DECLINES else "soft_declined"


def brand(number: str) -> tuple[str, tuple[int, ...], int]:
    """Return the brand of a card number, the lengths it may have and the length of its security code."""
    for name, pattern, lengths, code_length in BRANDS:
        if re.match(pattern, number):
            return name, lengths, code_length
    return "Unknown", (), 3


def luhn(number: str) -> bool:
    """Check the last digit of a card number."""
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def expiration(params: dict) -> tuple[str, str] | None:
    """Return month and year from either way of writing them, or None."""
    month, year = params.get("expiration_month"), params.get("expiration_year")
    if params.get("expiration_date"):
        month, _, year = str(params["expiration_date"]).replace(" ", "").partition("/")
    if not re.fullmatch(r"0?[1-9]|1[0-2]", str(month or "")) or not re.fullmatch(r"\d\d|20\d\d", str(year or "")):
        return None
    return f"{int(month):02}", f"20{str(year)[-2:]}"


def expired(month: str, year: str) -> bool:
    """Say whether the card's last month has passed."""
    return f"{year}-{month}" < datetime.now(UTC).strftime("%Y-%m")


def card_errors(params: dict) -> list[tuple[str, str, str]]:
    """Return what is wrong with a typed card: attribute, code, message."""
    number, cvv = re.sub(r"\D", "", str(params.get("number") or "")), str(params.get("cvv") or "")
    _, lengths, code_length = brand(number)
    if not params.get("number"):
        errors = [("number", "81714", "Credit card number is required.")]
    elif not 12 <= len(number) <= 19:
        errors = [("number", "81716", "Credit card number must be 12-19 digits.")]
    elif not lengths:
        errors = [("number", "81703", "Credit card type is not accepted by this merchant account.")]
    elif len(number) not in lengths or not luhn(number):
        errors = [("number", "81715", "Credit card number is invalid.")]
    else:
        errors = []
    if not any(params.get(key) for key in ("expiration_date", "expiration_month", "expiration_year")):
        errors.append(("expiration_date", "81709", "Expiration date is required."))
    elif not expiration(params):
        errors.append(("expiration_date", "81710", "Expiration date is invalid."))
    if cvv and not re.fullmatch(rf"\d{{{code_length}}}", cvv):
        errors.append(("cvv", "81707", "CVV must be 4 digits for American Express and 3 digits for other card types."))
    return errors


def source(params: dict) -> str:
    """Return who starts a charge. Raise Refusal for a word that is not the gateway's."""
    given = params.get("transaction_source") or ""
    if given and given not in SOURCES:
        raise Refusal("transaction", "transaction_source", "915133", "Transaction source is invalid.")
    return given


def postal_code(card: dict) -> str:
    """Return the postal code that came with a card; 20000 is the sandbox's that does not match."""
    return (card["billing_address"] or {}).get("postal_code") or ""


def card(params: dict) -> dict:
    """Return what is kept of a card: never its number, never its code."""
    number = re.sub(r"\D", "", str(params["number"]))
    month, year = expiration(params) or ("12", "2035")
    name = brand(number)[0]
    return {
        "bin": number[:6],
        "last_4": number[-4:],
        "card_type": name,
        "expiration_month": month,
        "expiration_year": year,
        "cardholder_name": params.get("cardholder_name") or None,
        "unique_number_identifier": hashlib.sha256(number.encode()).hexdigest()[:32],
        "declines": DECLINED_CARDS.get(number),
        "disputed": number == CHARGEBACK_CARD,
        "cvv_given": bool(params.get("cvv")),
        "cvv_refused": params.get("cvv") == "200",
        "billing_address": params.get("billing_address") or None,
    }
