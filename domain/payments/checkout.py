"""Committing a payment: what is due now, on invoices nobody else is paying. The charge itself comes after."""

import secrets
from collections.abc import Sequence

from peewee import IntegrityError

from domain.billing.invoices import NoSuchInvoice
from domain.common.codes import readable_secret
from domain.payments import card_consents, card_tries, saved_cards
from models import Account, GuestPayer, Invoice, Payment, PaymentEvent, PaymentInvoice, SavedCard, hold, write

BROWSER, AGREED = "browser", "instalment"  # an event's cause
MOST_AT_ONCE = 249  # the line items that Braintree keeps beside a charge, one an invoice ("Transaction: sale")


class NothingDue(Exception):
    """Tried to pay invoices of which none has anything left to pay."""


class AmountChanged(Exception):
    """Tried to pay an amount that is not, or no longer, what is due."""

    def __init__(self, due_cents: int) -> None:
        super().__init__(due_cents)
        self.due_cents = due_cents


class AlreadyUnderWay(Exception):
    """Tried to pay invoices of which one is already being paid by `payment`."""

    def __init__(self, payment: Payment, invoices: Sequence[Invoice]) -> None:
        super().__init__(payment.reference)
        self.payment = payment
        self.invoices = invoices


class SomeUnderWay(AlreadyUnderWay):
    """Tried to pay a selection of which only a part is already being paid: nothing is charged."""


class SeveralHouseholds(Exception):
    """Tried to pay invoices of two households at once: each must be able to see the whole of its payments."""


def new_reference() -> str:
    """Return a reference such as PX7K-2M4Q, easy to read aloud."""
    letters = readable_secret(7)
    return f"P{letters[:3]}-{letters[3:]}"


def create(
    account: Account,
    numbers: Sequence[str],
    seen_cents: int,
    nonce: str,
    *,
    card: SavedCard | None = None,
    keep: bool = False,
    address: str = "",
    proven: bool = False,
) -> Payment:
    """Commit a payment of the whole balance of the invoices, to be charged by a worker.

    The amount comes from the invoices; `seen_cents` is what the payer saw. `card` is the saved one that pays instead of
    the one typed; `keep` puts the one typed in the vault, as an agreement to later charges does; `address` is whence it
    is asked, `proven` says that a proof of work came along.
    Raises: NoSuchInvoice, NothingDue, SeveralHouseholds, AmountChanged, AlreadyUnderWay, SomeUnderWay, NotNow.
    """
    with write():
        payment = _commit(account, account.household_ids(), numbers, seen_cents, nonce)
        _seat(payment, account, address, proven)
        saved_cards.use(payment, card, keep or card_consents.begins(payment))
    return payment


def create_agreed(account: Account, invoice: Invoice, card: SavedCard) -> Payment:
    """Commit a payment that the city starts on the day agreed to: nobody tries cards by it, and it takes no seat.

    Raises: NoSuchInvoice when it is no more her household's, NothingDue, AlreadyUnderWay.
    """
    with write():
        payment = _commit(account, account.household_ids(), [invoice.number], invoice.balance_cents, "", AGREED)
        saved_cards.use(payment, card, keep=False)
    return payment


def create_for_guest(
    invoice: Invoice,
    seen_cents: int,
    nonce: str,
    name: str,
    email: str = "",
    *,
    wants_pdf: bool = False,
    address: str = "",
    proven: bool = False,
) -> Payment:
    """Commit a payment by someone without an account, who proved to hold the invoice; its key opens it later.

    Raises: NothingDue, AmountChanged, AlreadyUnderWay, NotNow.
    """
    with write():
        payment = _commit(None, [invoice.household_id], [invoice.number], seen_cents, nonce)
        _seat(payment, None, address, proven)
        GuestPayer.create(payment=payment, name=name, email=email, key=secrets.token_urlsafe(24), wants_pdf=wants_pdf)
    return payment


def _commit(
    account: Account | None,
    household_ids: list[int],
    numbers: Sequence[str],
    seen_cents: int,
    nonce: str,
    cause: str = BROWSER,
) -> Payment:
    try:
        with write():
            hold(Invoice.of(household_ids).where(Invoice.number.in_(numbers)))  # from an import that changes them
            return _create(account, household_ids, numbers, seen_cents, nonce, cause)
    except IntegrityError:
        # the partial unique index on open payments: someone was a moment ahead
        _refuse_if_under_way(list(Invoice.of(household_ids).where(Invoice.number.in_(numbers))))
        raise


def _create(
    account: Account | None,
    household_ids: list[int],
    numbers: Sequence[str],
    seen_cents: int,
    nonce: str,
    cause: str = BROWSER,
) -> Payment:
    chosen = list(Invoice.of(household_ids).where(Invoice.number.in_(numbers)))
    if len(chosen) != len(set(numbers)):
        raise NoSuchInvoice
    _refuse_if_under_way(chosen)
    due = [invoice for invoice in chosen if invoice.balance_cents > 0]
    if not due:
        raise NothingDue
    if len({invoice.household_id for invoice in due}) > 1:
        raise SeveralHouseholds
    due_cents = sum(invoice.balance_cents for invoice in due)
    if due_cents != seen_cents:
        raise AmountChanged(due_cents)
    payment = Payment.create(
        reference=new_reference(),
        account=account,
        payer=account and account.person_id,
        amount_cents=due_cents,
        nonce=nonce,
    )
    for invoice in due:
        PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=invoice.balance_cents, is_open=True)
    PaymentEvent.create(payment=payment, name="created", to_state=Payment.CREATED, cause=cause)
    return payment


def _seat(payment: Payment, account: Account | None, address: str, proven: bool) -> None:
    """Count the card where it is tried. Raises: NotNow, and then nothing was committed."""
    invoices = [link.invoice for link in payment.invoice_links.join(Invoice)]
    numbers, home = [one.number for one in invoices], invoices[0].household.code
    where = card_tries.places(address, account.person_id if account else None, numbers, home)
    card_tries.note(where, payment.reference, proven=proven)


def _refuse_if_under_way(chosen: Sequence[Invoice]) -> None:
    """Raises: AlreadyUnderWay when one payment covers the whole selection, SomeUnderWay when only a part."""
    links = list(
        PaymentInvoice.select(PaymentInvoice, Payment)
        .join(Payment)
        .where(PaymentInvoice.invoice.in_(chosen), PaymentInvoice.is_open)
    )
    if not links:
        return
    taken = {link.invoice_id for link in links}
    busy = [invoice for invoice in chosen if invoice.id in taken]
    whole = len(busy) == len(chosen) and len({link.payment_id for link in links}) == 1
    raise (AlreadyUnderWay if whole else SomeUnderWay)(links[0].payment, busy)
