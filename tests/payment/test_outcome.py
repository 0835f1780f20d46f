"""What happened: paid, refused, being verified."""

import re
from datetime import timedelta

import pytest

from domain.access import email_confirmation
from domain.common import clock
from domain.payments import checkout, reconciliation, refunds, settlement, unmatched_charges
from models import Account, Invoice, Message, Payment, Refund
from tests.factories import make_household, make_invoice, pay_elsewhere
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
    assert 'href="tel:+18198433333"' in html
    assert "/rappelez-moi?etape=payment.outcome" in html


def test_a_waiting_page_is_answered_204_until_something_changes(member, simulator, paying):
    payment = member.payment(member.pays(make_invoice(member.household)))
    poll = f"/mon-dossier/paiements/{payment.reference}?vu=created"
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
    account.email, account.email_key, account.email_confirmed_at = "g@example.com", "g@example.com", clock.now()
    account.save()
    payment = member.payment(member.pays(make_invoice(member.household, 10_000)))
    paying()
    message = Message.get(Message.recipient == "g@example.com")
    assert "R000001" in message.subject
    assert "100,00\u00a0$" in message.body
    page = f"/mon-dossier/paiements/{payment.reference}"
    assert "Le reçu sera envoyé à g@example.com" in member.client.get(page).text
    Message.update(sent_at=clock.now()).execute()
    assert "Le reçu a été envoyé à g@example.com" in member.client.get(page).text


def test_nobody_else_is_promised_a_receipt_nor_shown_where_it_goes(member, app, simulator, paying):
    confirmed = {"email_confirmed_at": clock.now()}
    Account.update(email="g@example.com", email_key="g@example.com", **confirmed).execute()
    other = Citizen(app.test_client(), member.household)
    other.joins(username="luc")
    Account.update(email="luc@example.com", email_key="luc@example.com", **confirmed).where(
        Account.username == "luc"
    ).execute()
    hers = member.payment(member.pays(make_invoice(member.household)))
    owed = make_invoice(member.household)
    guests = checkout.create_for_guest(owed, 10_000, "fake-valid-nonce", "Club", "c@example.com")
    paying()
    for payment, reader in ((hers, other), (guests, other), (guests, member)):
        html = reader.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
        assert "Le reçu" not in html.replace("Voir le reçu", "")
        assert "@example.com" not in html


def test_an_address_confirmed_after_paying_gets_the_receipt_and_the_page_says_so(member, simulator, paying):
    token = email_confirmation.ask_confirmation(Account.get(), "g@example.com")
    Account.update(email="g@example.com", email_key="g@example.com").execute()
    page = f"/mon-dossier/paiements/{member.payment(member.pays(make_invoice(member.household))).reference}"
    paying()
    html = member.client.get(page).text
    assert "Confirmez votre courriel" in html
    assert "sera envoyé" not in html
    member.post(f"/courriel/{token}")
    assert "R000001" in Message.get(Message.recipient == "g@example.com").subject
    html = member.client.get(page).text
    assert "Le reçu sera envoyé à g@example.com" in html
    assert "Confirmez votre courriel" not in html


def every_page(member, payment) -> dict[str, str]:
    """Return what each page says of a payment."""
    number = payment.invoice_links.get().invoice.number
    lists = ("/comptes", "/comptes/factures", "/comptes/recus", "/comptes/releve")
    paths = (f"/paiements/{payment.reference}", f"/comptes/{number}", *lists)
    return {path: member.client.get(f"/mon-dossier{path}").text for path in paths}


def test_a_refund_is_asked_then_made_then_perhaps_refused_and_every_page_says_the_same(
    member, simulator, paying, context
):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    simulator.ask("POST", "settle-all")
    refund = refunds.ask(Payment.get_by_id(payment.id), 10_000, 10_000, "absence")
    for path, html in every_page(member, payment).items():
        assert "Remboursement demandé" in html, path
        assert not re.search(r"Remboursée?<|remboursés", html), path
    refunds.advance(refund.id, context)
    for path, html in every_page(member, payment).items():
        assert "Remboursement demandé" not in html, path
        assert re.search("Remboursée?|remboursés", html), path
    gateway_id = Refund.get().gateway_id
    simulator.ask("POST", f"transactions/{gateway_id}/status", status="settlement_declined")
    settlement.follow_refunds_due(context, now=clock.now() + timedelta(days=2))
    pages = every_page(member, payment)
    for path, html in pages.items():
        assert not re.search(r"Remboursée?<", html), path
    outcome, invoice, *_lists, statement = pages.values()
    assert "Le remboursement de 100,00\u00a0$ n’est pas arrivé" in outcome
    assert "rien d’autre à faire" not in outcome
    for html in (outcome, invoice, statement):
        assert "refusé par la banque" in html or "refusés par la banque" in html
    assert "qui annule C000001" in outcome


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
    assert 'href="tel:+18198433333"' in html[html.index("Vous pouvez aussi payer") :]
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


def test_a_waiting_page_learns_that_it_is_longer_than_usual(member, simulator, paying):
    simulator.breaks("sale", "answer_lost")
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    fragment = member.client.get(
        f"/mon-dossier/paiements/{payment.reference}?vu=created", headers={"HX-Request": "true"}
    )
    assert "plus long que d’habitude" in fragment.text
    assert "vu=unknown" in fragment.text


def test_a_second_charge_is_told_until_and_after_it_is_given_back(member, simulator, paying, gateway, context):
    simulator.breaks("sale", "duplicate")
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    reconciliation.match(clock.today(), context)
    page = f"/mon-dossier/paiements/{payment.reference}"
    html = member.client.get_page(page)
    assert "débitée une deuxième fois de 100,00" in html
    assert "Nous vous rendons cet argent" in html
    unmatched_charges.advance(unmatched_charges.due_for_work()[0], context)
    assert "Cet argent vous a été rendu le" in member.client.get_page(page)


def test_a_charge_voided_at_the_gateway_leaves_the_invoice_due_and_says_so(member, simulator, paying, gateway, context):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    gateway_id = Payment.get_by_id(payment.id).gateway_id
    simulator.ask("POST", f"transactions/{gateway_id}/status", status="voided")
    settlement.follow(gateway_id, context.because("webhook"))
    html = member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert "Ce paiement a été annulé" in html
    assert 'data-state="refused"' in html
    assert Invoice.get().balance_cents == 10_000


@pytest.mark.parametrize("lost", ["25.00", "100.00"])
def test_what_a_dispute_took_is_to_be_paid_again_until_it_is(member, simulator, paying, context, lost):
    payment = member.payment(member.pays(make_invoice(member.household, 10_000)))
    paying()
    gateway_id = Payment.get_by_id(payment.id).gateway_id
    simulator.ask("POST", "settle-all")
    simulator.ask("POST", "webhook", kind="dispute_lost", transaction=gateway_id, amount=lost)
    settlement.follow(gateway_id, context)
    page = f"/mon-dossier/paiements/{payment.reference}"
    html = member.client.get_page(page)
    assert "rien d’autre à faire" not in html
    assert "à payer" in html
    assert f"/mon-dossier/payer?facture={Invoice.get().number}" in html
    pay_elsewhere((Invoice.get(), Invoice.get().balance_cents))
    assert "/mon-dossier/payer?facture" not in member.client.get_page(page)
    assert "de nouveau à payer" not in member.client.get_page(page)


def test_a_payment_given_back_whole_says_so_first(member, simulator, paying, gateway, context):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    refunds.advance(refunds.ask(Payment.get_by_id(payment.id), 10_000, 10_000, "absence").id, context)
    html = member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert ">Paiement remboursé</h1>" in html
    assert "C000001" in html
    assert "revient sur la carte" in html


def test_a_payment_given_back_in_cash_says_nothing_of_the_card(member, simulator, paying, context):
    payment = member.payment(member.pays(make_invoice(member.household)))
    paying()
    refunds.hand_over(Payment.get_by_id(payment.id), 10_000, 10_000, "absence", None, Payment.CASH, context.listener)
    html = member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert "100,00" in html
    assert "revient sur la carte" not in html


def test_a_payment_taken_at_the_counter_has_no_receipt_of_ours_and_no_card_statement(citizen):
    citizen.joins()
    payment = pay_elsewhere((make_invoice(citizen.household), 10_000), payer=citizen.person)
    page = citizen.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert payment.reference in page
    for words in ("Reçu", "Voir le reçu", "relevé de carte"):
        assert words not in page.partition("<main")[2].partition("</main>")[0]
