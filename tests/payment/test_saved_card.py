"""Paying with a saved card, and keeping the one that pays: the same guarantees as any payment."""

from datetime import timedelta

import pytest

from domain.common import clock
from domain.payments import saved_cards
from models import Invoice, Payment, SavedCard
from tests.factories import make_account, make_household, make_invoice, make_person, make_saved_card
from tests.walker import Citizen


@pytest.fixture
def member(citizen):
    citizen.account = citizen.joins()
    return citizen


def advance_cards(context):
    for card_id in saved_cards.due_for_work():
        saved_cards.advance(card_id, context)


@pytest.fixture
def card(member, context) -> SavedCard:
    member.keeps_a_card()
    advance_cards(context)
    return SavedCard.get()


def test_the_page_offers_the_saved_cards_and_loads_no_card_field(member):
    invoice = make_invoice(member.household)
    make_saved_card(member.account, last_four="4444")
    make_saved_card(member.account, last_four="1111", is_default=True)
    make_saved_card(member.account, last_four="9999", expires_on=clock.today() - timedelta(days=1))
    html = member.client.get_page(f"/mon-dossier/payer?facture={invoice.number}")
    assert html.index("avec Visa se terminant par 1111") < html.index("avec Visa se terminant par 4444")
    assert "9999" not in html
    assert "hosted-fields" not in html
    assert f'href="/mon-dossier/payer?facture={invoice.number}&amp;autre=1"' in html
    other = member.client.get_page(f"/mon-dossier/payer?facture={invoice.number}&autre=1")
    assert "hosted-fields" in other
    assert "payment_method_nonce" in other


def test_one_press_charges_the_saved_card(member, card, simulator, paying):
    invoice = make_invoice(member.household, 10_000, taxable=True)
    payment = member.payment(member.pays_with(card, invoice))
    assert payment.state == "created"
    paying()
    (charged,) = simulator.transactions()
    assert (charged["amount_cents"], charged["order_id"]) == (11_498, payment.reference)
    payment = Payment.get()
    assert (payment.state, payment.card_last_four) == ("paid", card.last_four)
    assert "coffre client" in member.client.get(f"/mon-dossier/paiements/{payment.reference}").text


def test_second_press_charges_once(member, card, simulator, paying):
    invoice = make_invoice(member.household)
    first, second = member.pays_with(card, invoice), member.pays_with(card, invoice)
    assert first.location == second.location
    paying()
    assert member.pays_with(card, invoice).location == first.location
    paying()
    assert len(simulator.transactions()) == 1


@pytest.mark.parametrize("fault", ["answer_lost", "hang_after", "reset", "http_500"])
def test_an_answer_lost_is_searched_for_and_never_sent_again(member, card, simulator, paying, fault):
    simulator.breaks("sale", fault, seconds=3)
    member.pays_with(card, make_invoice(member.household))
    paying()
    assert Payment.get().state == "unknown"
    for _ in range(20):
        paying()
    assert len(simulator.transactions()) == (1 if fault in ("answer_lost", "hang_after") else 0)
    assert Payment.get().state != "paid" or simulator.transactions()


def test_a_card_removed_before_the_payment_is_sent_charges_nothing(member, card, simulator, paying):
    member.pays_with(card, make_invoice(member.household))
    SavedCard.update(state="removing").execute()
    paying()
    assert simulator.transactions() == []
    payment = Payment.get()
    assert (payment.state, payment.refusal) == ("refused", "removed")
    page = member.client.get(f"/mon-dossier/paiements/{payment.reference}").text
    assert "a été retirée de votre coffre" in page


def test_a_card_the_vault_has_lost_charges_nothing(member, card, simulator, gateway, paying):
    gateway.forget_card(card.reference)
    member.pays_with(card, make_invoice(member.household))
    paying()
    assert Payment.get().state == "refused"
    assert Invoice.get().balance_cents == 10_000


@pytest.mark.parametrize("who", ["stranger", "other adult"])
def test_somebody_elses_card_is_not_found_and_charges_nothing(member, app, who):
    household = member.household if who == "other adult" else make_household()
    theirs = make_saved_card(make_account(make_person(household)))
    answer = member.pays_with(theirs, make_invoice(member.household))
    assert answer.status_code == 404
    assert not Payment.select().exists()
    for path, method in (("retirer", "get"), ("retirer", "post"), ("defaut", "post")):
        assert getattr(member.client, method)(f"/mon-dossier/coffre/{theirs.reference}/{path}").status_code == 404
    assert SavedCard.get().state == "kept"


@pytest.mark.parametrize("named", ["", "guichet-x", "\0", "é" * 300])
def test_a_card_that_is_none_charges_nothing(member, named):
    invoice = make_invoice(member.household)
    fields = {"facture": invoice.number, "amount_seen_cents": 10_000, "payment_method": named}
    answer = member.post("/mon-dossier/payer", "/compte/aide-memoire", **fields)
    assert answer.status_code == (404 if named else 422)
    assert not Payment.select().exists()


def test_an_expired_card_is_refused_before_anything_is_sent(member):
    old = make_saved_card(member.account, expires_on=clock.today() - timedelta(days=1))
    answer = member.pays_with(old, make_invoice(member.household))
    assert answer.status_code == 422
    assert "elle est expirée" in answer.text
    assert not Payment.select().exists()


def test_an_amount_that_changed_charges_nothing(member, card):
    invoice = make_invoice(member.household)
    fields = {"facture": invoice.number, "amount_seen_cents": 1, "payment_method": card.reference}
    answer = member.post("/mon-dossier/payer", "/compte/aide-memoire", **fields)
    assert answer.status_code == 422
    assert "Le montant a changé" in answer.text
    assert f'value="{card.reference}"' in answer.text


def pay_and_keep(member, invoice, nonce="fake-valid-visa-nonce"):
    fields = {"facture": invoice.number, "amount_seen_cents": invoice.balance_cents, "payment_method_nonce": nonce}
    return member.post("/mon-dossier/payer", "/compte/aide-memoire", save_payment_method="1", **fields)


def test_the_card_that_pays_may_be_kept(member, simulator, paying, gateway):
    invoice = make_invoice(member.household)
    assert "save_payment_method" in member.client.get(f"/mon-dossier/payer?facture={invoice.number}").text
    payment = member.payment(pay_and_keep(member, invoice))
    assert "se terminant" not in member.client.get("/mon-dossier/coffre").text
    paying()
    card = SavedCard.get()
    assert (card.state, card.brand, card.is_default) == ("kept", "Visa", True)
    assert gateway.kept_card(card.reference).token == card.token
    assert len(simulator.transactions()) == 1
    assert "Cette carte est dans votre" in member.client.get(f"/mon-dossier/paiements/{payment.reference}").text
    second = make_invoice(member.household)
    member.pays_with(card, second)
    paying()
    assert Invoice.get_by_id(second.id).balance_cents == 0


def test_it_is_kept_when_the_answer_to_the_charge_was_lost(member, simulator, paying, gateway):
    simulator.breaks("sale", "answer_lost")
    pay_and_keep(member, make_invoice(member.household))
    paying()
    assert Payment.get().state == "unknown"
    paying()
    assert Payment.get().state == "paid"
    assert SavedCard.get().state == "kept"


def test_a_card_that_was_refused_is_not_kept(member, simulator, paying, gateway):
    simulator.breaks("sale", "refused")
    pay_and_keep(member, make_invoice(member.household))
    paying()
    assert Payment.get().state == "refused"
    card = SavedCard.get()
    assert gateway.kept_card(card.reference) is None
    assert "se terminant" not in member.client.get("/mon-dossier/coffre").text
    saved_cards.forget_expired(clock.now() + saved_cards.CLAIMED_WITHIN + timedelta(minutes=1))
    assert SavedCard.get().state == "removing"
    assert "Retrait" not in member.client.get("/mon-dossier/coffre").text


def test_without_the_tick_nothing_is_kept(member, simulator, paying):
    member.pays(make_invoice(member.household))
    paying()
    assert not SavedCard.select().exists()


def test_another_adult_is_not_told_of_the_card_in_the_vault(member, card, simulator, paying, app):
    reference = member.payment(member.pays_with(card, make_invoice(member.household))).reference
    paying()
    other = Citizen(app.test_client(), member.household)
    other.joins(username="luc")
    page = other.client.get(f"/mon-dossier/paiements/{reference}").text
    assert "Paiement reçu" in page
    assert "coffre" not in page


def test_a_passer_by_cannot_pay_with_a_saved_card(member, card, app):
    invoice = make_invoice(member.household)
    fields = {"facture": invoice.number, "amount_seen_cents": 10_000, "payment_method": card.reference}
    assert app.test_client().post("/mon-dossier/payer", data=fields).status_code == 303
    assert not Payment.select().exists()


def test_a_card_deleted_at_braintree_leaves_the_list_when_it_is_to_pay(member, card, simulator, paying, gateway):
    gateway.forget_card(card.reference)
    payment = member.payment(member.pays_with(card, make_invoice(member.household)))
    paying()
    html = member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")
    assert "Rien n’a été pris" in html
    assert "retirée de votre coffre" in html
    assert saved_cards.usable(member.account, clock.today()) == []
    assert "Par défaut" not in member.client.get_page("/mon-dossier/coffre")
