"""A charge that the restored copy does not know is booked on what it paid, whole or not at all."""

from dataclasses import replace

import pytest
from peewee import OperationalError

from domain.billing.listener import Listener
from domain.payments import recovered_charges
from domain.payments.gateway import Charge, Item
from models import Invoice, Payment
from tests.factories import make_invoice


@pytest.fixture
def charge(home, simulator, gateway) -> Charge:
    invoice = make_invoice(home, 10_000)
    return gateway.charge("P234-2345", 10_000, "fake-valid-nonce", [Item(invoice.number, 10_000)])


def test_it_is_booked_on_the_invoice_that_the_gateway_names(charge, context):
    assert "retrouvé" in recovered_charges.book(charge, context)
    assert (Payment.get().state, Invoice.get().balance_cents) == (Payment.PAID, 0)


def test_cut_short_it_leaves_nothing_that_the_worker_would_take_for_its_own(charge, context):
    class Full(Listener):
        def settled(self, invoice):
            raise OperationalError("database or disk is full")

    with pytest.raises(OperationalError):
        recovered_charges.book(charge, replace(context, listener=Full()))
    assert not Payment.select().exists()
    assert recovered_charges.is_ours(charge)
