"""What the house asks of a card gateway, in its own words. adapters/braintree/gateway.py keeps the promise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from models import Dispute

LIVE, SETTLED, DECLINED_LATER, VOIDED, NOT_TAKEN = "live", "settled", "declined later", "voided", "not taken"
STANDINGS = (LIVE, SETTLED, DECLINED_LATER, VOIDED, NOT_TAKEN)
OTHER_CURRENCY, OTHER_ACCOUNT = "another currency", "another merchant account"
CANADIAN_DOLLARS = "CAD"


class Refusal(StrEnum):
    """Why a card was not charged; its words stand in views/messages/paying."""

    UNREACHABLE = "unreachable"
    CARD_GONE = "card gone"  # a saved one that the vault has no more
    CVV = "cvv"
    POSTAL_CODE = "postal_code"
    POSTAL_CODE_AND_CVV = "postal_code_and_cvv"
    FUNDS = "funds"
    LIMIT = "limit"
    EXPIRED = "expired"
    DATE = "date"
    NUMBER = "number"
    KIND = "kind"
    CALL_BANK = "call_bank"
    AUTHENTICATION = "authentication"
    RULES = "rules"
    TOO_OFTEN = "too_often"
    CITY = "city"  # its keys, its merchant account, its settings there: no card changes that
    NETWORK = "network"
    INVALID = "invalid"
    DECLINED = "declined"


class Source(StrEnum):
    """Who starts a charge, where it is not simply the payer; the values are Braintree's `transaction_source`."""

    PAYER = ""
    FIRST = "recurring_first"  # by the payer, the first of a series that the city charges then
    NEXT = "recurring"  # by the city, on the day and for the amount agreed to


# What may be wrong with a card that is typed, and not with the gateway or what it keeps.
OF_THE_CARD = tuple(reason for reason in Refusal if reason not in (Refusal.UNREACHABLE, Refusal.CARD_GONE))


@dataclass(frozen=True)
class KeptCard:
    """A card in the vault. `number_key` is the same for the same number; `expires_on` is its last day."""

    token: str
    brand: str
    last_four: str
    expires_on: date
    number_key: str = ""


@dataclass(frozen=True)
class CardDispute:
    """A cardholder's dispute of a charge: `kind` and `state` are those of the table, `lost_cents` what it took."""

    OPEN, WON, LOST, CHARGEBACK = Dispute.OPEN, Dispute.WON, Dispute.LOST, Dispute.CHARGEBACK

    gateway_id: str
    kind: str
    state: str
    amount_cents: int
    lost_cents: int = 0
    follows: str = ""  # the one it goes on with: a pre-arbitration after a chargeback
    received_on: date | None = None
    answer_by: date | None = None


def lost_cents(disputes: Iterable[CardDispute | Dispute]) -> int:
    """Return what disputes took of a charge: those that moved money, each by the last verdict on it."""
    ended = [one for one in disputes if one.state != Dispute.OPEN and one.kind != Dispute.RETRIEVAL]
    went_on = {one.follows for one in ended}
    return sum(one.lost_cents for one in ended if one.gateway_id not in went_on)


@dataclass(frozen=True)
class Charge:
    """Money taken, as the gateway tells it. `standing` is one of the words above; `status` is the gateway's own.

    `foreign` tells of money that is not Canadian dollars on the city's merchant account: it pays nothing here.
    """

    gateway_id: str
    reference: str
    amount_cents: int
    status: str
    card_brand: str
    card_last_four: str
    settlement_batch: str = ""
    standing: str = LIVE
    refund_ids: tuple[str, ...] = ()
    disputes: tuple[CardDispute, ...] = ()
    currency: str = CANADIAN_DOLLARS
    foreign: str = ""  # OTHER_CURRENCY, OTHER_ACCOUNT
    made_at: datetime | None = None  # UTC
    kept_card: KeptCard | None = None  # when the vault has it

    @property
    def lost_cents(self) -> int:
        return min(lost_cents(self.disputes), self.amount_cents)


@dataclass(frozen=True)
class Item:
    """What a charge pays of one invoice, kept beside it at the gateway; `payer` is our key of the person."""

    invoice_number: str
    amount_cents: int
    payer: str = ""


@dataclass(frozen=True)
class Credit:
    """A refund at the gateway, of the charge `charge_id`."""

    gateway_id: str
    charge_id: str
    reference: str
    amount_cents: int
    status: str
    settlement_batch: str = ""
    foreign: str = ""


@dataclass(frozen=True)
class GivenBack:
    """Money given back: the gateway's id of the refund, or of the charge that was voided."""

    gateway_id: str
    voided: bool


@dataclass(frozen=True)
class Notice:
    """A webhook whose signature was found right."""

    kind: str
    gateway_ids: tuple[str, ...]


class NotCharged(Exception):
    """Tried to charge a card, and surely nothing was taken. `words` are the gateway's."""

    def __init__(self, reason: Refusal, words: str = "") -> None:
        super().__init__(words or reason)
        self.reason = Refusal(reason)
        self.words = words or reason


class NotGivenBack(Exception):
    """Tried to give money back, and surely nothing was given."""


class ReturnRefused(NotGivenBack):
    """The gateway heard it, and gives nothing back: the same again may be refused again."""


class NotYet(Exception):
    """Tried to give a part back of a charge that is not settled yet: only the whole can be voided until then."""


class Uncertain(Exception):
    """Tried to reach the gateway, and the answer does not tell whether money moved."""


class NoSuchCharge(Exception):
    """Tried to find a charge the gateway does not know."""


class BadNotice(Exception):
    """Tried to hand in a webhook whose signature is wrong."""


class GatewayDown(Exception):
    """Tried to ask the gateway something that moves no money, and got no answer."""


class AccountRefused(Uncertain, GatewayDown):
    """Tried to ask anything of a gateway that refuses the city's keys or merchant account: only the city mends it."""


class NotKept(Exception):
    """Tried to keep a card, and the vault refused it. `words` are the gateway's."""

    def __init__(self, reason: Refusal, words: str = "") -> None:
        super().__init__(words or reason)
        self.reason = Refusal(reason)


@dataclass(frozen=True)
class MerchantAccount:
    """The city's account at the gateway: its currency, and whether it is active there."""

    currency: str
    status: str

    ACTIVE = "active"


class Gateway(Protocol):
    """Takes card payments. `charge` and `give_back` move money; all wait for the network."""

    def charge(
        self,
        reference: str,
        amount_cents: int,
        nonce: str,
        items: Sequence[Item] = (),
        *,
        token: str,
        keep_as: str,
        source: str,
    ) -> Charge:
        """Charge a card once, typed or saved. Raises: NotCharged, Uncertain."""

    def search(self, reference: str) -> list[Charge]:
        """Find the charges that took money under a reference. Raises: Uncertain."""

    def find(self, gateway_id: str) -> Charge:
        """Ask how a charge stands now. Raises: NoSuchCharge, Uncertain."""

    def items(self, gateway_id: str) -> list[Item]:
        """Return what was kept beside a charge. Raises: Uncertain."""

    def give_back(self, gateway_id: str, amount_cents: int) -> GivenBack:
        """Void a charge, or refund so much of it. Raises: NotGivenBack, NotYet, Uncertain."""

    def made_between(self, start: datetime, end: datetime) -> list[Charge]:
        """Return the charges that took money made between two UTC moments. Raises: Uncertain."""

    def voided_between(self, start: datetime, end: datetime) -> list[Charge]:
        """Return the charges made between two UTC moments that were voided since. Raises: Uncertain."""

    def given_back_between(self, start: datetime, end: datetime) -> list[Credit]:
        """Return the refunds made between two UTC moments. Raises: Uncertain."""

    def settled_between(self, start: datetime, end: datetime) -> tuple[list[Charge], list[Credit]]:
        """Return the charges and refunds settled between two UTC moments. Raises: Uncertain."""

    def its_moment(self) -> datetime:
        """Return what time it is there, in UTC. Raises: GatewayDown."""

    def disputed_between(self, first: date, last: date) -> list[Charge]:
        """Return the charges of which a dispute was received on these days. Raises: Uncertain."""

    def client_token(self) -> str:
        """Ask for the token that the card fields need. Raises: GatewayDown."""

    def merchant_account(self) -> MerchantAccount | None:
        """Return the account that is charged on, None when there is none of its name. Raises: GatewayDown."""

    def notice(self, signature: str, payload: str) -> Notice:
        """Read a webhook. Raises: BadNotice."""

    def gone_cards(self, references: Sequence[str]) -> set[str]:
        """Return those of these references under which the vault has no card any more. Raises: GatewayDown."""

    def keep_card(self, reference: str, nonce: str) -> KeptCard:
        """Put a card in the vault under a reference. Raises: NotKept, GatewayDown."""

    def kept_card(self, reference: str) -> KeptCard | None:
        """Return the card in the vault under a reference. Raises: GatewayDown."""

    def forget_card(self, reference: str) -> None:
        """Take the card under a reference out of the vault; none there is as good. Raises: GatewayDown."""
