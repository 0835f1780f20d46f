"""What the counter does for a resident who stands there, her identity checked: each look at her file is noted."""

from datetime import date

from peewee import fn

from domain.access import doors, password_reset, verification
from domain.billing import payment_slips
from domain.billing.allocation import Shares
from domain.common import audit, clock, outbox, rate_limits
from domain.common.letters import Letters
from domain.payments import refunds
from domain.people import household
from models import Account, Invoice, Payment, PaymentInvoice, Person, StaffAccount, write


class NoAccount(Exception):
    """Tried to read out a code for a card without an account."""


def open_file(staff: StaffAccount, card_number: str) -> Person | None:
    """Return a card's holder; the look is noted."""
    person = Person.get_or_none(Person.card_number == card_number)
    if person is not None:
        with write():
            audit.by_staff(staff, audit.Act.FILE_OPENED, person)
    return person


def account_of(person: Person) -> Account | None:
    """Return a person's account."""
    return Account.get_or_none(Account.person == person)


def read_out_code(staff: StaffAccount, person: Person, letters: Letters) -> str:
    """Return a one-time code that opens a new password; for someone set apart who has none, an account.

    Her identity is checked: an account that was to be verified is. Whoever reads her mail hears of the code at once.
    Raises: NoAccount.
    """
    account = account_of(person)
    if account is None and not verification.wants_code(person):
        raise NoAccount
    with write():
        audit.by_staff(staff, audit.Act.ONE_TIME_CODE, person)
        told = letters.write("code_read_out", person=person, moment=clock.now())
        outbox.write(household.address_of(person), *told, urgent=True)
        if account is None:
            return verification.read_out(person)
        verification.verify(account)
        return password_reset.read_out(account)


def verify_account(staff: StaffAccount, account_id: int) -> bool:
    """Note that the city asked the holder of an account, and that it is hers; return whether that was owed."""
    with write():
        account = Account.get_or_none(Account.id == account_id)
        if account is None or not verification.verify(account):
            return False
        audit.by_staff(staff, audit.Act.ACCOUNT_VERIFIED, account.person)
        return True


def unblock(staff: StaffAccount, person: Person) -> int:
    """Forget the wrong dates tried with a card; return how many there were."""
    with write():
        audit.by_staff(staff, audit.Act.CARD_UNBLOCKED, person)
        return rate_limits.clear(person.card_number)


def end_sessions(staff: StaffAccount, person: Person) -> int:
    """Close every way into a person's account, a telephone being lost; return how many browsers were signed out."""
    with write():
        audit.by_staff(staff, audit.Act.SESSIONS_ENDED, person)
        return doors.close_of(person)


def open_invoice(staff: StaffAccount, reference: str) -> Invoice | None:
    """Return the invoice a slip's reference stands for; the look is noted. Raises: payment_slips.BadReference."""
    invoice = Invoice.get_or_none(fn.LOWER(Invoice.number) == payment_slips.number_of(reference).lower())
    if invoice is not None:
        with write():
            audit.by_staff(staff, audit.Act.INVOICE_OPENED, subject=invoice.number)
    return invoice


def paid_on(invoice: Invoice) -> list[PaymentInvoice]:
    """Return what was paid of an invoice and has not come back, each with its payment, the oldest first."""
    return list(
        PaymentInvoice.select(PaymentInvoice, Payment)
        .join(Payment)
        .where(PaymentInvoice.invoice == invoice, Payment.state.in_(Payment.RECEIVED_STATES))
        .order_by(Payment.resolved_at, Payment.id)
    )


def is_being_paid(invoice: Invoice) -> bool:
    """Tell whether an online payment of an invoice is under way: the counter must not take the money as well."""
    return PaymentInvoice.select().where(PaymentInvoice.invoice == invoice, PaymentInvoice.is_open).exists()


def open_payment(staff: StaffAccount, reference: str) -> Payment | None:
    """Return a payment by its reference; the look at its payer's file is noted."""
    payment = Payment.get_or_none(Payment.reference == reference)
    if payment is not None:
        with write():
            audit.by_staff(staff, audit.Act.PAYMENT_OPENED, payment.payer, reference)
    return payment


def give_back(
    staff: StaffAccount,
    payment: Payment,
    amount_cents: int,
    seen_left_cents: int,
    reason: str,
    shares: Shares | None = None,
    *,
    knowingly: bool = False,
) -> None:
    """Commit a refund of some lines, or in proportion, and who asked it; of a disputed payment only `knowingly`.

    Raises: NotRefundable, TooMuch, LeftChanged, OtherLines, BeingDisputed.
    """
    with write():
        refunds.ask(payment, amount_cents, seen_left_cents, reason, shares=shares, knowingly=knowingly)
        audit.by_staff(staff, audit.Act.REFUND_ASKED, payment.payer, payment.reference)


def note_export(staff: StaffAccount, first: date, last: date) -> None:
    """Note that somebody took the payments of some days out of the portal."""
    with write():
        audit.by_staff(staff, audit.Act.PAYMENTS_EXPORTED, subject=f"{first} {last}")
