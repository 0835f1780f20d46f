"""What happened: paid, refused, being verified."""

import pytest

from models import Invoice, Message, Payment, utcnow
from tests.factories import make_household, make_invoice
from tests.walker import Citizen


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


def test_while_verifying_it_refreshes_itself(member):
    payment = member.payment(member.pays(make_invoice(member.household)))
    html = member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert f'data-payment="{payment.reference}" data-state="verifying"' in html
    assert 'http-equiv="refresh"' in html[: html.index("<body")]
    assert "Ne payez pas de nouveau" in html


def test_a_waiting_page_is_answered_204_until_something_changes(member, simulator, paying):
    payment = member.payment(member.pays(make_invoice(member.household)))
    poll = f"/mon-dossier/paiements/{payment.reference}?vu=verifying"
    assert member.client.get(poll, headers={"HX-Request": "true"}).status_code == 204
    paying()
    fragment = member.client.get(poll, headers={"HX-Request": "true"})
    assert 'data-state="paid"' in fragment.text
    assert "hx-trigger" not in fragment.text


def test_paid_says_that_there_is_nothing_else_to_do(member, simulator, paying):
    payment = member.payment(member.pays(make_invoice(member.household, 10_000)))
    paying()
    html = member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    for words in ("Vous n’avez rien d’autre à faire", "100,00\u00a0$", "R000001", payment.reference, "Visa"):
        assert words in html
    assert "sera envoyé" not in html


def test_the_receipt_goes_to_a_confirmed_address_only(member, simulator, paying):
    account = Payment.account.rel_model.get()
    account.email, account.email_key, account.email_confirmed_at = "g@example.com", "g@example.com", utcnow()
    account.save()
    payment = member.payment(member.pays(make_invoice(member.household, 10_000)))
    paying()
    message = Message.get(Message.recipient == "g@example.com")
    assert "R000001" in message.subject
    assert "100,00\u00a0$" in message.body
    assert "g@example.com" in member.client.get(f"/mon-dossier/paiements/{payment.reference}").text


@pytest.mark.parametrize(
    ("nonce", "why"),
    [
        ("fake-processor-declined-visa-nonce", "Votre banque a refusé"),
        ("fake-consumed-nonce", "n’ont pas été acceptés"),
        ("invented", "n’ont pas été acceptés"),
    ],
)
def test_refused_says_that_nothing_was_taken_and_what_to_do(member, simulator, paying, nonce, why):
    payment = member.payment(member.pays(make_invoice(member.household), nonce=nonce))
    paying()
    html = member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert 'data-state="refused"' in html
    assert "Rien n’a été pris sur votre carte" in html
    assert why in html
    assert "Essayer de nouveau" in html
    assert Invoice.get().balance_cents == 10_000


def test_after_a_refusal_one_can_pay_again(member, simulator, paying):
    invoice = make_invoice(member.household)
    member.pays(invoice, nonce="fake-processor-declined-visa-nonce")
    paying()
    payment = member.payment(member.pays(invoice))
    paying()
    assert Payment.get_by_id(payment.id).state == "paid"


def test_a_lost_answer_is_verified_then_found_and_charged_once(member, simulator, paying):
    simulator.breaks("sale", "answer_lost")
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    assert "vérification" in member.client.get(f"/mon-dossier/paiements/{payment.reference}").text
    assert Payment.get().state == "unknown"
    paying()
    assert Payment.get().state == "paid"
    assert len(simulator.transactions()) == 1


def test_another_household_does_not_see_it(member, app):
    payment = member.payment(member.pays(make_invoice(member.household)))
    stranger = Citizen(app.test_client(), make_household())
    stranger.joins(username="luc")
    assert stranger.client.get(f"/mon-dossier/paiements/{payment.reference}").status_code == 404


def test_the_steps_are_counted_on_the_first_visit_only(member, simulator, paying):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    member.client.get(f"/mon-dossier/paiements/{payment.reference}")
    assert "Étape" not in member.client.get("/mon-dossier").text
