"""Braintree: with failures.py the only `import braintree`. Decimal amounts exist here and in transactions.py alone."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlparse

import braintree
import requests
from braintree import exceptions as sdk

from adapters.braintree import transactions
from adapters.braintree.failures import REFUSES_THE_CITY, not_answered, surely_unheard, vault_silent
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
    MerchantAccount,
    NoSuchCharge,
    NotCharged,
    NotGivenBack,
    Notice,
    NotKept,
    NotYet,
    Refusal,
    ReturnRefused,
    Uncertain,
)
from settings import PRODUCTION, SANDBOX, Settings

CONNECT_SECONDS = 10
Search = braintree.TransactionSearch


class BraintreeGateway:
    """Charges cards through Braintree's SDK. Every method waits for the network: never call one on a request thread."""

    def __init__(self, settings: Settings) -> None:
        self._account = settings.merchant_account_id
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
        source: str = "",
    ) -> Charge:
        """Charge a card once, settlement included: typed (`nonce`), or saved (`token`).

        `items` are kept beside the charge, to find again what it paid; `keep_as` puts the card charged in the vault.
        `source` says that a series of charges begins or goes on ("Transaction: sale", transaction_source).
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
        if source:
            order["transaction_source"] = source
        if items:
            order["line_items"] = [transactions.line_item(item) for item in items]
        if self._account:
            order["merchant_account_id"] = self._account
        try:
            result = self._sdk.transaction.sale(order)
        except Exception as problem:  # any failure at all, even inside the SDK, may hide a charge
            if isinstance(problem, REFUSES_THE_CITY):
                raise NotCharged(Refusal.CITY, repr(problem)) from problem
            if surely_unheard(problem):
                raise NotCharged(Refusal.UNREACHABLE, repr(problem)) from problem
            raise Uncertain(repr(problem)) from problem
        return transactions.outcome(result, self._account)

    @waits
    def search(self, reference: str) -> list[Charge]:
        """Return the charges that took money under a reference, the first made first. Raises: Uncertain."""
        found = self._found(Search.order_id == reference)
        unclear = [row.status for row in found if not transactions.is_clear(row)]
        if unclear:
            raise Uncertain(f"a transaction is {unclear[0]}")
        return transactions.taken(found, self._account)

    @waits
    def made_between(self, start: datetime, end: datetime) -> list[Charge]:
        """Return the charges that took money made between two UTC moments, in their order. Raises: Uncertain."""
        made = self._found(Search.created_at.between(start, end))
        # what another system of the city has under way says nothing of ours
        return transactions.taken([row for row in made if transactions.is_clear(row)], self._account)

    @waits
    def voided_between(self, start: datetime, end: datetime) -> list[Charge]:
        """Return the charges made between two UTC moments that were voided since. Raises: Uncertain."""
        found = self._found(Search.created_at.between(start, end), Search.status == braintree.Transaction.Status.Voided)
        charges = [transactions.charge(row, self._account) for row in found if row.type == "sale"]
        return sorted(charges, key=lambda charge: charge.made_at)

    @waits
    def given_back_between(self, start: datetime, end: datetime) -> list[Credit]:
        """Return the refunds made between two UTC moments. Raises: Uncertain."""
        found = self._found(Search.created_at.between(start, end), Search.type == "credit")
        return [transactions.credit(row, self._account) for row in found if row.status in transactions.TAKEN]

    @waits
    def settled_between(self, start: datetime, end: datetime) -> tuple[list[Charge], list[Credit]]:
        """Return the charges and the refunds settled between two UTC moments. Raises: Uncertain."""
        found = self._found(Search.settled_at.between(start, end))
        sales = [transactions.charge(row, self._account) for row in found if row.type == "sale"]
        return sales, [transactions.credit(row, self._account) for row in found if row.type == "credit"]

    @waits
    def disputed_between(self, first: date, last: date) -> list[Charge]:
        """Return the charges of which a dispute was received on these days. Raises: Uncertain.

        The gateway's day may be UTC's: in our evening it is tomorrow there, and what came today would be missed.
        """
        days = Search.dispute_date.between(first.isoformat(), (last + timedelta(days=1)).isoformat())
        return [transactions.charge(row, self._account) for row in self._found(days)]

    @waits
    def items(self, gateway_id: str) -> list[Item]:
        """Return what was kept beside a charge; nothing when it was made without. Raises: Uncertain."""
        try:
            return [transactions.item(row) for row in self._sdk.transaction_line_item.find_all(gateway_id)]
        except sdk.not_found_error.NotFoundError:
            return []
        except Exception as problem:
            raise not_answered(problem) from problem

    def _found(self, *criteria: object) -> list[braintree.Transaction]:
        try:
            return list(self._sdk.transaction.search(*criteria))
        except Exception as problem:
            raise not_answered(problem) from problem

    @waits
    def find(self, gateway_id: str) -> Charge:
        """Ask how a charge stands now. Raises: NoSuchCharge, Uncertain."""
        try:
            return transactions.charge(self._sdk.transaction.find(gateway_id), self._account)
        except sdk.not_found_error.NotFoundError as problem:
            raise NoSuchCharge(gateway_id) from problem
        except Exception as problem:
            raise not_answered(problem) from problem

    @waits
    def give_back(self, gateway_id: str, amount_cents: int) -> GivenBack:
        """Void a charge while it is unsettled, else refund so much of it.

        Raises: NotGivenBack, NotYet (a part of an unsettled charge), Uncertain.
        """
        charge = self.find(gateway_id)
        if charge.standing == LIVE and charge.status in transactions.VOIDABLE:
            if amount_cents != charge.amount_cents:
                raise NotYet(gateway_id)
            return GivenBack(self._moving(self._sdk.transaction.void, gateway_id), voided=True)
        if charge.standing not in (LIVE, SETTLED):
            raise NotGivenBack(f"the charge is {charge.status}")
        if charge.status not in transactions.REFUNDABLE:
            raise NotYet(gateway_id)
        wanted = transactions.decimal(amount_cents)
        return GivenBack(self._moving(self._sdk.transaction.refund, gateway_id, wanted), voided=False)

    def _moving(self, act: Callable, *arguments: str) -> str:
        """Do what gives money back; return its id. Raises: NotGivenBack when surely nothing moved, else Uncertain."""
        try:
            result = act(*arguments)
        except Exception as problem:
            if surely_unheard(problem):
                raise NotGivenBack(repr(problem)) from problem
            raise Uncertain(repr(problem)) from problem
        if result is None:
            raise Uncertain("an answer that is neither a transaction nor an error")
        if not result.is_success:
            raise ReturnRefused(result.message)
        return result.transaction.id

    def notice(self, signature: str, payload: str) -> Notice:
        """Check a webhook's signature, without the network, and read it.

        Raises: BadNotice.
        """
        try:
            parsed = self._sdk.webhook_notification.parse(signature, payload)
        except Exception as problem:  # whatever a forged payload makes the SDK trip over
            raise BadNotice from problem
        return transactions.notice(parsed)

    @waits
    def keep_card(self, reference: str, nonce: str) -> KeptCard:
        """Put a card in the vault, as the only one of a new customer; its bank is asked first.

        Raises: NotKept, GatewayDown.
        """
        options = {"verify_card": True}
        if self._account:
            options["verification_merchant_account_id"] = self._account
        wanted = {"id": reference, "payment_method_nonce": nonce, "credit_card": {"options": options}}
        result = self._vault(self._sdk.customer.create, wanted)
        if result is None:
            raise GatewayDown(reference)
        if not result.is_success:
            raise NotKept(transactions.why_not_kept(result), result.message)
        return transactions.card_of(result.customer)

    @waits
    def kept_card(self, reference: str) -> KeptCard | None:
        """Return the card in the vault under a reference, None when there is none. Raises: GatewayDown."""
        customer = self._vault(self._sdk.customer.find, reference)
        return customer and transactions.card_of(customer)

    @waits
    def gone_cards(self, references: Sequence[str]) -> set[str]:
        """Return those of these references under which the vault has no card any more. Raises: GatewayDown."""
        named = braintree.CustomerSearch.ids.in_list(list(references))
        found = self._vault(lambda: list(self._sdk.customer.search(named)))
        return set(references) - {customer.id for customer in found if customer.credit_cards}

    @waits
    def forget_card(self, reference: str) -> None:
        """Delete the customer of a reference, and its card with it; none there is as good. Raises: GatewayDown."""
        self._vault(self._sdk.customer.delete, reference)

    @waits
    def merchant_account(self) -> MerchantAccount | None:
        """Return the account that is charged on, None when there is none of its name. Raises: GatewayDown."""
        found = self._vault(self._sdk.merchant_account.find, self._account)
        return MerchantAccount(found.currency_iso_code, found.status) if found else None

    @waits
    def client_token(self) -> str:
        """Ask for the token the card fields need. Raises: GatewayDown."""
        options = {"merchant_account_id": self._account} if self._account else {}
        return self._vault(self._sdk.client_token.generate, options) or ""

    @waits
    def its_moment(self) -> datetime:
        """Return what time the gateway's server says it is, in UTC, to the second. Raises: GatewayDown."""
        try:
            answer = requests.get(self._sdk.config.environment.base_url, timeout=CONNECT_SECONDS)
            return parsedate_to_datetime(answer.headers["Date"]).replace(tzinfo=None)
        except (requests.RequestException, KeyError, ValueError) as problem:
            raise GatewayDown(repr(problem)) from problem

    def _vault(self, act: Callable, *arguments: object) -> Any:
        """Ask something that moves no money; None when there is no such thing. Raises: GatewayDown."""
        try:
            return act(*arguments)
        except sdk.not_found_error.NotFoundError:
            return None
        except Exception as problem:
            raise vault_silent(problem) from problem


def _environment(settings: Settings) -> braintree.Environment:
    if settings.gateway_environment == PRODUCTION:
        return braintree.Environment.Production
    if settings.gateway_environment == SANDBOX:
        return braintree.Environment.Sandbox
    at = urlparse(settings.simulator_url)
    host, port = at.hostname, str(at.port or 80)
    return braintree.Environment("simulator", host, port, "", False, None, host, port)
