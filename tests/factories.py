"""Plain factories: each makes one row, or a small family of rows, with sensible values."""

from datetime import date, timedelta
from itertools import count

from domain import booking, ledger, money
from models import (
    Account,
    Household,
    Invoice,
    InvoiceLine,
    Membership,
    Payment,
    PaymentInvoice,
    Person,
    utcnow,
    write,
)

_numbers = count(1)


def make_household(code: str | None = None) -> Household:
    return Household.create(code=code or f"D{next(_numbers):08}")


def make_person(household: Household | None = None, **values) -> Person:
    n = next(_numbers)
    defaults = {
        "card_number": f"QMAGB{n:08}",
        "last_name": "Trần",
        "first_name": "Geneviève",
        "birth_date": date(1984, 2, 29),
        "expires_on": date.today() + timedelta(days=400),
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
    """An open invoice of one line, posted to the ledger; `total_cents` is before tax when `taxable`."""
    taxes = money.tax_lines([total_cents], [taxable])[0]
    today = date.today()
    defaults = {
        "number": f"F{next(_numbers):05}",
        "issued_on": today - timedelta(days=10),
        "due_on": today + timedelta(days=20),
        "subtotal_cents": total_cents,
        "tps_cents": taxes.tps_cents,
        "tvq_cents": taxes.tvq_cents,
        "total_cents": total_cents + taxes.tps_cents + taxes.tvq_cents,
    }
    person = values.pop("person", None)
    description = values.pop("description", "Club été, semaine 3")
    with write():
        invoice = Invoice.create(household=household, **(defaults | values))
        line = InvoiceLine.create(
            invoice=invoice,
            position=1,
            person=person,
            description=description,
            quantity_thousandths=1000,
            unit_price_cents=total_cents,
            net_cents=total_cents,
            tps_cents=taxes.tps_cents,
            tvq_cents=taxes.tvq_cents,
            tax_code=InvoiceLine.TAXABLE if taxable else InvoiceLine.EXEMPT,
            category="activity",
            ledger_account="4100",
        )
        ledger.post(ledger.issued(invoice, [line], posting=f"invoice:{invoice.number}:1"))
    return invoice


def pay_elsewhere(*parts: tuple[Invoice, int], method: str = Payment.CASH) -> Payment:
    """A payment taken at the counter, booked: so many cents of each invoice, even of one being paid by card."""
    values = {"source": "import", "method": method, "state": Payment.PAID, "resolved_at": utcnow()}
    with write():
        payment = Payment.create(
            reference=f"EXT-{next(_numbers)}", amount_cents=sum(cents for _, cents in parts), **values
        )
        links = [
            PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=cents) for invoice, cents in parts
        ]
        booking.book(payment, links, posting=f"payment:{payment.reference}")
    return payment
