"""Plain factories: each makes one row, or a small family of rows, with sensible values."""

from datetime import date, time, timedelta
from itertools import count

from domain.billing import allocation, credit_notes, issuing
from domain.billing.issuing import LineDraft
from domain.billing.listener import Listener
from domain.common import clock
from models import (
    Account,
    Activity,
    CreditNote,
    Household,
    Invoice,
    InvoiceLine,
    Membership,
    Payment,
    PaymentInvoice,
    Person,
    Place,
    Refund,
    Registration,
    Reservation,
    SavedCard,
    StaffAccount,
    StaffRole,
    TaxReceipt,
    write,
)

_numbers = count(5_000)  # far from the cards that tests name


def make_household(code: str | None = None) -> Household:
    return Household.create(code=code or f"D{next(_numbers):08}")


def make_person(household: Household | None = None, **values) -> Person:
    n = next(_numbers)
    defaults = {
        "card_number": f"QMAGB{n:08}",
        "last_name": "Trần",
        "first_name": "Geneviève",
        "birth_date": date(1984, 2, 29),
        "expires_on": clock.today() + timedelta(days=400),
        "address": "12, rue Merry Nord",
        "city": "Magog",
        "postal_code": "J1X 2B6",
        "phone": "819 843-0000",
    }
    person = Person.create(**(defaults | values))
    Membership.create(household=household or make_household(), person=person)
    return person


def make_account(person: Person | None = None, username: str | None = None, **values) -> Account:
    username = username or f"citoyen{next(_numbers)}"
    return Account.create(
        person=person or make_person(),
        username=username,
        username_key=username.casefold(),
        **({"password_hash": "never matches"} | values),
    )


def make_invoice(household: Household, total_cents: int = 10_000, *, taxable: bool = False, **values) -> Invoice:
    """An open invoice of one line; `total_cents` is before tax when `taxable`."""
    person = values.pop("person", None)
    line = LineDraft(
        description=values.pop("description", "Club été, semaine 3"),
        quantity_thousandths=1_000,
        unit_price_cents=total_cents,
        tax_code=InvoiceLine.TAXABLE if taxable else InvoiceLine.EXEMPT,
        category=values.pop("category", "activity"),
        ledger_account="4100",
        person=person.id if isinstance(person, Person) else person,
    )
    return make_invoice_of(household, [line], **values)


def make_invoice_of(household: Household, lines: list[LineDraft], **values) -> Invoice:
    """An open invoice of these lines."""
    today = clock.today()
    values = {"number": f"F{next(_numbers):05}"} | values
    days = {"issued_on": today - timedelta(days=10), "due_on": today + timedelta(days=20)}
    made = issuing.draft(household=household.id, lines=lines, **(days | values))
    with write():
        issuing.issue([made], Listener())
    return Invoice.get(Invoice.number == made.number)


def pay_elsewhere(
    *parts: tuple[Invoice, int], method: str = Payment.CASH, listener: Listener | None = None, **values
) -> Payment:
    """A payment taken at the counter, booked: so many cents of each invoice, even of one being paid by card."""
    defaults = {"source": "import", "method": method, "state": Payment.PAID, "resolved_at": clock.now()}
    defaults |= {"reference": f"EXT-{next(_numbers)}", "amount_cents": sum(cents for _, cents in parts)}
    with write():
        payment = Payment.create(**(defaults | values))
        links = [
            PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=cents) for invoice, cents in parts
        ]
        allocation.book(payment, links, listener or Listener())
    return payment


def take_back(payment: Payment, cents: int, *, owed_again: bool = False, shares=None, **values) -> CreditNote:
    """A credit note on a payment: of a refund, or of money that came back when `owed_again`. No gateway is asked."""
    with write():
        made = {"payment": payment, "amount_cents": cents, "cause": "staff", "state": Refund.DONE}
        refund = None if owed_again else Refund.create(**made)
        note = credit_notes.issue(
            payment,
            shares or allocation.in_proportion(payment, cents),
            reason="absence",
            owed_again=owed_again,
            listener=Listener(),
            refund=refund,
        )
        if values:
            CreditNote.update(**values).where(CreditNote.id == note.id).execute()
    return note


def make_payment_under_way(*invoices: Invoice, **values) -> Payment:
    """A payment by card of the whole of some invoices, its outcome not known yet."""
    due = sum(invoice.balance_cents for invoice in invoices)
    defaults = {"reference": f"P{next(_numbers)}", "amount_cents": due, "state": Payment.UNKNOWN}
    payment = Payment.create(**(defaults | values))
    for invoice in invoices:
        PaymentInvoice.create(
            payment=payment, invoice=invoice, amount_cents=invoice.balance_cents, is_open=payment.is_open
        )
    return payment


def make_staff(username: str = "agente", *roles: str, **values) -> StaffAccount:
    """Someone of the city, of the counter unless told, who enters with no password here."""
    defaults = {"username_key": username.casefold(), "password_hash": "never matches"}
    staff = StaffAccount.create(username=username, **(defaults | values))
    for role in roles or (StaffRole.COUNTER,):
        StaffRole.create(staff=staff, role=role)
    return staff


def make_saved_card(account: Account, **values) -> SavedCard:
    """A card kept for an account; the gateway's vault is not told."""
    n = next(_numbers)
    defaults = {
        "reference": f"guichet-{n}",
        "state": SavedCard.KEPT,
        "token": f"token{n}",
        "brand": "Visa",
        "last_four": "1111",
        "expires_on": clock.today() + timedelta(days=400),
    }
    return SavedCard.create(account=account, **(defaults | values))


def make_tax_receipt(payer: Person, **values) -> TaxReceipt:
    """A gift's receipt, though nothing was paid."""
    n = next(_numbers)
    defaults = {
        "number": f"D{n:06}",
        "kind": TaxReceipt.DONATION,
        "year": clock.today().year,
        "subject": f"gift {n}",
        "amount_cents": 5_000,
        "printed": "{}",
    }
    return TaxReceipt.create(payer=payer, **(defaults | values))


def make_place(**values) -> Place:
    n = next(_numbers)
    defaults = {
        "code": f"lieu-{n}",
        "name": f"Salle {n}",
        "kind": "room",
        "address": "90, rue Saint-David",
        "city": "Magog",
        "phone": "819 843-3333",
        "accessible": True,
        "hours": "lun-ven 08:00-22:00",
    }
    return Place.create(**(defaults | values))


def make_activity(place: Place | None = None, **values) -> Activity:
    """An activity of one day a week, tomorrow's, for four weeks, from 9:00 to 10:30."""
    tomorrow = clock.today() + timedelta(days=1)
    defaults = {
        "code": f"activite-{next(_numbers)}",
        "title": "Yoga du matin",
        "starts_on": tomorrow,
        "ends_on": tomorrow + timedelta(days=27),
        "weekdays": Activity.WEEKDAYS[tomorrow.weekday()],
        "starts_at": time(9),
        "ends_at": time(10, 30),
        "place": place or make_place(),
        "tax_code": "taxable",
        "category": "activity",
        "bring": "Un tapis",
    }
    return Activity.create(**(defaults | values))


def make_registration(person: Person, activity: Activity | None = None, **values) -> Registration:
    defaults = {"code": f"I{next(_numbers)}", "registered_on": clock.today()}
    return Registration.create(person=person, activity=activity or make_activity(), **(defaults | values))


def make_reservation(household: Household, place: Place | None = None, **values) -> Reservation:
    """A reservation of four hours, in two days."""
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    defaults = {"code": f"L{next(_numbers)}", "starts_at": start, "ends_at": start + timedelta(hours=4)}
    return Reservation.create(household=household, place=place or make_place(), **(defaults | values))
