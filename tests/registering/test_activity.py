"""One activity: what it is, and a place in it."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from domain.cart import lapses
from domain.common import clock, formats
from models import CartItem, PlacesTaken, Session
from tests.factories import make_group, make_person, make_price
from tests.registering.family import child_of, tags


def path(group) -> str:
    return f"/inscription/{group.code}"


def test_it_says_everything_to_anybody_and_search_engines_read_it(client):
    group = make_group(description="Sorties chaque semaine", bring="Gourde", by_law="Règlement 2027-1")
    html = client.get_page(path(group))
    for words in ("Sorties chaque semaine", "Gourde", "Règlement 2027-1", group.place.name, "Entrer pour s’inscrire"):
        assert words in html
    event = json.loads(re.search(r"ld\+json\">(.*?)</script>", html)[1])
    assert (event["@type"], event["name"]) == ("Event", group.title)


def test_what_sets_the_price_is_said_though_the_price_is_the_lists(client):
    group = make_group(price_cents=None, by_law="Règlement 2027-1")
    make_price(group.code)
    assert "Prix fixé par\u00a0: Règlement 2027-1" in client.get_page(path(group))


def test_one_that_is_not_in_the_catalogue_is_not_found(client):
    assert client.get("/inscription/inconnue").status_code == 404


def test_each_of_the_household_is_a_choice_that_says_yes_or_no_why_and_the_price(citizen):
    lea, group = child_of(citizen, first_name="Léa"), make_group(age_max=11)
    make_price(amount_cents=4_400)
    citizen.joins()
    boxes = tags(citizen.client.get_page(path(group)), "name", "person")
    by_value = {box["value"]: box for box in boxes}
    child, adult = by_value[str(lea.id)], by_value[str(citizen.person.id)]
    assert (child["data-eligible"], child["data-why"], child["data-price-cents"]) == ("yes", "", "4400")
    assert child["data-card-end"] == lea.card_number[-4:]
    assert (adult["data-eligible"], adult["data-why"]) == ("no", "age")


def test_a_press_holds_the_place_and_leads_to_the_cart(citizen):
    lea, group = child_of(citizen), make_group()
    citizen.joins()
    answer = citizen.post(path(group), person=lea.id)
    assert (answer.status_code, answer.location) == (303, "/panier")
    assert (CartItem.get().person_id, CartItem.get().state) == (lea.id, CartItem.HELD)


@pytest.fixture
def at_noon():
    with time_machine.travel(datetime(2027, 3, 2, 17, tzinfo=UTC), tick=False) as hours:
        yield hours


def lets_go(citizen, how: str) -> None:
    if how == "removed":
        citizen.post("/panier/retirer", "/panier", item=CartItem.get(CartItem.state == CartItem.HELD).id)
    else:
        CartItem.update(held_until=clock.now()).where(CartItem.state == CartItem.HELD).execute()
        lapses.sweep(clock.now())


@pytest.mark.parametrize("how", ["removed", "lapsed"])
def test_who_lets_a_place_go_and_takes_it_again_has_the_rest_of_its_time(citizen, at_noon, how):
    lea, group = child_of(citizen), make_group(capacity=1, starts_on=date(2027, 6, 1))
    citizen.joins()
    citizen.post(path(group), person=lea.id)
    ends = CartItem.get().held_at_most
    at_noon.shift(timedelta(minutes=10))
    lets_go(citizen, how)
    at_noon.shift(timedelta(minutes=5))
    assert citizen.post(path(group), person=lea.id).status_code == 303
    item = CartItem.get(CartItem.state == CartItem.HELD)
    assert item.held_at_most == ends + timedelta(minutes=5)  # the time between is not hers to lose
    assert item.held_until == clock.now() + timedelta(minutes=15)


@pytest.mark.parametrize("how", ["removed", "lapsed"])
def test_by_taking_it_again_nobody_keeps_a_place_longer_than_one_may(citizen, at_noon, how):
    lea, group = child_of(citizen), make_group(capacity=1, starts_on=date(2027, 6, 1))
    citizen.joins()
    began, presses = clock.now(), 0
    while (answer := citizen.post(path(group), person=lea.id)).status_code == 303 and presses < 50:
        presses += 1
        at_noon.shift(timedelta(minutes=14))
        lets_go(citizen, how)
    assert presses > 1
    assert clock.now() - began <= timedelta(seconds=9_900 + 14 * 60)
    assert answer.status_code == 422
    assert "elle va à qui attend" in answer.text
    assert formats.moment(clock.now() + timedelta(days=1)) in answer.text
    assert PlacesTaken.get_by_id(group.id).taken == 0
    other = make_group(starts_on=date(2027, 6, 1))
    assert citizen.post(path(other), person=lea.id).status_code == 303
    assert citizen.post(path(group), person=child_of(citizen).id).status_code == 303  # the control: it is for her alone
    lets_go(citizen, "removed")
    at_noon.shift(timedelta(days=1, seconds=1))
    citizen.signs_in()
    citizen.post(path(group), person=lea.id)
    item = CartItem.get(CartItem.person == lea, CartItem.activity == group, CartItem.state == CartItem.HELD)
    assert item.held_at_most == clock.now() + timedelta(seconds=9_900)


def test_before_the_hour_a_wish_is_kept(citizen):
    lea, group = child_of(citizen), make_group(opens_residents=clock.now() + timedelta(days=1))
    citizen.joins()
    assert "Garder ce souhait" in citizen.client.get_page(path(group))
    citizen.post(path(group), person=lea.id)
    assert CartItem.get().state == CartItem.WISH


def test_who_is_not_signed_in_signs_in_first_and_comes_back(citizen):
    group = make_group()
    answer = citizen.client.post(path(group), data={"person": "1"})
    assert answer.status_code == 303
    assert answer.location.startswith("/connexion?suite=")


@pytest.mark.parametrize(
    ("values", "words"),
    [({"age_min": 30}, "son âge"), ({"capacity": 0}, "il ne reste pas assez de places")],
)
def test_one_who_may_not_and_a_full_group_are_refused_in_words(citizen, values, words):
    lea, group = child_of(citizen), make_group(**values)
    citizen.joins()
    answer = citizen.post(path(group), person=lea.id)
    assert answer.status_code == 422
    assert words in answer.text
    assert not CartItem.select().exists()


def test_of_several_one_who_may_not_keeps_all_out(citizen):
    lea, group = child_of(citizen), make_group(age_max=11)
    citizen.joins()
    answer = citizen.post(path(group), person=[lea.id, citizen.person.id], together="1")
    assert answer.status_code == 422
    assert not CartItem.select().exists()


@pytest.mark.parametrize("person", ["", "abc", "9" * 30, "another's"])
def test_nobody_or_somebody_elses_child_is_nobody(citizen, person):
    stranger, group = make_person(), make_group()
    citizen.joins()
    answer = citizen.post(path(group), person=stranger.id if person == "another's" else person)
    assert answer.status_code == 422
    assert "Choisissez pour qui" in answer.text
    assert not CartItem.select().exists()


def test_what_would_do_instead_is_asked_for_with_it(citizen):
    lea, group, other = child_of(citizen), make_group(capacity=0), make_group()
    citizen.joins()
    citizen.post(path(group), person=lea.id, fallback=[other.code, "inconnu"])
    assert CartItem.get().activity_id == other.id


def test_a_form_of_another_session_is_not_taken(citizen):
    lea, group = child_of(citizen), make_group()
    citizen.joins()
    answer = citizen.client.post(path(group), data={"person": str(lea.id)})
    assert answer.status_code == 422
    assert not CartItem.select().exists()


def test_a_refusal_by_machine_says_what_was_used_and_offers_a_person(citizen):
    group = make_group(age_max=3)
    citizen.joins()
    html = citizen.client.get_page(path(group))
    assert "C’est le site qui en a décidé, seul" in html
    assert f'href="/revoir?decision=registration+refused&amp;sujet={group.code}"' in html


def test_a_refusal_keeps_what_was_ticked(citizen):
    lea, tom, group = child_of(citizen), child_of(citizen), make_group(capacity=1)
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    citizen.joins()
    answer = citizen.post(path(group), person=[lea.id, tom.id], option="garde", together="1")
    assert answer.status_code == 422
    for value in (lea.id, tom.id, "garde"):
        assert re.search(rf'value="{value}"[^>]* checked', answer.text), value


def test_a_session_that_ended_keeps_what_was_ticked(citizen):
    lea, group = child_of(citizen), make_group()
    citizen.joins()
    token = re.search(r'name="csrf_token" value="([^"]+)"', citizen.client.get(path(group)).text)[1]
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    citizen.client.post(path(group), data={"csrf_token": token, "person": lea.id})
    citizen.signs_in(suite=path(group))
    html = citizen.client.get_page(path(group))
    assert "Voici ce que vous aviez écrit" in html
    assert re.search(rf'value="{lea.id}"[^>]* checked', html)


def test_where_nobody_may_nothing_more_is_asked(citizen):
    child_of(citizen)
    group = make_group(capacity=0)
    make_group(title="Une autre semaine")
    citizen.joins()
    html = citizen.client.get_page(path(group))
    assert "complet" in html
    for words in ("Toutes ces personnes", "prendre plutôt", '<button class="main-action">'):
        assert words not in html


def test_adults_are_one_line_where_a_group_is_for_children_and_stay_choices_of_the_form(citizen):
    child_of(citizen, 8, first_name="Léa"), child_of(citizen, 3, first_name="Zoé")
    father = make_person(citizen.household, first_name="Marc")
    group = make_group(age_min=4, age_max=11)
    citizen.joins()
    html = citizen.client.get_page(path(group))
    html = html[html.index("<main") :]  # the menu folds too
    mother = citizen.person
    assert f"<summary>{mother.first_name} et Marc\u00a0: le groupe n’est pas de leur âge</summary>" in html
    folded = html[html.index("<summary>") : html.index("</details>")]
    assert [one["value"] for one in tags(folded, "data-card-end")] == [str(mother.id), str(father.id)]
    assert "son âge n’est pas" not in folded
    assert html.count("son âge n’est pas celui du groupe") == 1, "the other child is told why"
    assert len(tags(html, "name", "person")) == 4


def test_one_adult_alone_and_children_where_a_group_is_for_adults(citizen):
    child_of(citizen, 8, first_name="Léa")
    children, adults = make_group(age_max=11), make_group(age_min=18)
    citizen.joins()
    name = citizen.person.first_name
    assert f"<summary>{name}\u00a0: le groupe n’est pas de son âge</summary>" in citizen.client.get_page(path(children))
    html = citizen.client.get_page(path(adults))
    assert "<summary>Léa\u00a0: le groupe n’est pas de son âge</summary>" in html
    assert 'data-eligible="yes"' in html


def test_while_one_ticks_the_sum_is_told_and_nothing_is_held(citizen):
    lea, tom, group = child_of(citizen, 8), child_of(citizen, 6), make_group()
    make_price(amount_cents=4_400, rank=2, rank_over="dates")
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    citizen.joins()
    ticked = {"person": [lea.id, tom.id], "option": "garde"}
    answer = citizen.post(path(group), headers={"HX-Request": "true", "HX-Target": "p#sum"}, **ticked)
    assert "2 places cochées\u00a0: 172,00" in answer.text
    assert "<html" not in answer.text
    assert not CartItem.select().exists()
