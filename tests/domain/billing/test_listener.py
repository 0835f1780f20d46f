"""Whoever listens to money hears of it once, whatever it came by, and can hold nothing up."""

import pytest
from peewee import IntegrityError, OperationalError

import models
from domain.billing import allocation, credit_notes
from domain.billing.listener import Listener, Listeners
from domain.common import clock
from domain.common.alerts import Kind
from domain.imports import payments as counter_file
from models import Alert, Household, Invoice, Payment, write
from tests.factories import make_household, make_invoice, pay_elsewhere
from tests.imports import bring_in, told


class Ear(Listener):
    """Remembers what it hears, and what the database said at that moment."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def settled(self, invoice: Invoice) -> None:
        self.heard.append(("settled", invoice.number))
        assert Invoice.get_by_id(invoice.id).balance_cents == 0
        assert models.database.in_transaction()

    def owed_again(self, invoice: Invoice) -> None:
        self.heard.append(("owed again", invoice.number))


class Broken(Listener):
    """Writes something, then fails."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    def settled(self, invoice: Invoice) -> None:
        Household.create(code="half done")
        raise self.problem


@pytest.fixture
def invoice(db) -> Invoice:
    return make_invoice(make_household(), 10_000)


def test_an_invoice_is_settled_with_its_last_cent(invoice):
    ear = Ear()
    pay_elsewhere((invoice, 9_999), listener=ear)
    assert ear.heard == []
    pay_elsewhere((invoice, 1), listener=ear)
    assert ear.heard == [("settled", invoice.number)]


def test_a_payment_of_several_settles_those_it_pays_whole(invoice):
    other = make_invoice(invoice.household, 5_000)
    ear = Ear()
    pay_elsewhere((invoice, 10_000), (other, 4_000), listener=ear)
    assert ear.heard == [("settled", invoice.number)]


def test_money_that_comes_by_a_file_is_heard_alike(invoice):
    ear = Ear()
    values = {"payment": "C1", "invoice_number": invoice.number, "paid_on": clock.today(), "amount": 10_000}
    values |= {"method": "cash", "payer": ""}
    bring_in(told(counter_file.plan, ear), values)
    assert ear.heard == [("settled", invoice.number)]


@pytest.mark.parametrize(("owed_again", "heard"), [(True, ["owed again"]), (False, [])])
def test_what_came_back_is_owed_again_and_a_refund_is_not(invoice, owed_again, heard):
    payment = pay_elsewhere((invoice, 10_000))
    ear = Ear()
    how = {"reason": "test", "owed_again": owed_again, "listener": ear}
    with write():
        credit_notes.issue(payment, allocation.in_proportion(payment, 4_000), **how)
    assert [what for what, _ in ear.heard] == heard


def test_one_that_fails_is_undone_alone_and_listed(invoice):
    ear = Ear()
    payment = pay_elsewhere((invoice, 10_000), listener=Listeners(Broken(IntegrityError("twice")), ear))
    assert Payment.get_by_id(payment.id).state == Payment.PAID
    assert Invoice.get_by_id(invoice.id).balance_cents == 0
    assert ear.heard == [("settled", invoice.number)], "those after it hear all the same"
    assert not Household.select().where(Household.code == "half done").exists()
    assert [(alert.kind, alert.subject) for alert in Alert.select()] == [(Kind.LISTENER_FAILED, invoice.number)]


def test_a_database_that_cannot_be_written_undoes_the_whole(invoice):
    with pytest.raises(OperationalError):
        pay_elsewhere((invoice, 10_000), listener=Listeners(Broken(OperationalError("disk full"))))
    assert not Payment.select().exists()
    assert Invoice.get_by_id(invoice.id).balance_cents == 10_000
