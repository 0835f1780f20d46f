"""What a program can check of the gateway before anybody pays: keys, account, currency, and that notices come."""

from datetime import timedelta
from enum import StrEnum

from domain.common import clock
from domain.common.facts import Fact
from domain.payments.gateway import CANADIAN_DOLLARS, AccountRefused, Gateway, GatewayDown, MerchantAccount
from models import Payment, WebhookEvent

CLOCKS_WITHIN = timedelta(seconds=20)  # codes of six digits change every thirty
NOTICES_WITHIN = timedelta(days=7)


class Wrong(StrEnum):
    """What may be wrong; commands/operations has the words."""

    DOWN = "gateway does not answer"
    REFUSED = "keys or account refused"
    NO_ACCOUNT = "no such account"
    CURRENCY = "another currency"
    INACTIVE = "account not active"
    NO_NOTICE = "no notice came"
    CLOCK = "clocks differ"


def problems(gateway: Gateway, account: str) -> list[Fact]:
    """Return what is wrong, asking the gateway and charging nothing; `account` is the city's, empty for the default."""
    try:
        found = gateway.merchant_account() if account else None
        if account and found is None:
            return [Fact(Wrong.NO_ACCOUNT, {"account": account})]
        gateway.client_token()
        apart = clock.now() - gateway.its_moment()
    except AccountRefused:
        return [Fact(Wrong.REFUSED)]
    except GatewayDown:
        return [Fact(Wrong.DOWN)]
    return [*(_of_account(found, account) if found else []), *_of_clock(apart)]


def _of_clock(apart: timedelta) -> list[Fact]:
    """Name a clock that is off: opening hours, codes of the telephone and the day of a payment would be too."""
    seconds = round(apart.total_seconds())
    return [Fact(Wrong.CLOCK, {"seconds": seconds})] if abs(apart) > CLOCKS_WITHIN else []


def _of_account(found: MerchantAccount, account: str) -> list[Fact]:
    wrong = []
    if found.currency != CANADIAN_DOLLARS:
        wrong.append(Fact(Wrong.CURRENCY, {"account": account, "currency": found.currency}))
    if found.status != MerchantAccount.ACTIVE:
        wrong.append(Fact(Wrong.INACTIVE, {"account": account, "status": found.status}))
    return wrong


def of_notices() -> list[Fact]:
    """Name it when cards were charged for a week and no notice of it came: they settle within a day or two."""
    since = clock.now() - NOTICES_WITHIN
    charged = Payment.select().where(Payment.gateway_id.is_null(False), Payment.submitted_at < since)
    if not charged.exists() or WebhookEvent.select().where(WebhookEvent.received_at > since).exists():
        return []
    return [Fact(Wrong.NO_NOTICE, {"days": NOTICES_WITHIN.days})]
