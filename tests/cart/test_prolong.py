"""More time."""

from datetime import timedelta

from domain.common import clock, formats
from models import CartItem
from tests.domain.cart.hold import held
from tests.factories import make_group
from tests.registering.family import child_of


def test_it_is_given_and_a_page_that_asks_by_script_stays_as_it_is(citizen):
    item = held(citizen.household, child_of(citizen), make_group(), clock.now() - timedelta(minutes=10))
    citizen.joins()
    assert citizen.post("/panier/prolonger", "/panier").status_code == 303
    later = CartItem.get().held_until
    assert later > item.held_until + timedelta(minutes=9)
    answer = citizen.post("/panier/prolonger", "/panier", headers={"HX-Request": "true", "HX-Target": "held"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="panel good" id="held">')
    assert CartItem.get().held_until >= later


def test_it_says_until_when_to_the_second_with_a_script_or_without(citizen):
    held(citizen.household, child_of(citizen), make_group(), clock.now() - timedelta(minutes=10))
    citizen.joins()
    citizen.post("/panier/prolonger", "/panier")
    said = f"C’est prolongé\u00a0: jusqu’à {formats.to_the_second(CartItem.get().held_until)}."
    assert said in citizen.client.get_page("/panier")
    assert said not in citizen.client.get_page("/panier"), "once"
    answer = citizen.post("/panier/prolonger", "/panier", headers={"HX-Request": "true", "HX-Target": "held"})
    assert f"jusqu’à {formats.to_the_second(CartItem.get().held_until)}." in answer.text
    assert 'role="status"' in answer.text
    assert '<button class="quiet" autofocus>' in answer.text, "the button that had the focus is another one now"


def test_a_press_that_gives_no_more_says_so(citizen):
    item = held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    CartItem.update(held_until=item.held_at_most).execute()
    citizen.post("/panier/prolonger", "/panier")
    html = citizen.client.get_page("/panier")
    until = formats.to_the_second(item.held_at_most)
    assert f"Rien de plus à prolonger pour l’instant\u00a0: vos places sont gardées jusqu’à {until}." in html
    CartItem.update(state=CartItem.LAPSED).execute()
    citizen.post("/panier/prolonger", "/panier")
    assert "Aucune place n’est réservée en ce moment." in citizen.client.get_page("/panier")


def test_at_its_end_it_is_offered_no_more(citizen):
    item = held(citizen.household, child_of(citizen), make_group())
    CartItem.update(held_until=item.held_at_most).execute()
    citizen.joins()
    assert "Prolonger" not in citizen.client.get_page("/panier")


def test_the_page_where_a_card_is_typed_offers_it_too(citizen):
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
    html = citizen.client.get_page(answer.location)
    assert 'hx-target="#held"' in html
    assert html.index('id="held"') < html.index('id="pay"')


def test_a_gateway_that_does_not_answer_at_the_hour_is_said_and_the_places_are_kept(app, citizen):
    """The simulator is not there: the worker's look finds nobody."""
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    app.extensions["portal"].worker.sweep()
    CartItem.update(held_until=clock.now()).execute()
    app.extensions["portal"].worker.run_jobs()
    assert CartItem.get().state == CartItem.HELD
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5_800)
    for page in ("/panier", answer.location):
        assert "Vos places sont gardées, et ce temps vous sera rendu" in citizen.client.get_page(page)
