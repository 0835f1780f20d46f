"""What an invoice prints: addressed to who reads it, whole names of those at home, and how it stands."""

import pytest

from domain.billing import invoice_document, invoice_page, payment_slips
from domain.billing.invoice_document import InvoiceDocument
from models import Account, Household, Invoice, Membership, UnverifiedAccount
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    pay_elsewhere,
    take_back,
)


@pytest.fixture
def home(db) -> Household:
    return make_household()


@pytest.fixture
def printed(city):
    """Return what an account prints of an invoice."""

    def of(invoice: Invoice, account: Account) -> InvoiceDocument:
        return invoice_document.for_reader(invoice_page.find(invoice.number, account), account, city, "https://ici")

    return of


def test_it_is_addressed_to_who_reads_it_where_she_alone_lives(home, printed):
    invoice = make_invoice(home)
    hers = make_account(make_person(home, first_name="Ève", address="1, rue A", city="Magog", postal_code="J1X 1A1"))
    his = make_account(make_person(home, first_name="Luc", address="2, rue B", city="Orford", postal_code="J1X 2B2"))
    assert printed(invoice, hers).addressee == hers.person.name
    assert printed(invoice, hers).address == ["1, rue A", "Magog  J1X 1A1"]
    assert printed(invoice, his).address == ["2, rue B", "Orford  J1X 2B2"]


def test_not_yet_verified_she_is_named_and_her_address_is_not_printed(home, printed):
    account = make_account(make_person(home))
    UnverifiedAccount.create(account=account)
    found = printed(make_invoice(home), account)
    assert (found.addressee, found.address) == (account.person.name, [])


def test_of_who_left_the_first_name_alone_is_printed(home, printed):
    child, gone = make_person(home, first_name="Léa"), make_person(home, first_name="Marc")
    account = make_account(make_person(home))
    ours, theirs, nobodys = (make_invoice(home, person=person) for person in (child, gone, None))
    assert [line.whom for line in printed(theirs, account).invoice.lines] == [gone.name]
    Membership.update(household=make_household()).where(Membership.person == gone).execute()
    whom = [printed(one, account).invoice.lines[0].whom for one in (ours, theirs, nobodys)]
    assert whom == [child.name, "Marc", ""]


def test_the_total_and_what_moved_add_up_to_what_is_left(home, printed):
    account, invoice, other = make_account(make_person(home)), make_invoice(home), make_invoice(home)
    payment = pay_elsewhere((invoice, 6_000), (other, 1_000))
    take_back(payment, 2_000, shares={invoice.lines.get().id: 2_000})
    take_back(pay_elsewhere((invoice, 500)), 500, owed_again=True)
    found = printed(invoice, account)
    assert found.balance_cents == 4_000
    assert found.invoice.total_cents + sum(one.cents for one in found.movements) == found.balance_cents
    assert found.movements[-1].balance_cents == found.balance_cents
    assert {one.invoice_number for one in found.movements} == {invoice.number}


def test_it_says_that_it_is_taxed_cancelled_or_being_paid(home, printed):
    account = make_account(make_person(home))
    plain, taxed = make_invoice(home), make_invoice(home, taxable=True)
    cancelled, busy = make_invoice(home, status=Invoice.CANCELLED), make_invoice(home)
    make_payment_under_way(busy)
    found = [printed(one, account) for one in (plain, taxed, cancelled, busy)]
    assert [one.is_taxed for one in found] == [False, True, False, False]
    assert [one.is_cancelled for one in found] == [False, False, True, False]
    assert [one.is_being_paid for one in found] == [False, False, False, True]
    assert found[2].balance_cents == 0
    assert found[0].reference == payment_slips.reference(plain.number)
