"""Places whose time is over are taken again, all in one press."""

from datetime import timedelta

from domain.common import clock
from models import CartItem
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_person, make_price
from tests.registering.family import child_of

PATH = "/panier"


def test_all_places_whose_time_is_over_are_taken_again_in_one_press_with_their_options(citizen):
    lea, tom = child_of(citizen, 8), child_of(citizen, 6)
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    later = clock.today() + timedelta(days=60)
    groups = [make_group(), make_group(starts_on=later, ends_on=later + timedelta(days=4))]
    for child in (lea, tom):
        for group in groups:
            held(citizen.household, child, group, clock.now() - timedelta(hours=1))
    CartItem.update(state=CartItem.LAPSED, options="garde").execute()
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "Reprendre mes 4 places" in html
    answer = citizen.post("/panier/reprendre", PATH)
    assert (answer.status_code, answer.location) == (303, PATH)
    again = CartItem.select().where(CartItem.state == CartItem.HELD, CartItem.options == "garde")
    assert again.count() == 4
    assert all(one.held_until > clock.now() for one in again)
    assert citizen.post("/panier/reprendre", PATH).status_code == 303
    assert CartItem.select().count() == 4, "the same press twice is one"


def test_one_alone_is_taken_again_and_another_familys_is_not(citizen):
    first, second, theirs = make_group(), make_group(), make_group()
    other = make_household()
    for home, child, group in (
        (citizen.household, child_of(citizen, 8), first),
        (citizen.household, child_of(citizen, 6), second),
        (other, make_person(other), theirs),
    ):
        held(home, child, group, clock.now() - timedelta(hours=1))
    CartItem.update(state=CartItem.LAPSED).execute()
    citizen.joins()
    wanted = CartItem.get(CartItem.activity == second)
    citizen.post("/panier/reprendre", PATH, item=[wanted.id, CartItem.get(CartItem.activity == theirs).id])
    assert [one.id for one in CartItem.select().where(CartItem.state == CartItem.HELD)] == [wanted.id]


def test_what_cannot_be_taken_again_says_why_and_the_others_are_taken(citizen):
    lea = child_of(citizen, 8, first_name="Léa")
    full, free = make_group(title="Pleine", capacity=1), make_group(title="Libre")
    for group in (full, free):
        held(citizen.household, lea, group, clock.now() - timedelta(hours=1))
    CartItem.update(state=CartItem.LAPSED).execute()
    held(other := make_household(), make_person(other), full)
    citizen.joins()
    citizen.post("/panier/reprendre", PATH)
    html = citizen.client.get_page(PATH)
    assert "Léa n’a pas pu avoir de place\u00a0: Pleine (complet)." in html
    assert html.count("Temps écoulé") == 1
    assert CartItem.get(CartItem.activity == free).state == CartItem.HELD


def test_what_never_was_held_is_not_called_taken_again(citizen):
    CartItem.create(household=citizen.household, person=child_of(citizen), activity=make_group(), state=CartItem.LAPSED)
    citizen.joins()
    assert "Reprendre" not in citizen.client.get_page(PATH)
    citizen.post("/panier/reprendre", PATH)
    assert CartItem.get().state == CartItem.LAPSED
