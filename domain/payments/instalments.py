"""Invoices that are charged to a saved card on their day: announced three days before, tried three times in all.

The charge is a payment like any other: checkout commits it, the worker sends it, one open payment an invoice. The place
is never taken for it: after the last try the city is told.
"""

from datetime import date, timedelta

from domain.billing.invoices import NoSuchInvoice
from domain.billing.listener import Listener
from domain.common import alerts, clock, lifecycle, outbox
from domain.common.alerts import Kind
from domain.common.letters import Letters, Told
from domain.payments import card_consents, checkout
from domain.payments.card_consents import ANNOUNCED, CHARGING, GIVEN_UP, PLANNED, SETTLED, STOPPED, TRANSITIONS
from domain.payments.gateway import Refusal
from domain.payments.lifecycle import Unsent
from models import CardConsent, Instalment, Invoice, Payment, Person, SavedCard, hold, write

# After the first try and the second. Longer than a charge given up is still looked for (48 hours): one that shows up
# late is found before another is made.
AGAIN_AFTER = {1: timedelta(days=3), 2: timedelta(days=4)}
# What no card is to blame for: tried again, not counted.
NOT_THE_CARD = (Refusal.CITY, Refusal.UNREACHABLE, Unsent.STOPPED, Unsent.CHANGED, Unsent.NOT_FOUND)
# What no other day mends; networks forbid trying again.
HOPELESS = (Refusal.CARD_GONE, Refusal.EXPIRED, Refusal.NUMBER, Unsent.REMOVED)


def run(letters: Letters, today: date) -> int:
    """Announce and charge what is due, each in a transaction of its own; return how many were."""
    due = Instalment.select(Instalment.id).where(
        Instalment.state.in_((PLANNED, ANNOUNCED)), Instalment.next_on <= today
    )
    return sum(_advance(key, letters, today) for key in list(due.order_by(Instalment.next_on, Instalment.id).scalars()))


def _advance(key: int, letters: Letters, today: date) -> bool:
    """Announce or charge one; return whether this call did. Who pays it herself just now is let pay."""
    try:
        with write():
            hold(Invoice.select().where(Invoice.id == Instalment.get_by_id(key).invoice_id))
            instalment = Instalment.get_by_id(key)
            step = {PLANNED: _announce, ANNOUNCED: _charge}.get(instalment.state)
            return bool(step and instalment.next_on <= today and step(instalment, letters, today))
    except checkout.AlreadyUnderWay:
        return False


def _announce(instalment: Instalment, letters: Letters, today: date) -> bool:
    invoice, consent = instalment.invoice, instalment.consent
    if not invoice.balance_cents or not address_of(consent):
        return lifecycle.move(instalment, TRANSITIONS, STOPPED)
    if consent.first.balance_cents:  # nothing is theirs yet
        Instalment.update(next_on=today + timedelta(days=1)).where(Instalment.id == instalment.id).execute()
        return False
    charge_on = max(invoice.due_on, today + card_consents.ANNOUNCED_BEFORE)
    card = card_on(consent, charge_on)
    if card is None:
        return _leave_to_her(instalment, letters)
    moved = lifecycle.move(instalment, TRANSITIONS, ANNOUNCED, next_on=charge_on)
    if moved:
        _tell(instalment, "instalment_announced", letters, charge_on=charge_on, card=card)
    return moved


def _charge(instalment: Instalment, letters: Letters, today: date) -> bool:
    """Commit the payment and note that it is this instalment's, in one transaction. Raises: AlreadyUnderWay."""
    invoice, consent = instalment.invoice, instalment.consent
    card = card_on(consent, today)
    if not invoice.balance_cents:
        return lifecycle.move(instalment, TRANSITIONS, STOPPED)
    if card is None or consent.account is None or consent.account.person.status == Person.DECEASED:
        return _leave_to_her(instalment, letters)
    if not lifecycle.move(instalment, TRANSITIONS, CHARGING, tries=instalment.tries + 1):
        return False
    try:
        payment = checkout.create_agreed(consent.account, invoice, card)
    except NoSuchInvoice:  # her household no more
        return lifecycle.move(instalment, TRANSITIONS, STOPPED)
    Instalment.update(payment=payment).where(Instalment.id == instalment.id).execute()
    return True


def _leave_to_her(instalment: Instalment, letters: Letters) -> bool:
    """Say that no card can be charged: it is an ordinary invoice from now on."""
    moved = lifecycle.move(instalment, TRANSITIONS, STOPPED)
    if moved:
        _tell(instalment, "instalment_not_charged", letters)
    return moved


def card_on(consent: CardConsent, day: date) -> SavedCard | None:
    """Return the card to be charged on a day; None when it is removed, expired by then, or there never was one."""
    card = consent.card
    return card if card and card.state == SavedCard.KEPT and not card.is_expired_on(day) else None


def address_of(consent: CardConsent) -> str:
    """Return where whoever agreed is written to; nothing when she cannot be, or is not of that home any more."""
    account = consent.account
    if account is None or account.person.status == Person.DECEASED:
        return ""
    return account.confirmed_email if consent.first.household_id in account.household_ids() else ""


def _tell(instalment: Instalment, name: str, letters: Letters, **values: Told) -> None:
    address = address_of(instalment.consent)
    outbox.write(address, *letters.write(name, invoice=instalment.invoice, **values))


class Instalments(Listener):
    """Hears which card pays the first, and what became of each charge."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def paid(self, payment: Payment) -> None:
        """Note the card that is to be charged next."""
        card_consents.remember_card(payment)

    def settled(self, invoice: Invoice) -> None:
        """Charge no more what is paid, whoever paid it."""
        found = Instalment.get_or_none(Instalment.invoice == invoice)
        if found and found.state != SETTLED and lifecycle.move(found, TRANSITIONS, SETTLED):
            alerts.settle(Kind.INSTALMENT_UNPAID, invoice.number)

    def not_paid(self, payment: Payment) -> None:
        """Say that the card was declined and when it is tried again; after the last try, tell the city."""
        found = Instalment.get_or_none(Instalment.payment == payment, Instalment.state == CHARGING)
        if found is None:
            return
        again, today = AGAIN_AFTER.get(found.tries), clock.today()
        if found.consent.withdrawn_at:
            lifecycle.move(found, TRANSITIONS, STOPPED)
        elif payment.refusal in NOT_THE_CARD:
            later = today + AGAIN_AFTER[1]
            lifecycle.move(found, TRANSITIONS, ANNOUNCED, next_on=later, tries=found.tries - 1)
        elif again and payment.refusal not in HOPELESS:
            lifecycle.move(found, TRANSITIONS, ANNOUNCED, next_on=today + again)
            _tell(found, "instalment_declined", self._letters, payment=payment, next_on=today + again)
        else:
            self._give_up(found, payment)

    def _give_up(self, instalment: Instalment, payment: Payment) -> None:
        lifecycle.move(instalment, TRANSITIONS, GIVEN_UP)
        number = instalment.invoice.number
        alerts.raise_alert(Kind.INSTALMENT_UNPAID, number, invoice=number, amount_cents=payment.amount_cents)
        _tell(instalment, "instalment_declined", self._letters, payment=payment, next_on=None)
