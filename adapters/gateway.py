"""Braintree, and the only `import braintree`. Decimal amounts exist here and nowhere else."""

import threading
import time
from decimal import Decimal
from urllib.parse import urlparse

import braintree
import requests
from braintree import exceptions as sdk
from braintree.exceptions.http.connection_error import ConnectionError as WrappedConnectionError
from braintree.exceptions.http.timeout_error import ConnectTimeoutError

from domain.charging import Charge, GatewayDown, NotCharged, Uncertain
from settings import PRODUCTION, SANDBOX, Settings

CONNECT_SECONDS = 10
TOKEN_KEPT_SECONDS = 3600  # Braintree's client tokens live for a day

Status = braintree.Transaction.Status
TAKEN = {
    Status.Authorized,
    Status.SubmittedForSettlement,
    Status.Settling,
    Status.SettlementPending,
    Status.SettlementConfirmed,
    Status.Settled,
}
NOT_TAKEN = {Status.ProcessorDeclined, Status.GatewayRejected, Status.Failed}

# The request was surely not acted upon: Braintree refused to hear it, or it never left.
NEVER_HEARD = (
    sdk.authentication_error.AuthenticationError,
    sdk.authorization_error.AuthorizationError,
    sdk.not_found_error.NotFoundError,
    sdk.upgrade_required_error.UpgradeRequiredError,
    sdk.too_many_requests_error.TooManyRequestsError,
    sdk.configuration_error.ConfigurationError,
    sdk.invalid_signature_error.InvalidSignatureError,
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.SSLError,
    ConnectTimeoutError,
)


def _never_connected(problem: Exception) -> bool:
    """Tell whether a connection was never made; a connection cut later may have carried the charge."""
    if isinstance(problem, NEVER_HEARD):
        return True
    text = repr(problem)
    return isinstance(problem, requests.exceptions.ConnectionError | WrappedConnectionError) and (
        "NewConnectionError" in text or "NameResolutionError" in text
    )


class BraintreeGateway:
    """Charges cards through Braintree's SDK. Every method waits for the network: never call one on a request thread."""

    def __init__(self, settings: Settings) -> None:
        self._merchant_account = settings.merchant_account_id
        self._sdk = braintree.BraintreeGateway(
            braintree.Configuration(
                environment=_environment(settings),
                merchant_id=settings.merchant_id,
                public_key=settings.public_key,
                private_key=settings.private_key,
                timeout=(min(CONNECT_SECONDS, settings.gateway_timeout_seconds), settings.gateway_timeout_seconds),
            )
        )

    def charge(self, reference: str, amount_cents: int, nonce: str) -> Charge:
        """Charge a card once, settlement included.

        Raises: NotCharged when surely nothing was taken; Uncertain when the answer does not say.
        """
        order = {
            "amount": f"{Decimal(amount_cents) / 100:.2f}",
            "order_id": reference,
            "payment_method_nonce": nonce,
            "options": {"submit_for_settlement": True},
        }
        if self._merchant_account:
            order["merchant_account_id"] = self._merchant_account
        try:
            result = self._sdk.transaction.sale(order)
        except Exception as problem:  # any failure at all, even inside the SDK, may hide a charge
            if _never_connected(problem):
                raise NotCharged("unreachable", repr(problem)) from problem
            raise Uncertain(repr(problem)) from problem
        return _outcome(result)

    def search(self, reference: str) -> list[Charge]:
        """Return the charges that took money under a reference, the first made first.

        Raises: Uncertain when the gateway does not answer.
        """
        try:
            found = list(self._sdk.transaction.search(braintree.TransactionSearch.order_id == reference))
        except Exception as problem:
            raise Uncertain(repr(problem)) from problem
        taken = [transaction for transaction in found if transaction.status in TAKEN and transaction.type == "sale"]
        return [_charge(transaction) for transaction in sorted(taken, key=lambda t: t.created_at)]

    def client_token(self) -> str:
        """Ask for the token the card fields need.

        Raises: GatewayDown.
        """
        options = {"merchant_account_id": self._merchant_account} if self._merchant_account else {}
        try:
            return self._sdk.client_token.generate(options)
        except Exception as problem:
            raise GatewayDown(repr(problem)) from problem


class ClientTokens:
    """Keeps a client token at hand, fetched in the background, so that no page waits for the gateway."""

    def __init__(self, gateway: BraintreeGateway) -> None:
        self._gateway = gateway
        self._token = ""
        self._fetched_at = 0.0
        self._lock = threading.Lock()

    def current(self) -> str:
        """Return the token at hand, empty when the gateway has not given one lately."""
        return self._token if time.monotonic() - self._fetched_at < 2 * TOKEN_KEPT_SECONDS else ""

    def refresh(self) -> None:
        """Fetch a token when the one at hand is missing or old. Raises: GatewayDown."""
        with self._lock:
            if self._token and time.monotonic() - self._fetched_at < TOKEN_KEPT_SECONDS:
                return
            self._token = self._gateway.client_token()
            self._fetched_at = time.monotonic()


def _environment(settings: Settings) -> braintree.Environment:
    if settings.gateway_environment == PRODUCTION:
        return braintree.Environment.Production
    if settings.gateway_environment == SANDBOX:
        return braintree.Environment.Sandbox
    at = urlparse(settings.simulator_url)
    host, port = at.hostname, str(at.port or 80)
    return braintree.Environment("simulator", host, port, "", False, None, host, port)


def _outcome(result: object) -> Charge:
    """Tell a sale's result apart: a charge, a refusal (raised), or neither (raised as uncertain)."""
    if result is None:
        raise Uncertain("an answer that is neither a transaction nor an error")
    transaction = getattr(result, "transaction", None)
    if result.is_success and transaction.status in TAKEN:
        return _charge(transaction)
    if transaction is None and not result.is_success:
        codes = [error.code for error in result.errors.deep_errors]
        raise NotCharged("invalid", f"{result.message} {' '.join(codes)}".strip())
    rejection = str(getattr(transaction, "gateway_rejection_reason", "") or "")
    if transaction.status in NOT_TAKEN and rejection != "duplicate":
        raise NotCharged(_reason(transaction, rejection), _words(transaction, rejection))
    # A duplicate of this reference means that an earlier charge of it exists: search for it.
    raise Uncertain(f"transaction {transaction.id} is {transaction.status} {rejection}")


def _reason(transaction: braintree.Transaction, rejection: str) -> str:
    """Return the refusal message's key. Codes: Braintree's "Authorization responses" page."""
    code = str(getattr(transaction, "processor_response_code", "") or "")
    if rejection in ("cvv", "avs_and_cvv") or code == "2010":
        return "cvv"
    known = {"2001": "funds", "2002": "funds", "2003": "funds", "2004": "expired", "2005": "number", "3000": "network"}
    return known.get(code, "declined")


def _words(transaction: braintree.Transaction, rejection: str) -> str:
    code = getattr(transaction, "processor_response_code", "") or ""
    text = getattr(transaction, "processor_response_text", "") or ""
    return " ".join(part for part in (transaction.status, rejection, str(code), str(text)) if part)


def _charge(transaction: braintree.Transaction) -> Charge:
    card = getattr(transaction, "credit_card_details", None)
    return Charge(
        gateway_id=transaction.id,
        reference=transaction.order_id or "",
        amount_cents=int(Decimal(str(transaction.amount)) * 100),
        status=transaction.status,
        card_brand=getattr(card, "card_type", "") or "",
        card_last_four=getattr(card, "last_4", "") or "",
        settlement_batch=getattr(transaction, "settlement_batch_id", "") or "",
    )
