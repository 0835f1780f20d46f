"""Who hears what becomes of money: in the transaction in which it happens, whatever the money came by.

Money imports no subject: registrations, reservations and messages listen to it, and app.py says who does. Nobody has a
veto: what a listener cannot honour, it owes back and puts before a person.
"""

import logging
from collections.abc import Callable, Sequence

from peewee import OperationalError

from domain.common import alerts
from models import (
    CreditNote,
    Dispute,
    HandedBack,
    Invoice,
    Overpayment,
    PartnerContract,
    Payment,
    UnmatchedCharge,
    write,
)

log = logging.getLogger("portal.listeners")


class Listener:
    """Hears everything and does nothing: a subject overrides what concerns it."""

    def settled(self, invoice: Invoice) -> None:
        """Hear that nothing is left to pay of an invoice, by card, file, counter or credit; or that it is of 0 $."""

    def contracted(self, contract: PartnerContract) -> None:
        """Hear that a household will owe by a contract: nothing is due yet."""

    def issued(self, invoice: Invoice) -> None:
        """Hear that an invoice of a contract is issued on its day."""

    def owed_again(self, invoice: Invoice) -> None:
        """Hear that money which had been booked onto an invoice went back without the city's wanting it.

        Nothing is cancelled for that, a registration least of all: a bank's word is not the resident's. It is listed.
        """

    def paid(self, payment: Payment) -> None:
        """Hear that a card payment was charged and booked; its receipt exists."""

    def not_paid(self, payment: Payment) -> None:
        """Hear that a card payment ended without a charge: refused, or never sent."""

    def unmatched(self, payment: Payment, charge: UnmatchedCharge) -> None:
        """Hear that money was taken that pays nothing here."""

    def overpaid(self, overpayment: Overpayment) -> None:
        """Hear that more came in elsewhere than an invoice owed."""

    def reversed(self, payment: Payment, note: CreditNote) -> None:
        """Hear that a payment came back: a settlement declined, a dispute lost, a void at the gateway."""

    def refunded(self, payment: Payment, note: CreditNote) -> None:
        """Hear that money was given back."""

    def refund_declined(self, payment: Payment, note: CreditNote) -> None:
        """Hear that the bank sent a refund back: `note` undoes its credit note."""

    def return_declined(self, payment: Payment, charge: UnmatchedCharge, cents: int) -> None:
        """Hear that the bank sent back so much of what was returned of a charge that pays nothing here."""

    def handed_back(self, payment: Payment, handed: HandedBack) -> None:
        """Hear that a person gave money back another way than on the card that it came from."""

    def disputed(self, payment: Payment, dispute: Dispute) -> None:
        """Hear that a cardholder disputes a payment, or how that stands now: open, won or lost."""

    def won_back(self, payment: Payment, note: CreditNote) -> None:
        """Hear that what a dispute had taken came back: a note below zero settles the invoices again."""

    def lost_twice(self, payment: Payment, cents: int) -> None:
        """Hear how much a dispute took that had been given back before; nothing when that holds no more."""

    def account_refused(self, words: str) -> None:
        """Hear that the gateway refuses the city's keys or merchant account."""

    def account_works(self) -> None:
        """Hear that a charge passed."""


class Listeners(Listener):
    """Several listeners as one. One that fails is undone alone, and listed: money is booked all the same."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners: Sequence[Listener] = listeners

    def settled(self, invoice: Invoice) -> None:
        self._tell(invoice.number, lambda one: one.settled(invoice))

    def contracted(self, contract: PartnerContract) -> None:
        self._tell(contract.number, lambda one: one.contracted(contract))

    def issued(self, invoice: Invoice) -> None:
        self._tell(invoice.number, lambda one: one.issued(invoice))

    def owed_again(self, invoice: Invoice) -> None:
        self._tell(invoice.number, lambda one: one.owed_again(invoice))

    def paid(self, payment: Payment) -> None:
        self._tell(payment.reference, lambda one: one.paid(payment))

    def not_paid(self, payment: Payment) -> None:
        self._tell(payment.reference, lambda one: one.not_paid(payment))

    def unmatched(self, payment: Payment, charge: UnmatchedCharge) -> None:
        self._tell(payment.reference, lambda one: one.unmatched(payment, charge))

    def overpaid(self, overpayment: Overpayment) -> None:
        self._tell(overpayment.payment.reference, lambda one: one.overpaid(overpayment))

    def reversed(self, payment: Payment, note: CreditNote) -> None:
        self._tell(payment.reference, lambda one: one.reversed(payment, note))

    def refunded(self, payment: Payment, note: CreditNote) -> None:
        self._tell(payment.reference, lambda one: one.refunded(payment, note))

    def refund_declined(self, payment: Payment, note: CreditNote) -> None:
        self._tell(payment.reference, lambda one: one.refund_declined(payment, note))

    def return_declined(self, payment: Payment, charge: UnmatchedCharge, cents: int) -> None:
        self._tell(payment.reference, lambda one: one.return_declined(payment, charge, cents))

    def handed_back(self, payment: Payment, handed: HandedBack) -> None:
        self._tell(payment.reference, lambda one: one.handed_back(payment, handed))

    def disputed(self, payment: Payment, dispute: Dispute) -> None:
        self._tell(payment.reference, lambda one: one.disputed(payment, dispute))

    def won_back(self, payment: Payment, note: CreditNote) -> None:
        self._tell(payment.reference, lambda one: one.won_back(payment, note))

    def lost_twice(self, payment: Payment, cents: int) -> None:
        self._tell(payment.reference, lambda one: one.lost_twice(payment, cents))

    def account_refused(self, words: str) -> None:
        self._tell("Braintree", lambda one: one.account_refused(words))

    def account_works(self) -> None:
        self._tell("Braintree", lambda one: one.account_works())

    def _tell(self, subject: str, tell: Callable[[Listener], None]) -> None:
        for listener in self._listeners:
            try:
                with write():
                    tell(listener)
            except OperationalError:  # the database itself: then nothing of this can be kept
                raise
            except Exception:
                log.exception("a listener failed; the money is booked all the same")
                alerts.raise_alert(alerts.Kind.LISTENER_FAILED, subject, subject=subject)
