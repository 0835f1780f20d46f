"""Step 4: what will be paid, and the POST that pays."""

import threading

import pytest

from domain.payments.checkout import MOST_AT_ONCE
from models import Invoice, Membership, Payment, PaymentInvoice
from tests.factories import make_household, make_invoice
from tests.walker import Citizen


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


def test_page_shows_the_amount_the_taxes_and_what_the_statement_will_say(member):
    invoices = [make_invoice(member.household, 10_000, taxable=True), make_invoice(member.household, 10_000)]
    query = "&".join(f"facture={invoice.number}" for invoice in invoices)
    html = member.client.get_page(f"/mon-dossier/payer?{query}")
    for words in ("214,98\u00a0$", "Étape 4 de 4", "Visa, Mastercard", "VILLE DE MAGOG", 'value="21498"'):
        assert words in html


def test_the_number_to_pay_by_phone_can_be_pressed(member):
    html = member.client.get(f"/mon-dossier/payer?facture={make_invoice(member.household).number}").text
    assert (
        'payer par téléphone, <a class="nowrap" href="tel:+18198433333">819\u00a0843-3333</a>, ou au comptoir.' in html
    )


def test_without_javascript_the_page_says_how_else_to_pay(member):
    invoice = make_invoice(member.household)
    html = member.client.get(f"/mon-dossier/payer?facture={invoice.number}").text
    without = html[html.index('id="no-card"') :]
    assert "par téléphone" in without
    assert "chèque" in without


def test_paying_answers_at_once_and_the_charge_comes_after(member, simulator, paying):
    invoice = make_invoice(member.household, 10_000, taxable=True)
    payment = member.payment(member.pays(invoice))
    assert payment.state == "created"
    assert simulator.transactions() == []
    paying()
    assert [t["amount_cents"] for t in simulator.transactions()] == [11_498]
    assert Invoice.get().balance_cents == 0
    assert Payment.get().nonce is None


def test_several_invoices_are_one_charge_of_exactly_their_sum(member, simulator, paying):
    invoices = [make_invoice(member.household, cents, taxable=True) for cents in (333, 10_000, 7_777)]
    payment = member.payment(member.pays(*invoices))
    paying()
    assert [t["amount_cents"] for t in simulator.transactions()] == [payment.amount_cents]
    assert payment.amount_cents == sum(invoice.total_cents for invoice in invoices)


def test_second_click_charges_once(member, simulator, paying):
    invoice = make_invoice(member.household)
    first, second = member.pays(invoice), member.pays(invoice, nonce="another-nonce")
    assert first.location == second.location
    paying()
    assert len(simulator.transactions()) == 1


def test_reload_after_the_charge_leads_to_the_same_payment(member, simulator, paying):
    invoice = make_invoice(member.household)
    first = member.pays(invoice)
    paying()
    assert member.pays(invoice).location == first.location
    paying()
    assert len(simulator.transactions()) == 1


def test_two_adults_at_once_charge_once(member, app, simulator, paying):
    invoice = make_invoice(member.household)
    other = Citizen(app.test_client(), member.household)
    other.joins(username="luc")
    threads = [threading.Thread(target=who.pays, args=(invoice,)) for who in (member, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Payment.select().count() == 1
    paying()
    assert len(simulator.transactions()) == 1


@pytest.mark.parametrize("seen", [1, 9_999, 0, 99_999_999])
def test_an_amount_that_is_not_what_is_due_charges_nothing_and_says_why(member, seen):
    invoice = make_invoice(member.household, 10_000)
    response = member.pays(invoice, seen_cents=seen)
    assert response.status_code == 422
    assert "Le montant a changé" in response.text
    assert "Rien n’a été pris" in response.text
    assert not Payment.select().exists()


@pytest.mark.parametrize(
    "fields", [{"amount_seen_cents": "-1"}, {"amount_seen_cents": "1e9"}, {"payment_method_nonce": ""}]
)
def test_a_form_that_was_tampered_with_charges_nothing(member, fields):
    invoice = make_invoice(member.household, 10_000)
    sent = {"facture": invoice.number, "amount_seen_cents": 10_000, "payment_method_nonce": "fake-valid-nonce"}
    response = member.post("/mon-dossier/payer", "/compte/aide-memoire", **(sent | fields))
    assert response.status_code == 422
    assert not Payment.select().exists()


def test_a_forged_form_charges_nothing(member):
    invoice = make_invoice(member.household, 10_000)
    sent = {"facture": invoice.number, "amount_seen_cents": 10_000, "payment_method_nonce": "fake-valid-nonce"}
    assert member.client.post("/mon-dossier/payer", data=sent).status_code == 422
    assert not Payment.select().exists()


def test_a_selection_partly_under_way_charges_nothing_and_says_which(member):
    busy, free = make_invoice(member.household), make_invoice(member.household)
    member.pays(busy)
    response = member.pays(busy, free)
    assert response.status_code == 422
    assert busy.number in response.text
    assert Payment.select().count() == 1


def test_an_invoice_cancelled_meanwhile_is_not_charged(member):
    invoice = make_invoice(member.household)
    Invoice.update(status="cancelled").execute()
    assert member.pays(invoice).location == "/mon-dossier/comptes"
    assert "Rien n’a été pris sur votre carte" in member.client.get_page("/mon-dossier/comptes")
    assert not Payment.select().exists()
    assert member.client.get(f"/mon-dossier/payer?facture={invoice.number}").status_code == 303
    assert "Rien n’a été pris sur votre carte" in member.client.get_page("/mon-dossier/comptes")


def test_nothing_ticked_says_so(member):
    make_invoice(member.household)
    response = member.client.get("/mon-dossier/payer")
    assert response.status_code == 422
    assert "Cochez au moins une facture" in response.text


def test_another_households_invoice_can_neither_be_seen_nor_paid(member):
    other = make_invoice(make_household())
    assert member.client.get(f"/mon-dossier/payer?facture={other.number}").status_code == 404
    assert member.pays(other).status_code == 404
    assert not PaymentInvoice.select().exists()


def test_an_expired_card_does_not_block_paying(member, simulator, paying):
    member.person.expires_on = member.person.expires_on.replace(year=2020)
    member.person.save()
    invoice = make_invoice(member.household)
    member.payment(member.pays(invoice))
    paying()
    assert len(simulator.transactions()) == 1


def test_invoices_of_two_households_are_paid_apart(member):
    other = make_household()
    Membership.create(household=other, person=member.person)
    mine, theirs = make_invoice(member.household), make_invoice(other)
    answer = member.pays(mine, theirs)
    assert answer.status_code == 422
    assert "celles de chaque famille à part" in answer.text
    assert not Payment.select().exists()
    assert member.pays(theirs).status_code == 303


def test_all_chosen_being_paid_leads_to_that_payment_even_from_an_old_page(member):
    invoice = make_invoice(member.household)
    reference = member.payment(member.pays(invoice)).reference
    answer = member.client.post("/mon-dossier/payer", data={"facture": invoice.number, "csrf_token": "old"})
    assert answer.location.endswith(reference)


def test_260_invoices_ticked_pay_as_many_as_the_page_says_and_the_rest_after(member, simulator, paying):
    invoices = [make_invoice(member.household, 100) for _ in range(260)]
    query = "&".join(f"facture={invoice.number}" for invoice in invoices)
    html = member.client.get(f"/mon-dossier/payer?{query}").text
    assert html.count('name="facture"') == MOST_AT_ONCE == 249
    assert "Un paiement règle 249 factures au plus" in html
    assert "Il en restera 11 à payer ensuite" in html
    payment = member.payment(member.pays(*invoices[:MOST_AT_ONCE]))
    paying()
    assert Payment.get_by_id(payment.id).state == "paid"
    assert [row["amount_cents"] for row in simulator.transactions()] == [24_900]
    assert Invoice.select().where(Invoice.paid_cents == 100).count() == 249
    rest = invoices[MOST_AT_ONCE:]
    html = member.client.get("/mon-dossier/payer?" + "&".join(f"facture={invoice.number}" for invoice in rest)).text
    assert html.count('name="facture"') == 11
    assert "au plus" not in html


def test_a_slip_prints_all_that_is_asked(member):
    invoices = [make_invoice(member.household, 100) for _ in range(260)]
    query = "&".join(f"facture={invoice.number}" for invoice in invoices)
    assert member.client.get(f"/mon-dossier/bordereau?{query}").text.count("data-invoice=") == 260
