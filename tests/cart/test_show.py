"""The cart's page."""

from datetime import timedelta

from domain.common import clock, formats
from models import CartItem, Person, ReviewRequest
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_person, make_price
from tests.registering.family import child_of, tags

PATH = "/panier"


def test_it_says_first_that_the_places_are_held_and_until_when(citizen):
    lea = child_of(citizen, first_name="Léa")
    item = held(citizen.household, lea, group := make_group())
    citizen.joins()
    html = citizen.client.get_page(PATH)
    [row] = tags(html, "data-item", str(item.id))
    assert (row["data-activity"], row["data-card-end"]) == (group.code, lea.card_number[-4:])
    assert (row["data-item-state"], row["data-amount-cents"]) == ("held", "5800")
    assert row["data-held-until"] == f"{item.held_until.isoformat(timespec='seconds')}Z"
    assert tags(html, "data-total-cents")[0]["data-total-cents"] == "5800"
    assert html.index("Votre place est réservée") < html.index("Confirmer et payer")
    assert "Prolonger" in html


def test_an_empty_cart_says_so(citizen):
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "Votre panier est vide" in html
    assert tags(html, "data-total-cents")[0]["data-total-cents"] == "0"


def test_a_wish_costs_nothing_yet_and_the_hour_is_said(citizen):
    group = make_group(opens_residents=clock.now() + timedelta(days=2))
    CartItem.create(household=citizen.household, person=child_of(citizen), activity=group, state=CartItem.WISH)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "L’inscription ouvre le" in html
    assert tags(html, "data-item")[0]["data-amount-cents"] == "5800"
    assert tags(html, "data-total-cents")[0]["data-total-cents"] == "0"
    assert "Prendre mes places" not in html


def test_another_households_cart_is_not_shown(citizen):
    other = make_household()
    held(other, make_person(other), make_group())
    citizen.joins()
    assert "Votre panier est vide" in citizen.client.get_page(PATH)
    citizen.signs_out()
    assert citizen.client.get(PATH).status_code == 303


def test_queries_do_not_grow_with_the_cart(citizen, queries):
    held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    with queries() as few:
        citizen.client.get_page(PATH)
    for _ in range(6):
        held(citizen.household, child_of(citizen), make_group())
    with queries() as many:
        citizen.client.get_page(PATH)
    assert len(many) <= len(few)


def test_a_price_that_seems_wrong_is_told_to_the_city_and_the_place_stays(citizen):
    held(citizen.household, child_of(citizen), group := make_group())
    citizen.joins()
    link = f"/revoir?decision=price&amp;sujet={group.code}"
    assert link in citizen.client.get_page(PATH)
    page = link.replace("&amp;", "&")
    said = {"phone": "819 843-0000", "words": "Le 2e enfant devrait payer 44 $", "decision": "price"}
    assert citizen.post("/revoir", page, **said, sujet=group.code).status_code == 303
    assert CartItem.get().state == CartItem.HELD
    assert ReviewRequest.get().subject == group.code


def test_what_is_held_is_priced_once(citizen, queries):
    for _ in range(3):
        held(citizen.household, child_of(citizen), make_group())
    citizen.joins()
    with queries() as made:
        citizen.client.get(PATH)
    assert len(made) <= 12, "two of them ask of instalments, and whether the gateway answers"
    assert len([one for one in made if "price_rule" in one]) == 1
    assert len(made) == len(set(made)), "the same is asked twice"


def test_a_place_whose_time_is_over_says_so_costs_nothing_and_can_be_taken_again(citizen):
    held(citizen.household, child_of(citizen), group := make_group(), clock.now() - timedelta(hours=1))
    missed = make_group(title="Manquée")
    CartItem.update(state=CartItem.LAPSED).execute()
    CartItem.create(household=citizen.household, person=child_of(citizen), activity=missed, state=CartItem.LAPSED)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert html.count("Temps écoulé") == html.count("Pas de place") == html.count("Reprendre la place") == 1
    assert "0,00" not in html
    citizen.post("/panier/reprendre", PATH, item=CartItem.get(CartItem.activity == group).id)
    assert CartItem.get(CartItem.activity == group).state == CartItem.HELD


def test_the_citys_label_and_the_reason_do_not_say_a_rank_twice(citizen):
    held(citizen.household, child_of(citizen), make_group(price_cents=None))
    make_price(label="1er enfant et suivants, même semaine", rank=1, rank_over="dates", amount_cents=4_400)
    citizen.joins()
    assert citizen.client.get_page(PATH).count("1er enfant") == 1


def family_for_eight_weeks(citizen, children=3, weeks=8):
    """Hold places for children, the weeks of each one after the other, as a programme's page does."""
    first = clock.today() + timedelta(days=30)
    groups = [
        make_group(
            title=f"Club été, semaine {n + 1}",
            starts_on=first + timedelta(weeks=n),
            ends_on=first + timedelta(weeks=n, days=4),
        )
        for n in range(weeks)
    ]
    for name in ("Léa", "Tom", "Zoé")[:children]:
        child = child_of(citizen, first_name=name)
        for group in groups:
            held(citizen.household, child, group)


def test_a_large_cart_says_its_total_first_and_leads_to_the_end(citizen):
    family_for_eight_weeks(citizen)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    html = html[html.index("<main") :]  # the menu folds too
    total = formats.money(3 * 8 * 5_800)
    assert html.index(total) < html.index('href="#confirmer"') < html.index("<details") < html.index('id="confirmer"')
    assert html.count(total) == 2
    assert "<details open" not in html
    for name in ("Léa", "Tom", "Zoé"):
        assert f"<span>{name} · Club été</span>" in html
    assert html.count(formats.money(8 * 5_800)) == 3
    assert html.count("<summary>Semaine 1 ·") == 3


def test_a_small_cart_is_open_and_has_no_shortcut(citizen):
    family_for_eight_weeks(citizen, children=1, weeks=2)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert html.count("<details open") == 2
    assert 'href="#confirmer"' not in html


def test_the_order_of_preference_stays_and_each_title_is_whole_where_it_stands_alone(citizen):
    family_for_eight_weeks(citizen, children=2, weeks=1)
    judo = make_group(title="Judo", program="judo", weekdays="")
    held(citizen.household, Person.get(Person.first_name == "Léa"), judo)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    rows = [row["data-item"] for row in tags(html, "data-item")]
    assert rows == [str(one.id) for one in CartItem.select().order_by(CartItem.id)]
    for words in ("Léa · Club été, semaine 1", "Tom · Club été, semaine 1", "Léa · Judo"):
        assert f"<summary>{words} ·" in html
