"""Who reads a payment, and its card: who paid, and those she lives with; nobody's payment shows no card."""

import pytest

from domain.billing import readers
from models import Membership
from tests.factories import make_account, make_household, make_invoice, make_person, pay_elsewhere

pytestmark = pytest.mark.usefixtures("db")


def test_a_card_is_read_by_who_paid_and_by_those_she_lives_with_until_she_moves():
    home = make_household()
    payer, other, stranger = make_account(make_person(home)), make_account(make_person(home)), make_account()
    payment = pay_elsewhere((make_invoice(home), 100), payer=payer.person)
    assert readers.reads_card(payment, payer)
    assert readers.reads_card(payment, other)
    assert not readers.reads_card(payment, stranger)
    Membership.update(household=make_household()).where(Membership.person == payer.person).execute()
    assert readers.reads_card(payment, payer)
    assert not readers.reads_card(payment, other)
    assert readers.may_read(payment, payer), "though the invoice is the other's"
    assert readers.may_read(payment, other), "it paid what the household owed"


def test_the_card_of_who_paid_without_an_account_is_nobodys_to_read():
    home = make_household()
    payment = pay_elsewhere((make_invoice(home), 100), payer=None)
    account = make_account(make_person(home))
    assert readers.may_read(payment, account)
    assert not readers.is_payer(payment, account)
    assert not readers.reads_card(payment, account)
