"""Who reads a payment, and what of it: all who paid; the others of its household, what it paid.

Where the payer lives stands on her own copy alone. Her card is read by those she lives with, and by nobody else:
someone may be hiding from someone, and a city's own file may move her before anybody says so.
"""

from models import Account, Invoice, Membership, Payment, PaymentInvoice


def may_read(payment: Payment, account: Account) -> bool:
    """Tell whether an account may see a payment: one's own, or of invoices that are all one's households'."""
    if is_payer(payment, account):
        return True
    paid = Invoice.select(Invoice.household).join(PaymentInvoice).where(PaymentInvoice.payment == payment)
    owners = set(paid.scalars())
    return bool(owners) and owners <= set(account.household_ids())


def is_payer(payment: Payment, account: Account) -> bool:
    """Tell whether a payment is the account's person's own; a payment by nobody known is nobody's."""
    return payment.payer_id == account.person_id


def reads_card(payment: Payment, account: Account) -> bool:
    """Tell whether an account may see with which card something was paid."""
    return payment.payer_id in at_home(account)


def at_home(account: Account) -> set[int]:
    """Return the ids of those whose cards an account may see: who shares a household with it, and its own person."""
    theirs = Membership.select(Membership.person).where(Membership.household.in_(account.household_ids()))
    return {account.person_id, *theirs.scalars()}
