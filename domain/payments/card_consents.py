"""The consent to have later invoices charged to the card that pays the first: given, kept, withdrawn at any time."""

from collections.abc import Sequence
from datetime import date, timedelta

from peewee import JOIN, ModelSelect

from domain.common import clock, lifecycle
from domain.payments import saved_cards
from domain.payments.gateway import Source
from models import Account, CardConsent, Instalment, Invoice, Membership, Payment, PaymentInvoice, SavedCard, write

WORDS = "2026-11"  # the version of the words agreed to; views/messages/instalments has them
ANNOUNCED_BEFORE = timedelta(days=3)

PLANNED, ANNOUNCED, CHARGING = Instalment.PLANNED, Instalment.ANNOUNCED, Instalment.CHARGING
SETTLED, STOPPED, GIVEN_UP = Instalment.SETTLED, Instalment.STOPPED, Instalment.GIVEN_UP

TRANSITIONS = {
    PLANNED: {ANNOUNCED, STOPPED, SETTLED},
    ANNOUNCED: {CHARGING, STOPPED, SETTLED},
    CHARGING: {ANNOUNCED, GIVEN_UP, STOPPED, SETTLED},
    STOPPED: {SETTLED},
    GIVEN_UP: {SETTLED},
    SETTLED: set(),
}


class NoSuchConsent(Exception):
    """Tried to withdraw a consent that does not exist, or is another account's."""


def give(account_id: int, invoices: Sequence[Invoice], words: str) -> CardConsent | None:
    """Keep that the later ones of these invoices are to be charged, in the caller's transaction.

    None when there is only one.
    """
    first, *later = invoices
    if not later:
        return None
    consent = CardConsent.create(account=account_id, first=first, words=words)
    for invoice in later:
        Instalment.create(consent=consent, invoice=invoice, next_on=invoice.due_on - ANNOUNCED_BEFORE)
    return consent


def begins(payment: Payment) -> bool:
    """Tell whether a payment is of the first of invoices whose next ones its payer agreed to have charged."""
    paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.payment == payment)
    return _live(payment.account_id).where(CardConsent.first.in_(paid)).exists()


def begins_with(account: Account, invoices: Sequence[Invoice]) -> bool:
    """Tell the same of invoices that an account is about to pay."""
    return _live(account.id).where(CardConsent.first.in_([one.id for one in invoices])).exists()


def source_of(payment: Payment) -> Source:
    """Return who starts a charge, as card networks want it told."""
    if Instalment.select().where(Instalment.payment == payment, Instalment.state == CHARGING).exists():
        return Source.NEXT
    return Source.FIRST if begins(payment) else Source.PAYER


def remember_card(payment: Payment) -> None:
    """Note which card is to be charged, in the transaction that books the first payment."""
    card = saved_cards.of(payment)
    if card and card.state == SavedCard.KEPT:
        paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.payment == payment)
        mine = (CardConsent.account == payment.account_id) & CardConsent.withdrawn_at.is_null()
        CardConsent.update(card=card).where(mine, CardConsent.first.in_(paid)).execute()


def of(account: Account) -> list[tuple[CardConsent, list[Instalment]]]:
    """Return an account's consents that still hold, each with what is still to be charged: one query."""
    first = Invoice.alias()
    mine = Membership.select(Membership.household).where(Membership.person == account.person_id)
    rows = (
        Instalment.select(Instalment, Invoice, CardConsent, first, SavedCard)
        .join(Invoice)
        .switch(Instalment)
        .join(CardConsent)
        .join(first, on=CardConsent.first == first.id)
        .switch(CardConsent)
        .join(SavedCard, JOIN.LEFT_OUTER)
        .where(
            CardConsent.account == account,
            CardConsent.withdrawn_at.is_null(),
            Invoice.household.in_(mine),  # what stays with a home that she left is not hers to see
            Instalment.state.in_(Instalment.LIVE),
            Invoice.status == Invoice.OPEN,
        )
        .order_by(Invoice.due_on, Instalment.id)
    )
    found: dict[int, tuple[CardConsent, list[Instalment]]] = {}
    for row in rows:
        found.setdefault(row.consent_id, (row.consent, []))[1].append(row)
    return list(found.values())


def of_invoice(account: Account, invoice: Invoice) -> Instalment | None:
    """Return how an invoice is to be charged to an account's card; None when it is not."""
    mine = (CardConsent.account == account) & CardConsent.withdrawn_at.is_null()
    live = Instalment.select(Instalment, Invoice).join(Invoice).switch(Instalment).join(CardConsent)
    return live.where(mine, Instalment.invoice == invoice, Instalment.state.in_(Instalment.LIVE)).first()


def find(account: Account, number: str) -> CardConsent:
    """Return an account's consent by its first invoice, withdrawn or not. Raises: NoSuchConsent."""
    rows = CardConsent.select(CardConsent, Invoice).join(Invoice)
    found = rows.where(CardConsent.account == account, Invoice.number == number).first()
    if found is None:
        raise NoSuchConsent(number)
    return found


def depend_on(card: SavedCard) -> bool:
    """Tell whether something is still to be charged to a card."""
    planned = Instalment.select().join(CardConsent).where(CardConsent.card == card, CardConsent.withdrawn_at.is_null())
    return planned.where(Instalment.state.in_(Instalment.LIVE)).exists()


def withdraw(consent: CardConsent) -> None:
    """Charge nothing more of it: what is left are ordinary invoices. A charge under way is not called back."""
    with write():
        _withdraw(consent)


def withdraw_all(account: Account) -> None:
    """Withdraw every consent of an account that is being closed, in the caller's transaction."""
    for consent in _live(account.id):
        _withdraw(consent)


def announce_again(today: date) -> None:
    """Have what was announced announced anew, in the caller's transaction: a copy put back may not know of a charge."""
    again = Instalment.state.in_((ANNOUNCED, CHARGING))
    Instalment.update(state=PLANNED, next_on=today, payment=None).where(again).execute()


def _live(account_id: int | None) -> "ModelSelect[CardConsent]":
    return CardConsent.select().where(CardConsent.account == account_id, CardConsent.withdrawn_at.is_null())


def _withdraw(consent: CardConsent) -> None:
    mine = CardConsent.id == consent.id, CardConsent.withdrawn_at.is_null()
    CardConsent.update(withdrawn_at=clock.now()).where(*mine).execute()
    for instalment in Instalment.select().where(
        Instalment.consent == consent, Instalment.state.in_((PLANNED, ANNOUNCED))
    ):
        lifecycle.move(instalment, TRANSITIONS, STOPPED)
