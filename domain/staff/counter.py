"""What the counter does for a resident who stands there, her identity checked: each look at her file is noted."""

from datetime import date

from peewee import fn

from domain.access import doors, password_reset, verification
from domain.billing import payment_slips
from domain.billing.allocation import Shares
from domain.billing.listener import Listener
from domain.common import audit, clock, outbox, rate_limits
from domain.common.letters import Letters
from domain.payments import refunds
from domain.people import household
from models import (
    Account,
    Invoice,
    InvoiceLine,
    Membership,
    Payment,
    PaymentInvoice,
    Person,
    StaffAccount,
    StaffSession,
    UnverifiedAccount,
    write,
)


class NoAccount(Exception):
    """Tried to read out a code for a card without an account."""


def open_file(visit: StaffSession, card_number: str) -> Person | None:
    """Return a card's holder; the look is noted, once a visit."""
    person = Person.get_or_none(Person.card_number == card_number)
    if person is not None:
        audit.look(visit, audit.Act.FILE_OPENED, person)
    return person


def accounts_to_verify(visit: StaffSession) -> list[UnverifiedAccount]:
    """Return the accounts to verify, the oldest first; a look at each holder's file is noted."""
    owed = verification.owed()
    for one in owed:
        audit.look(visit, audit.Act.ACCOUNT_READ, one.account.person_id)
    return owed


def account_of(person: Person) -> Account | None:
    """Return a person's account."""
    return Account.get_or_none(Account.person == person)


def read_out_code(staff: StaffAccount, person: Person, letters: Letters) -> str:
    """Return a one-time code that opens a new password; for someone set apart who has none, an account.

    Her identity is checked: an account that was to be verified is once she spends it. Whoever reads her mail hears of
    the code at once.
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
        return password_reset.read_out(account)


def verify_account(staff: StaffAccount, account_id: int) -> bool:
    """Note that the city asked the holder of an account, and that it is hers; return whether that was owed."""
    with write():
        account = next((one.account for one in verification.owed() if one.account_id == account_id), None)
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


def open_invoice(visit: StaffSession, reference: str) -> Invoice | None:
    """Return the invoice a slip's reference stands for; the look is noted for those it concerns.

    Raises: payment_slips.BadReference.
    """
    invoice = Invoice.get_or_none(fn.LOWER(Invoice.number) == payment_slips.number_of(reference).lower())
    if invoice is not None:
        payers = {link.payment.payer_id for link in paid_on(invoice)}
        _note_look(visit, audit.Act.INVOICE_OPENED, [invoice.id], payers, invoice.number)
    return invoice


def _note_look(visit: StaffSession, act: audit.Act, invoices: list[int], payers: set[int | None], subject: str) -> None:
    """Note a look for who paid and for whom the lines are; nobody being named, for the accounts of the household."""
    lines = InvoiceLine.select(InvoiceLine.person).where(InvoiceLine.invoice.in_(invoices))
    concerned = {person for person in (*payers, *lines.scalars()) if person} or _readers(invoices)
    for person in sorted(concerned) or [None]:
        audit.look(visit, act, person, subject)


def _readers(invoices: list[int]) -> set[int]:
    households = Invoice.select(Invoice.household).where(Invoice.id.in_(invoices))
    members = Membership.select(Membership.person).where(Membership.household.in_(households))
    return set(Account.select(Account.person).where(Account.person.in_(members)).scalars())


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


def open_payment(visit: StaffSession, reference: str) -> Payment | None:
    """Return a payment by its reference; the look is noted for its payer, and for whom its lines are."""
    payment = Payment.get_or_none(Payment.reference == reference)
    if payment is not None:
        paid = PaymentInvoice.select(PaymentInvoice.invoice).where(PaymentInvoice.payment == payment)
        _note_look(visit, audit.Act.PAYMENT_OPENED, list(paid.scalars()), {payment.payer_id}, reference)
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


def hand_over(
    staff: StaffAccount,
    payment: Payment,
    amount_cents: int,
    seen_left_cents: int,
    reason: str,
    shares: Shares | None,
    method: str,
    listener: Listener,
    *,
    knowingly: bool = False,
) -> None:
    """Note the same of money that staff gave back another way than on the card, such as by cheque: done at once.

    Raises: as `give_back`.
    """
    with write():
        refunds.hand_over(payment, amount_cents, seen_left_cents, reason, shares, method, listener, knowingly=knowingly)
        audit.by_staff(staff, audit.Act.REFUND_HANDED_OVER, payment.payer, payment.reference)


def note_export(staff: StaffAccount, first: date, last: date) -> None:
    """Note that somebody took the payments of some days out of the portal."""
    with write():
        audit.by_staff(staff, audit.Act.PAYMENTS_EXPORTED, subject=f"{first} {last}")
