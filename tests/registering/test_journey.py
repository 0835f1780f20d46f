"""From the catalogue to a place that is paid."""

from models import CartItem, Invoice, PlacesTaken, Registration
from tests.factories import make_group, make_price
from tests.registering.family import child_of


def test_a_family_finds_holds_confirms_pays_and_is_registered(citizen, paying):
    lea, tom = child_of(citizen, first_name="Léa"), child_of(citizen, 6, first_name="Tom")
    group = make_group(age_min=4, age_max=11)
    make_price(amount_cents=4_400, rank=2, rank_over="dates")
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    citizen.joins()
    html = citizen.client.get_page("/inscription")
    assert f'data-activity="{group.code}" data-state="open"' in html
    answer = citizen.post(f"/inscription/{group.code}", person=[lea.id, tom.id], option="garde", together="1")
    assert (answer.status_code, answer.location) == (303, "/panier")
    cart = citizen.client.get_page("/panier")
    assert 'data-total-cents="17200"' in cart
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=17_200)
    invoice = Invoice.get()
    assert answer.location == f"/mon-dossier/payer?facture={invoice.number}"
    assert invoice.total_cents == 17_200
    citizen.pays(invoice)
    paying()
    assert {row.person_id for row in Registration.select()} == {lea.id, tom.id}
    assert set(Registration.select(Registration.status).scalars()) == {"confirmed"}
    assert PlacesTaken.get().taken == 2
    assert CartItem.select().where(CartItem.state == CartItem.CONFIRMED).count() == 2
    assert "Léa" in citizen.client.get_page("/mon-dossier/activites")
