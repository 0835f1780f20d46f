"""Receipts are numbered without gaps, hold all they print, and are shown to their households only."""

import logging

import pytest

from city import City
from domain.billing import receipts
from domain.common import clock, numbering
from models import (
    Account,
    Household,
    Invoice,
    InvoiceLine,
    Membership,
    Payment,
    PaymentInvoice,
    Person,
    Receipt,
    database,
    write,
)
from tests.factories import make_account, make_household, make_invoice, make_person

pytestmark = pytest.mark.usefixtures("db")


def make_payment(*invoices: Invoice, payer: Person | None = None, **values) -> Payment:
    payment = Payment.create(
        reference=f"P{Payment.select().count():03}-TEST",
        state=Payment.PAID,
        amount_cents=sum(invoice.total_cents for invoice in invoices) or 100,
        payer=payer,
        **({"card_brand": "Visa", "card_last_four": "1111"} | values),
    )
    for invoice in invoices:
        PaymentInvoice.create(payment=payment, invoice=invoice, amount_cents=invoice.total_cents)
    return payment


def issued(*invoices: Invoice, payer: Person | None = None, **values) -> Receipt:
    with database.atomic():
        return receipts.issue(make_payment(*invoices, payer=payer, **values))


def account_in(*households: Household) -> Account:
    """Return the account of someone who belongs to these households, and to no other."""
    person = make_person()
    Membership.delete().where(Membership.person == person).execute()
    for household in households:
        Membership.create(household=household, person=person)
    return make_account(person)


def set_category(invoice: Invoice, category: str) -> None:
    InvoiceLine.update(category=category).where(InvoiceLine.invoice == invoice).execute()


def test_numbers_follow_each_other():
    household = make_household()
    assert [issued(make_invoice(household)).number for _ in range(3)] == ["R000001", "R000002", "R000003"]


def test_an_undone_payment_leaves_no_gap():
    household = make_household()
    issued(make_invoice(household))
    with database.atomic() as transaction:
        receipts.issue(make_payment(make_invoice(household)))
        transaction.rollback()
    assert issued(make_invoice(household)).number == "R000002"


def test_a_household_finds_its_receipt():
    household = make_household()
    receipt = issued(make_invoice(household), make_invoice(household))
    assert receipts.find(receipt.number, account_in(household)) == receipt


def test_a_payment_leads_to_its_receipt_once_it_has_one():
    invoice = make_invoice(make_household())
    payment = make_payment(invoice)
    assert receipts.of(payment) is None
    with write():
        receipt = receipts.issue(payment)
    assert receipts.of(payment) == receipt


def test_another_households_receipt_does_not_exist():
    receipt = issued(make_invoice(make_household()))
    nobody, stranger = account_in(), account_in(make_household())
    for other in (nobody, stranger):
        with pytest.raises(receipts.NoSuchReceipt):
            receipts.find(receipt.number, other)


def test_a_receipt_for_two_households_is_shown_to_who_belongs_to_both():
    mine, theirs = make_household(), make_household()
    receipt = issued(make_invoice(mine), make_invoice(theirs))
    assert receipts.find(receipt.number, account_in(mine, theirs)) == receipt
    with pytest.raises(receipts.NoSuchReceipt):
        receipts.find(receipt.number, account_in(mine))


def test_a_receipt_without_invoices_is_nobodys():
    receipt = issued()
    with pytest.raises(receipts.NoSuchReceipt):
        receipts.find(receipt.number, account_in(make_household()))


@pytest.mark.parametrize("number", ["R999999", "", "R000001\x00", "é" * 10_000])
def test_an_unknown_number_is_no_receipt(number: str):
    with pytest.raises(receipts.NoSuchReceipt):
        receipts.find(number, account_in(make_household()))


def test_the_document_holds_all_that_is_printed(city: City):
    household = make_household()
    child = make_person(household, first_name="Léo", last_name="Trần")
    payer = make_person(household, first_name="Geneviève", last_name="Trần")
    invoice = make_invoice(household, 10_000, taxable=True, person=child, description="Cours de natation")
    receipt = issued(invoice, payer=payer)

    document = receipts.document(receipt, city)

    assert (document.number, document.reference) == (receipt.number, receipt.payment.reference)
    assert (document.payer, document.payer_address) == ("Geneviève Trần", ["12, rue Merry Nord", "Magog  J1X 2B6"])
    assert document.card == "Visa se terminant par 1111"
    assert document.total_cents == 11_498
    [printed] = document.invoices
    assert (printed.number, printed.issued_on) == (invoice.number, invoice.issued_on)
    assert (printed.subtotal_cents, printed.tps_cents, printed.tvq_cents) == (10_000, 500, 998)
    assert (printed.total_cents, printed.paid_cents) == (11_498, 11_498)
    [line] = printed.lines
    assert (line.description, line.whom) == ("Cours de natation", "Léo Trần")
    assert (line.quantity_thousandths, line.unit_price_cents, line.net_cents) == (1_000, 10_000, 10_000)


def test_each_invoice_keeps_its_own_lines_in_order(city: City):
    household = make_household()
    first = make_invoice(household, number="F1", description="premier")
    second = make_invoice(household, number="F2", description="deuxième")
    line = InvoiceLine.get(InvoiceLine.invoice == first)
    copied = {name: value for name, value in line.__data__.items() if name != "id"}
    InvoiceLine.create(**copied | {"position": 2, "description": "suite"})
    document = receipts.document(issued(second, first), city)
    assert [[line.description for line in invoice.lines] for invoice in document.invoices] == [
        ["premier", "suite"],
        ["deuxième"],
    ]


def test_cash_without_a_payer_names_neither_card_nor_person(city: City):
    invoice = make_invoice(make_household())
    receipt = issued(invoice, method=Payment.CASH, card_brand="", card_last_four="")
    document = receipts.document(receipt, city)
    assert (document.card, document.payer, document.payer_address) == ("", "", [])


def test_many_invoices_cost_no_more_queries(city: City, caplog: pytest.LogCaptureFixture):
    household = make_household()
    person = make_person(household)
    receipt = issued(*[make_invoice(household, person=person) for _ in range(12)], payer=person)
    receipt = Receipt.get_by_id(receipt.id)
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        receipts.document(receipt, city)
    assert len([record for record in caplog.records if record.name == "peewee"]) == 1


@pytest.mark.parametrize(
    ("category", "follows"), [("child_care", True), ("donation", True), ("activity", False), ("rental", False)]
)
def test_child_care_and_donations_get_their_tax_receipt_apart(city: City, category: str, follows: bool):
    invoice = make_invoice(make_household())
    set_category(invoice, category)
    assert receipts.document(issued(invoice), city).tax_receipt_follows is follows


def test_numbers_of_a_series_are_never_those_of_another():
    with write():
        first = [numbering.take("R", "receipt") for _ in range(2)]
        numbering.begin_series(clock.now())
        second = [numbering.take("R", "receipt") for _ in range(2)]
    assert first == ["R000001", "R000002"]
    assert [number.partition("-")[2] for number in second] == ["0001", "0002"]


def test_what_was_printed_never_changes_afterwards(city: City):
    household = make_household()
    payer = make_person(household, first_name="Geneviève", last_name="Trần")
    invoice = make_invoice(household, 10_000, person=payer, description="Cours de natation")
    receipt = issued(invoice, payer=payer)
    before = receipts.document(receipt, city)
    Person.update(first_name="Zoé", last_name="Roy", address="1, rue Neuve", city="Orford").execute()
    InvoiceLine.update(description="Autre chose", net_cents=1).execute()
    Invoice.update(number="F9", total_cents=99_999).execute()
    Payment.update(card_last_four="0000").execute()
    assert receipts.document(Receipt.get_by_id(receipt.id), city) == before
    Invoice.update(total_cents=10_000).execute()  # the books must agree at the end
