"""Braintree, and the only `import braintree`. Decimal amounts exist here and in transactions.py, nowhere else."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from urllib.parse import urlparse

import braintree
import requests
from braintree import exceptions as sdk
from braintree.exceptions.http.connection_error import ConnectionError as WrappedConnectionError
from braintree.exceptions.http.timeout_error import ConnectTimeoutError

from adapters.braintree import transactions
from domain.common.network import waits
from domain.payments.gateway import (
    LIVE,
    SETTLED,
    BadNotice,
    Charge,
    Credit,
    GatewayDown,
    GivenBack,
    Item,
    KeptCard,
    NoSuchCharge,
    NotCharged,
    NotGivenBack,
    Notice,
    NotKept,
    NotYet,
    Refusal,
    Uncertain,
)
from settings import PRODUCTION, SANDBOX, Settings

CONNECT_SECONDS = 10
Search = braintree.TransactionSearch

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


def surely_unheard(problem: Exception) -> bool:
    """Tell whether the gateway surely did nothing; a connection cut after it was made may have carried the charge."""
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

    @waits
    def charge(
        self,
        reference: str,
        amount_cents: int,
        nonce: str,
        items: Sequence[Item] = (),
        *,
        token: str = "",
        keep_as: str = "",
    ) -> Charge:
        """Charge a card once, settlement included: typed (`nonce`), or saved (`token`).

        `items` are kept beside the charge, to find again what it paid; `keep_as` puts the card charged in the vault.
        Raises: NotCharged when surely nothing was taken; Uncertain when the answer does not say.
        """
        order = {
            "amount": transactions.decimal(amount_cents),
            "order_id": reference,
            "options": {"submit_for_settlement": True},
            **({"payment_method_token": token} if token else {"payment_method_nonce": nonce}),
        }
        if keep_as:  # Braintree makes the customer only when the charge passes ("Transaction: sale", customer, options)
            order["customer"] = {"id": keep_as}
            order["options"]["store_in_vault_on_success"] = True
        if items:
            order["line_items"] = [transactions.line_item(item) for item in items]
        if self._merchant_account:
            order["merchant_account_id"] = self._merchant_account
        try:
            result = self._sdk.transaction.sale(order)
        except Exception as problem:  # any failure at all, even inside the SDK, may hide a charge
            if surely_unheard(problem):
                raise NotCharged(Refusal.UNREACHABLE, repr(problem)) from problem
            raise Uncertain(repr(problem)) from problem
        return transactions.outcome(result)

    @waits
    def search(self, reference: str) -> list[Charge]:
        """Return the charges that took money under a reference, the first made first.

        Raises: Uncertain when the gateway does not answer.
        """
        found = self._found(Search.order_id == reference)
        unclear = [row.status for row in found if not transactions.is_clear(row)]
        if unclear:
            raise Uncertain(f"a transaction is {unclear[0]}")
        return transactions.taken(found)

    @waits
    def made_between(self, start: datetime, end: datetime) -> list[Charge]:
        """Return the charges that took money made between two UTC moments, the first made first.

        Raises: Uncertain when the gateway does not answer.
        """
        made = self._found(Search.created_at.between(start, end))
        # what another system of the city has under way says nothing of ours
        return transactions.taken([row for row in made if transactions.is_clear(row)])

    @waits
    def given_back_between(self, start: datetime, end: datetime) -> list[Credit]:
        """Return the refunds made between two UTC moments. Raises: Uncertain."""
        found = self._found(Search.created_at.between(start, end), Search.type == "credit")
        return [transactions.credit(row) for row in found if row.status in transactions.TAKEN]

    @waits
    def settled_between(self, start: datetime, end: datetime) -> tuple[list[Charge], list[Credit]]:
        """Return the charges and the refunds settled between two UTC moments. Raises: Uncertain."""
        found = self._found(Search.settled_at.between(start, end))
        sales = [transactions.charge(row) for row in found if row.type == "sale"]
        return sales, [transactions.credit(row) for row in found if row.type == "credit"]

    @waits
    def disputed_between(self, first: date, last: date) -> list[Charge]:
        """Return the charges of which a dispute was received on these days. Raises: Uncertain."""
        days = Search.dispute_date.between(first.isoformat(), last.isoformat())
        return [transactions.charge(row) for row in self._found(days)]

    @waits
    def items(self, gateway_id: str) -> list[Item]:
        """Return what was kept beside a charge; nothing when it was made without. Raises: Uncertain."""
        try:
            return [transactions.item(row) for row in self._sdk.transaction_line_item.find_all(gateway_id)]
        except sdk.not_found_error.NotFoundError:
            return []
        except Exception as problem:
            raise Uncertain(repr(problem)) from problem

    def _found(self, *criteria: object) -> list[braintree.Transaction]:
        try:
            return list(self._sdk.transaction.search(*criteria))
        except Exception as problem:
            raise Uncertain(repr(problem)) from problem

    @waits
    def find(self, gateway_id: str) -> Charge:
        """Ask how a charge stands now.

        Raises: NoSuchCharge; Uncertain when the gateway does not answer.
        """
        try:
            return transactions.charge(self._sdk.transaction.find(gateway_id))
        except sdk.not_found_error.NotFoundError as problem:
            raise NoSuchCharge(gateway_id) from problem
        except Exception as problem:
            raise Uncertain(repr(problem)) from problem

    @waits
    def give_back(self, gateway_id: str, amount_cents: int) -> GivenBack:
        """Void a charge while it is unsettled, else refund so much of it.

        Raises: NotGivenBack, NotYet (a part of an unsettled charge), Uncertain.
        """
        charge = self.find(gateway_id)
        if charge.standing == LIVE and charge.status in transactions.VOIDABLE:
            if amount_cents != charge.amount_cents:
                raise NotYet(gateway_id)
            return self._void(gateway_id)
        if charge.standing not in (LIVE, SETTLED):
            raise NotGivenBack(f"the charge is {charge.status}")
        if charge.status not in transactions.REFUNDABLE:
            raise NotYet(gateway_id)
        return self._refund(gateway_id, amount_cents)

    def _void(self, gateway_id: str) -> GivenBack:
        result = self._moving(self._sdk.transaction.void, gateway_id)
        return GivenBack(result.transaction.id, voided=True)

    def _refund(self, gateway_id: str, amount_cents: int) -> GivenBack:
        result = self._moving(self._sdk.transaction.refund, gateway_id, transactions.decimal(amount_cents))
        return GivenBack(result.transaction.id, voided=False)

    def _moving(self, act: Callable, *arguments: str) -> object:
        """Do what gives money back. Raises: NotGivenBack when surely nothing moved, else Uncertain."""
        try:
            result = act(*arguments)
        except Exception as problem:
            if surely_unheard(problem):
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

    @waits
    def keep_card(self, reference: str, nonce: str) -> KeptCard:
        """Put a card in the vault, as the only one of a new customer; its bank is asked first.

        Raises: NotKept, GatewayDown.
        """
        options = {"verify_card": True}
        if self._merchant_account:
            options["verification_merchant_account_id"] = self._merchant_account
        wanted = {"id": reference, "payment_method_nonce": nonce, "credit_card": {"options": options}}
        try:
            result = self._sdk.customer.create(wanted)
        except Exception as problem:
            raise GatewayDown(repr(problem)) from problem
        if not result.is_success:
            raise NotKept(transactions.why_not_kept(result), result.message)
        return transactions.card_of(result.customer)

    @waits
    def kept_card(self, reference: str) -> KeptCard | None:
        """Return the card in the vault under a reference, None when there is none. Raises: GatewayDown."""
        try:
            return transactions.card_of(self._sdk.customer.find(reference))
        except sdk.not_found_error.NotFoundError:
            return None
        except Exception as problem:
            raise GatewayDown(repr(problem)) from problem

    @waits
    def forget_card(self, reference: str) -> None:
        """Delete the customer of a reference, and its card with it; none there is as good. Raises: GatewayDown."""
        try:
            self._sdk.customer.delete(reference)
        except sdk.not_found_error.NotFoundError:
            return
        except Exception as problem:
            raise GatewayDown(repr(problem)) from problem

    @waits
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
