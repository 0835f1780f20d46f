"""Coffre client: cards in the gateway's vault, each an account's alone. The worker asks the vault, never a page.

A card lives as: adding (or with the payment that brings it), kept, removing, removed. Each card is the only one of a
customer of its own at the gateway, named by its reference: asking again can neither make two nor remove another's.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import Expression

from domain.common import clock, lifecycle, rate_limits
from domain.common.codes import readable_secret
from domain.payments import card_tries
from domain.payments.context import Context
from domain.payments.gateway import GatewayDown, KeptCard, NotKept
from models import Account, CardConsent, Payment, PaymentCard, Person, SavedCard, Value, write

ADDING, WITH_PAYMENT, KEPT = SavedCard.ADDING, SavedCard.WITH_PAYMENT, SavedCard.KEPT
REFUSED, REMOVING, REMOVED = SavedCard.REFUSED, SavedCard.REMOVING, SavedCard.REMOVED

TRANSITIONS = {
    ADDING: {KEPT, REFUSED, REMOVING},
    WITH_PAYMENT: {KEPT, REFUSED, REMOVING},
    KEPT: {REMOVING, REMOVED},  # at once when the vault has it no more
    REFUSED: {REMOVING},
    REMOVING: {REMOVED},
    REMOVED: set(),
}


class Unkept(StrEnum):
    """Why a card is not there, beside the gateway's own reasons; its words stand in views/messages/paying."""

    LATE = "late"
    NOT_TAKEN = "not taken"
    GONE = "gone"  # deleted at the gateway


MOST_KEPT = 8
EXPIRES_SOON = timedelta(days=60)
ADD_WITHIN = timedelta(minutes=15)
LOOK_AGAIN, LOOK_AT_LEAST_EVERY = timedelta(seconds=3), timedelta(hours=1)
SHOWN_FOR = timedelta(hours=1)  # how a wish ended, on the room's page
FORGOTTEN_AFTER = timedelta(days=1)
CLAIMED_WITHIN = timedelta(days=3)  # a charge given up may show up for two days, and its card with it


class NoSuchCard(Exception):
    """Tried to use a saved card that does not exist or is another account's."""


class NotKeptAnyMore(Exception):
    """Tried to pay with one's own card that was removed, or that is expired."""


class TooManyCards(Exception):
    """Tried to add a card to an account that has as many as it may, or that tried too many in a day."""


class CardInUse(Exception):
    """Tried to remove a card with which a payment is under way."""


def cards(account: Account) -> list[SavedCard]:
    """Return an account's cards, the default first, with what is under way and what ended in the last hour.

    What a payment that failed would have kept was never seen, and is not told of.
    """
    ended_lately = SavedCard.state.in_((REFUSED, REMOVED)) & (SavedCard.changed_at > clock.now() - SHOWN_FOR)
    never_seen = (
        SavedCard.state.in_((REMOVING, REMOVED)) & (SavedCard.last_four == "") & (SavedCard.problem != Unkept.LATE)
    )
    return list(
        SavedCard.select()
        .where(
            SavedCard.account == account,
            SavedCard.state.in_((ADDING, KEPT, REMOVING)) | ended_lately,
            ~never_seen,
        )
        .order_by(SavedCard.is_default.desc(), SavedCard.id)
    )


def usable(account: Account, today: date) -> list[SavedCard]:
    """Return the cards an account may pay with, the default first."""
    return list(
        SavedCard.select()
        .where(SavedCard.account == account, SavedCard.state == KEPT, SavedCard.expires_on >= today)
        .order_by(SavedCard.is_default.desc(), SavedCard.id)
    )


def find(account: Account, reference: str) -> SavedCard:
    """Return an account's card, whatever became of it.

    Raises: NoSuchCard.
    """
    found = SavedCard.get_or_none(SavedCard.account == account, SavedCard.reference == reference)
    if found is None:
        raise NoSuchCard(reference)
    return found


def to_pay_with(account: Account, reference: str, today: date) -> SavedCard:
    """Return an account's card that can pay now.

    Raises: NoSuchCard, NotKeptAnyMore.
    """
    card = find(account, reference)
    if card.state != KEPT or card.is_expired_on(today):
        raise NotKeptAnyMore(reference)
    return card


def ask_add(account: Account, nonce: str, *, address: str = "", proven: bool = False) -> SavedCard:
    """Commit the wish to keep a card, to be carried out by a worker.

    `address` is whence it is asked, `proven` that a proof of work came along. Raises: TooManyCards, NotNow.
    """
    with write():
        same = SavedCard.get_or_none(SavedCard.account == account, SavedCard.nonce == nonce)
        if same:  # sent twice
            return same
        reference = _new_reference()
        card_tries.note(card_tries.places(address, account.person_id), reference, proven=proven)
        held = SavedCard.select().where(SavedCard.account == account, SavedCard.state.in_((ADDING, KEPT))).count()
        if held >= MOST_KEPT or rate_limits.is_reached(rate_limits.CARDS_ADDED, str(account.person_id)):
            raise TooManyCards
        rate_limits.count(rate_limits.CARDS_ADDED, str(account.person_id))
        return SavedCard.create(reference=reference, account=account, nonce=nonce)


def make_default(card: SavedCard) -> None:
    """Have a kept card offered first."""
    with write():
        SavedCard.update(is_default=False).where(SavedCard.account == card.account_id).execute()
        SavedCard.update(is_default=True).where(SavedCard.id == card.id, SavedCard.state == KEPT).execute()
        _choose_default(card.account_id)


def ask_removal(card: SavedCard) -> None:
    """Commit the wish to remove a card: it pays nothing from now on, and a worker has the vault forget it.

    Raises: CardInUse.
    """
    open_payments = PaymentCard.select().join(Payment).where(Payment.state.in_(Payment.OPEN_STATES))
    with write():
        if open_payments.where(PaymentCard.card == card).exists():
            raise CardInUse(card.reference)
        if card.state not in (REMOVING, REMOVED) and _move(card, REMOVING):
            _choose_default(card.account_id)


def remove_all(account: Account) -> None:
    """Commit the wish to remove every card of an account that is being closed, in the caller's transaction."""
    _remove(SavedCard.account == account)


def use(payment: Payment, card: SavedCard | None, keep: bool) -> None:
    """Note the saved card that pays, or that the one typed is to be kept, in the caller's transaction."""
    if card is None and keep:
        card = SavedCard.create(reference=_new_reference(), account=payment.account_id, state=WITH_PAYMENT)
    if card:
        PaymentCard.create(payment=payment, card=card)


def of(payment: Payment, account: Account | None = None) -> SavedCard | None:
    """Return the card of the vault that a payment uses, or brings; when an account is named, only if it is its own."""
    found = SavedCard.select().join(PaymentCard).where(PaymentCard.payment == payment)
    return (found.where(SavedCard.account == account) if account else found).first()


def how_to_charge(card: SavedCard | None) -> dict[str, str]:
    """Return what the gateway must know beside the nonce: the saved card's token, or where to keep the one typed."""
    if card is None:
        return {}
    return {"token": card.token or ""} if card.state == KEPT else {"keep_as": card.reference}


def charged(payment: Payment, kept: KeptCard | None) -> None:
    """Keep the card that a payment brought, in the transaction that books it; say so if the vault did not take it."""
    card = of(payment)
    if card is None or card.state != WITH_PAYMENT:
        return
    if kept:
        _keep(card, kept)
    else:
        _move(card, REFUSED, problem=Unkept.NOT_TAKEN)


def due_for_work() -> list[int]:
    """Return the ids of the cards for which the vault must be asked now."""
    due = lifecycle.is_due(SavedCard.due_at, clock.now(), LOOK_AT_LEAST_EVERY)
    rows = SavedCard.select(SavedCard.id).where(SavedCard.state.in_((ADDING, REMOVING)), due)
    return list(rows.scalars())


def advance(card_id: int, context: Context) -> None:
    """Have the vault keep or forget a card. When it does not answer, it is asked again later."""
    card = SavedCard.get_by_id(card_id)
    wait = min(LOOK_AGAIN * 2 ** min(card.tries, 20), LOOK_AT_LEAST_EVERY)
    with write():
        SavedCard.update(tries=card.tries + 1, due_at=clock.now() + wait).where(SavedCard.id == card_id).execute()
    with suppress(GatewayDown):
        if card.state == ADDING:
            _add(card, context)
        elif card.state == REMOVING:
            context.gateway.forget_card(card.reference)
            with write():
                _move(card, REMOVED)


def _add(card: SavedCard, context: Context) -> None:
    if clock.now() - card.created_at > ADD_WITHIN:
        with write():  # it may have been kept, its answer lost: removed to be sure
            _move(card, REMOVING, problem=Unkept.LATE)
        return
    kept = context.gateway.kept_card(card.reference) if card.tries else None
    try:
        kept = kept or context.gateway.keep_card(card.reference, card.nonce or "")
    except NotKept as refusal:
        # the first try, cut, may have come through
        kept = context.gateway.kept_card(card.reference) if card.tries else None
        if kept is None:
            with write():
                card_tries.ended(card.reference, refusal.reason)  # counts though its removal was asked meanwhile
                _move(card, REFUSED, problem=refusal.reason)
            return
    with write():
        _keep(card, kept)


def _keep(card: SavedCard, kept: KeptCard) -> None:
    """Write down what may be shown of a card; the same number kept before goes, this one being fresher."""
    values: dict[str, Value] = {"token": kept.token, "number_key": kept.number_key, "expires_on": kept.expires_on}
    if not _move(card, KEPT, brand=kept.brand, last_four=kept.last_four, problem="", **values):
        return
    if kept.number_key:
        same = (SavedCard.account == card.account_id) & (SavedCard.state == KEPT) & (SavedCard.id != card.id)
        same &= SavedCard.number_key == kept.number_key
        CardConsent.update(card=card).where(CardConsent.card.in_(SavedCard.select(SavedCard.id).where(same))).execute()
        _remove(same)
    _choose_default(card.account_id)


def _choose_default(account_id: int | None) -> None:
    """Have the first card of an account be its default when none is."""
    mine = SavedCard.select().where(SavedCard.account == account_id, SavedCard.state == KEPT)
    first = mine.order_by(SavedCard.is_default.desc(), SavedCard.id).first()
    if first and not first.is_default:
        SavedCard.update(is_default=True).where(SavedCard.id == first.id).execute()


def _remove(which: Expression) -> None:
    """Have the vault forget the cards that fit, in the caller's transaction."""
    for card in SavedCard.select().where(which, SavedCard.state.not_in((REMOVING, REMOVED))):
        _move(card, REMOVING)


def _move(card: SavedCard, to_state: str, **values: Value) -> bool:
    """Change a card's state once; return whether this call made the change. Only a kept card is a default."""
    if to_state != KEPT:
        values["is_default"] = False
    if to_state == REMOVED:
        values["token"] = None
    values |= {"nonce": None, "tries": 0, "changed_at": clock.now(), "due_at": clock.now()}
    moved = lifecycle.move(card, TRANSITIONS, to_state, **values)
    if moved and to_state in (KEPT, REMOVED):
        card_tries.ended(card.reference)
    return moved


def gone(card: SavedCard) -> None:
    """Take a card that the vault has no more out of its account's list, in the caller's transaction."""
    if card.state == KEPT and _move(card, REMOVED, problem=Unkept.GONE):
        _choose_default(card.account_id)


def forget_expired(now: datetime | None = None) -> None:
    """Delete what ended a day ago; remove what nobody claims, of payments that failed."""
    now = now or clock.now()
    with write():
        ended = SavedCard.state.in_((REFUSED, REMOVED)) & (SavedCard.changed_at < now - FORGOTTEN_AFTER)
        SavedCard.delete().where(ended).execute()
        _remove((SavedCard.state == WITH_PAYMENT) & (SavedCard.created_at < now - CLAIMED_WITHIN))


def forget_deceased() -> None:
    """Remove the cards of those who died: nobody signs in as them any more."""
    deceased = Account.select(Account.id).join(Person).where(Person.status == Person.DECEASED)
    with write():
        _remove((SavedCard.state == KEPT) & SavedCard.account.in_(deceased))


def _new_reference() -> str:
    return f"guichet-{readable_secret(16)}"
