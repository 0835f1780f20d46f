"""The messages that follow what happens: written to the outbox, sent afterwards."""

from peewee import fn

from city import City
from domain.billing import credit_notes
from domain.billing.listener import Listener
from domain.common import alerts, clock, formats, outbox
from domain.common.alerts import Kind
from domain.common.facts import Values
from domain.common.letters import Letters, Told
from domain.payments import payer_letters
from models import (
    Account,
    CreditNote,
    Dispute,
    HandedBack,
    Membership,
    Overpayment,
    Payment,
    Person,
    Refund,
    UnmatchedCharge,
)

BRAINTREE = "braintree"


def _tell_if_given_back_too(payment: Payment) -> None:
    """Tell the city of a payment that came back and of which something was given back: that much is lost."""
    refunds = Refund.select(fn.SUM(Refund.amount_cents)).where(Refund.payment == payment, Refund.state == Refund.DONE)
    given = refunds.scalar()
    if given and Payment.get_by_id(payment.id).is_reversed:
        told: Values = {"reference": payment.reference, "amount_cents": int(given)}
        alerts.raise_alert(Kind.REFUNDED_THEN_REVERSED, payment.reference, **told)


class Notifier(Listener):
    """Tells the payer, and the city, what became of a payment, in the transaction in which it happens."""

    def __init__(self, letters: Letters, city: City) -> None:
        self._letters = letters
        self._city = city

    def paid(self, payment: Payment) -> None:
        """Send the receipt to who paid."""
        payer_letters.send_receipt(payment.receipts.get(), self._letters)

    def unmatched(self, payment: Payment, charge: UnmatchedCharge) -> None:
        """Say that money was taken that pays nothing, and goes back."""
        self._write(payment, "unexpected", charge=charge)

    def overpaid(self, overpayment: Overpayment) -> None:
        """Say that money came in twice: to who paid it, else to each address of the invoice's household."""
        payer = overpayment.payment.payer
        home = Membership.select(Membership.person).where(Membership.household == overpayment.invoice.household_id)
        whom = Account.person == payer if payer else Account.person.in_(home)
        for account in Account.select(Account, Person).join(Person).where(whom):
            self._tell(account, "overpaid", overpayment=overpayment)

    def reversed(self, payment: Payment, note: CreditNote) -> None:
        """Say that a payment came back: its invoices are due again. The city hears of it too."""
        whole = note.amount_cents == payment.amount_cents
        self._write(payment, "reversed", note=note, invoices=credit_notes.taken_by(note), whole=whole)
        told: Values = {"reference": payment.reference, "state": note.reason, "credit_note": note.number}
        alerts.raise_alert(Kind.PAYMENT_REVERSED, payment.reference, **told)
        self._tell_city("reversed_staff", payment=payment, note=note)
        _tell_if_given_back_too(payment)

    def refunded(self, payment: Payment, note: CreditNote) -> None:
        """Say that money was given back."""
        self._write(payment, "refunded", note=note)
        _tell_if_given_back_too(payment)

    def refund_declined(self, payment: Payment, note: CreditNote) -> None:
        """Say that money given back did not arrive, and is still owed. The city hears of it too."""
        told: dict[str, Told] = {"note": note, "charge": None, "amount": formats.money(-note.amount_cents)}
        self._write(payment, "refund_declined", **told)
        self._tell_city("refund_declined_staff", payment=payment, **told)

    def return_declined(self, payment: Payment, charge: UnmatchedCharge, cents: int) -> None:
        """Say the same of what was returned of a charge that pays nothing here."""
        amount = formats.in_currency(cents, charge.currency)
        told: dict[str, Told] = {"note": None, "charge": charge, "amount": amount}
        self._write(payment, "refund_declined", **told)
        self._tell_city("refund_declined_staff", payment=payment, **told)

    def handed_back(self, payment: Payment, handed: HandedBack) -> None:
        """Say how money was given back, and when."""
        amount = formats.in_currency(handed.amount_cents, handed.charge.currency)
        self._write(payment, "handed_back", handed=handed, amount=amount)

    def disputed(self, payment: Payment, dispute: Dispute) -> None:
        """Tell the city of a dispute that it may answer, and until when; one that is decided waits for nobody."""
        if dispute.state != Dispute.OPEN:
            alerts.settle(Kind.DISPUTE_OPENED, dispute.gateway_id)
            return
        answer_by = (dispute.answer_by or clock.today()).isoformat()
        told: Values = {"reference": payment.reference, "amount_cents": dispute.amount_cents, "reason": dispute.kind}
        alerts.raise_alert(Kind.DISPUTE_OPENED, dispute.gateway_id, answer_by_on=answer_by, **told)
        self._tell_city("dispute_staff", payment=payment, dispute=dispute)

    def won_back(self, payment: Payment, note: CreditNote) -> None:
        """Say that what a dispute had taken came back, and pays its invoices again. The city hears of it too."""
        self._write(payment, "won_back", note=note, invoices=credit_notes.taken_by(note))
        told: Values = {"reference": payment.reference, "amount_cents": -note.amount_cents, "credit_note": note.number}
        alerts.raise_alert(Kind.DISPUTE_WON, note.number, **told)
        self._tell_city("won_back_staff", payment=payment, note=note)

    def lost_twice(self, payment: Payment, cents: int) -> None:
        """Tell the city of what it gave back and lost by a dispute."""
        if cents > 0:
            alerts.raise_alert(Kind.LOST_TWICE, payment.reference, reference=payment.reference, amount_cents=cents)
        else:
            alerts.settle(Kind.LOST_TWICE, payment.reference)

    def account_refused(self, words: str) -> None:
        """Tell the city, once while it lasts, that nobody can pay by card until it mends its account."""
        if alerts.open_once(Kind.ACCOUNT_REFUSED, BRAINTREE, answer=words):
            self._tell_city("account_refused_staff", words=words)

    def account_works(self) -> None:
        """Note that a charge passed: what was refused is mended."""
        alerts.settle(Kind.ACCOUNT_REFUSED, BRAINTREE)

    def _write(self, payment: Payment, name: str, **values: Told) -> None:
        payer_letters.send(payment, name, self._letters, **values)

    def _tell_city(self, name: str, **values: Told) -> None:
        outbox.write(self._city.help.email, *self._letters.write(name, **values))

    def _tell(self, account: Account, name: str, **values: Told) -> None:
        if account.confirmed_email and account.person.status != Person.DECEASED:
            outbox.write(account.confirmed_email, *self._letters.write(name, **values))
