"""Braintree, and the only `import braintree`. Decimal amounts exist here and nowhere else."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlparse

import braintree
import requests
from braintree import exceptions as sdk
from braintree.exceptions.http.connection_error import ConnectionError as WrappedConnectionError
from braintree.exceptions.http.timeout_error import ConnectTimeoutError

from domain.charging import (
    DECLINED_LATER,
    LIVE,
    NOT_TAKEN,
    SETTLED,
    VOIDED,
    BadNotice,
    Charge,
    GatewayDown,
    GivenBack,
    NoSuchCharge,
    NotCharged,
    NotGivenBack,
    Notice,
    NotYet,
    Uncertain,
)
from settings import PRODUCTION, SANDBOX, Settings

CONNECT_SECONDS = 10

Status = braintree.Transaction.Status
TAKEN = {
    Status.Authorized,
    Status.SubmittedForSettlement,
    Status.Settling,
    Status.SettlementPending,
    Status.SettlementConfirmed,
    Status.Settled,
}
REFUSED = {Status.ProcessorDeclined, Status.GatewayRejected, Status.Failed}
VOIDABLE = {Status.Authorized, Status.SubmittedForSettlement}
STANDINGS = {
    **dict.fromkeys(TAKEN, LIVE),
    Status.Settled: SETTLED,
    Status.SettlementDeclined: DECLINED_LATER,
    Status.SettlementFailed: DECLINED_LATER,
    Status.AuthorizationExpired: DECLINED_LATER,
    Status.Voided: VOIDED,
}

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
            "amount": _decimal(amount_cents),
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
        return self._search(braintree.TransactionSearch.order_id == reference)

    def made_between(self, start: datetime, end: datetime) -> list[Charge]:
        """Return the charges that took money made between two UTC moments, the first made first.

        Raises: Uncertain when the gateway does not answer.
        """
        return self._search(braintree.TransactionSearch.created_at.between(start, end))

    def _search(self, criterion: object) -> list[Charge]:
        try:
            found = list(self._sdk.transaction.search(criterion))
        except Exception as problem:
            raise Uncertain(repr(problem)) from problem
        # A refund bears the order id of its sale.
        sales = [transaction for transaction in found if transaction.type == "sale"]
        unclear = [sale.status for sale in sales if sale.status not in STANDINGS and sale.status not in REFUSED]
        if unclear:
            raise Uncertain(f"a sale is {unclear[0]}")
        taken = [_charge(transaction) for transaction in sorted(sales, key=lambda sale: sale.created_at)]
        return [charge for charge in taken if charge.standing in (LIVE, SETTLED)]

    def find(self, gateway_id: str) -> Charge:
        """Ask how a charge stands now.

        Raises: NoSuchCharge; Uncertain when the gateway does not answer.
        """
        try:
            return _charge(self._sdk.transaction.find(gateway_id))
        except sdk.not_found_error.NotFoundError as problem:
            raise NoSuchCharge(gateway_id) from problem
        except Exception as problem:
            raise Uncertain(repr(problem)) from problem

    def give_back(self, gateway_id: str, amount_cents: int) -> GivenBack:
        """Void a charge while it is unsettled, else refund so much of it.

        Raises: NotGivenBack, NotYet (a part of an unsettled charge), Uncertain.
        """
        charge = self.find(gateway_id)
        if charge.standing == LIVE and charge.status in VOIDABLE:
            if amount_cents != charge.amount_cents:
                raise NotYet(gateway_id)
            return self._void(gateway_id)
        if charge.standing not in (LIVE, SETTLED):
            raise NotGivenBack(f"the charge is {charge.status}")
        return self._refund(gateway_id, amount_cents)

    def _void(self, gateway_id: str) -> GivenBack:
        result = self._moving(self._sdk.transaction.void, gateway_id)
        return GivenBack(result.transaction.id, voided=True)

    def _refund(self, gateway_id: str, amount_cents: int) -> GivenBack:
        result = self._moving(self._sdk.transaction.refund, gateway_id, _decimal(amount_cents))
        return GivenBack(result.transaction.id, voided=False)

    def _moving(self, act: Callable, *words: str) -> object:
        """Do what gives money back. Raises: NotGivenBack when surely nothing moved, else Uncertain."""
        try:
            result = act(*words)
        except Exception as problem:
            if _never_connected(problem):
                raise NotGivenBack(repr(problem)) from problem
            raise Uncertain(repr(problem)) from problem
        if result is None:
            raise Uncertain("an answer that is neither a transaction nor an error")
        if not result.is_success:
            raise NotGivenBack(result.message)
        return result

    def notice(self, signature: str, payload: str) -> Notice:
        """Check a webhook's signature, without the network, and read it.

        Raises: BadNotice.
        """
        try:
            parsed = self._sdk.webhook_notification.parse(signature, payload)
        except Exception as problem:  # whatever a forged payload makes the SDK trip over
            raise BadNotice from problem
        transaction = getattr(parsed, "transaction", None)
        dispute = getattr(parsed, "dispute", None)
        disbursement = getattr(parsed, "disbursement", None)
        ids = list(getattr(disbursement, "transaction_ids", None) or [])
        ids += [transaction.id] if transaction else []
        ids += [dispute.transaction.id] if dispute else []
        return Notice(str(parsed.kind), tuple(dict.fromkeys(ids)))

    def client_token(self) -> str:
        """Ask for the token the card fields need.

        Raises: GatewayDown.
        """
        options = {"merchant_account_id": self._merchant_account} if self._merchant_account else {}
        try:
            return self._sdk.client_token.generate(options)
        except Exception as problem:
            raise GatewayDown(repr(problem)) from problem


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
    if transaction.status in REFUSED and rejection != "duplicate":
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
        standing=STANDINGS.get(transaction.status, NOT_TAKEN),
        refund_ids=tuple(getattr(transaction, "refund_ids", None) or ()),
        dispute=_dispute(transaction),
    )


def _dispute(transaction: braintree.Transaction) -> str:
    """Return how a dispute of the charge stands: open, won, lost, or nothing."""
    statuses = {dispute.status for dispute in getattr(transaction, "disputes", None) or ()}
    if statuses & {"lost", "accepted", "auto_accepted", "expired"}:
        return "lost"
    if statuses & {"open", "disputed", "under_review"}:
        return "open"
    return "won" if "won" in statuses else ""


def _decimal(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"
