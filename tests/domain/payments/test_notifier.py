"""Who is told what becomes of a payment: its payer at a confirmed address, and the city when money came back."""

import pytest

import models
from domain.billing import allocation, credit_notes
from domain.billing.listener import Listener
from domain.common import alerts, clock
from domain.payments import checkout, refunds, settlement
from models import Account, Alert, Message, Payment, Person, Receipt, write
from tests.factories import make_account, make_invoice, make_person, pay_elsewhere, pay_too_much
from views.messages import facts

PAYER = "Marie@example.org"


def told(recipient: str = PAYER) -> list[Message]:
    return list(Message.select().where(Message.recipient == recipient).order_by(Message.id))


def comes_back(payment: Payment, state: str, context) -> None:
    """Tell of a payment that came back, as whoever follows it does."""
    with write():
        shares = allocation.in_proportion(payment, payment.amount_cents)
        note = credit_notes.issue(payment, shares, reason=state, owed_again=True, listener=Listener())
        context.listener.reversed(payment, note)


def test_a_receipt_is_sent_to_the_payers_confirmed_address_once(home, charged, paying):
    payment = charged(make_invoice(home, 10_000), make_invoice(home, 2_550, number="F-77"))
    paying()
    [message] = told()
    assert Receipt.get().number in message.subject
    assert "Facture F-77 : 25,50" in message.body.replace("\u00a0", " ")
    assert payment.reference in message.body
    assert Message.select().count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        lambda: Account.update(email_confirmed_at=None).execute(),
        lambda: Account.update(email="", email_key="").execute(),
        lambda: Person.update(status=Person.DECEASED).execute(),
    ],
    ids=["not confirmed", "none", "deceased"],
)
def test_no_message_goes_to_an_address_that_is_not_hers_to_read(home, account, charged, changes):
    changes()
    charged(make_invoice(home))
    assert Receipt.select().exists()
    assert not Message.select().exists()


def test_other_adults_of_the_household_are_not_told(home, account, charged):
    address = {"email": "luc@example.org", "email_key": "luc@example.org", "email_confirmed_at": account.created_at}
    make_account(make_person(home), **address)
    charged(make_invoice(home))
    assert {message.recipient for message in Message.select()} == {PAYER}


def test_a_guest_has_no_address_and_is_paid_for_all_the_same(home, simulator, paying):
    checkout.create_for_guest(make_invoice(home, 4_000), 4_000, "fake-valid-nonce", "Zoé Hébert")
    paying()
    assert Payment.get().state == Payment.PAID
    assert not Message.select().exists()
    assert not Alert.select().exists()


def test_money_that_pays_nothing_is_told_to_go_back_and_no_receipt_is(home, charged, simulator):
    simulator.breaks("sale", "wrong_amount")
    payment = charged(make_invoice(home, 10_000))
    [message] = told()
    assert message.subject == "Un paiement vous est rendu"
    assert "un autre montant que celui de vos factures" in message.body
    assert payment.reference in message.body


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (Payment.SETTLEMENT_DECLINED, "refusé par la banque au règlement"),
        (Payment.CHARGED_BACK, "contesté par le porteur et perdu"),
        (Payment.VOIDED, "annulé chez Braintree"),
    ],
)
def test_a_payment_that_came_back_is_told_to_its_payer_and_to_the_city(home, charged, context, city, state, why):
    payment = charged(make_invoice(home, 10_000, number="F-77"))
    comes_back(payment, state, context)
    [_receipt, message] = told()
    assert payment.reference in message.subject
    assert "F-77" in message.body
    assert "C000001" in message.body
    [to_city] = told(city.help.email)
    assert why in to_city.body
    assert "F-77" not in to_city.body
    alert = Alert.get()
    assert (alert.kind, alert.subject) == ("payment reversed", payment.reference)
    assert facts.alert(alert) == f"{payment.reference}\u00a0: {why}, note de crédit C000001"


def test_the_city_hears_of_it_though_there_is_nobody_to_write_to(home, context, city):
    payment = pay_elsewhere((make_invoice(home, 10_000), 10_000))
    comes_back(payment, Payment.CHARGED_BACK, context)
    assert [message.recipient for message in Message.select()] == [city.help.email]
    assert [alert.subject for alert in alerts.open_alerts()] == [payment.reference]


def test_money_given_back_is_told_to_the_payer_and_to_nobody_else(home, charged, simulator, context):
    payment = charged(make_invoice(home, 10_000))
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(payment, 2_500, 10_000, "absence").id, context)
    [_receipt, message] = told()
    assert "25,00" in message.subject
    assert "C000001" in message.body
    assert "revient sur la carte" in message.body
    assert Message.select().count() == 2
    assert not Alert.select().exists()


@pytest.mark.parametrize("method", [Payment.CASH, Payment.CHEQUE, Payment.CREDIT])
def test_money_given_back_in_another_way_is_not_told_to_come_back_on_the_card(home, charged, context, method):
    payment = charged(make_invoice(home, 10_000))
    refunds.hand_over(payment, 10_000, 10_000, "absence", None, method, context.listener)
    [_receipt, message] = told()
    assert "100,00" in message.subject
    assert "carte" not in message.body


def test_what_is_undone_is_told_to_nobody(home, charged, context):
    payment = charged(make_invoice(home, 10_000))
    with models.database.atomic() as transaction:
        comes_back(payment, Payment.VOIDED, context)
        transaction.rollback()
    assert len(told()) == Message.select().count() == 1
    assert not Alert.select().exists()


def test_a_settlement_only_is_told_to_nobody(home, charged, context, simulator):
    payment = charged(make_invoice(home, 10_000))
    simulator.ask("POST", "settle-all")
    assert settlement.follow(payment.gateway_id, context).state == Payment.SETTLED
    assert Message.select().count() == 1


def test_money_that_came_in_twice_is_told_to_who_paid_it(home, account, context):
    other = make_account(make_person(home), email="luc@example.org", email_key="l", email_confirmed_at=clock.now())
    invoice = make_invoice(home, 4_000, number="F-12")
    pay_elsewhere((invoice, 4_000), method="card")
    pay_too_much(invoice, 4_000, listener=context.listener, payer=account.person)
    [message] = told()
    for words in ("40,00\u00a0$", "F-12", "vous le rendra"):
        assert words in message.subject + message.body
    assert told(other.email) == []


def test_in_nobodys_name_it_is_told_to_the_household_and_to_no_other(home, account, context):
    make_account(make_person(), email="x@example.org", email_key="x", email_confirmed_at=clock.now())
    pay_too_much(make_invoice(home, 4_000), 4_500, listener=context.listener)
    assert [message.recipient for message in Message.select()] == [PAYER]
