"""A programme for the whole household on one page."""

from datetime import timedelta

from domain.common import clock
from models import CartItem
from tests.factories import make_group, make_person, make_place, make_price, make_registration
from tests.registering.family import child_of, tags

PATH = "/inscription/programme/club-ete"


def weeks(count=3, place=None, **values):
    first = clock.today() + timedelta(days=30)
    return [
        make_group(
            place,
            title=f"Club été, semaine {n + 1}",
            starts_on=first + timedelta(weeks=n),
            ends_on=first + timedelta(weeks=n, days=4),
            **values,
        )
        for n in range(count)
    ]


def test_every_child_and_group_is_a_cell_that_says_yes_or_no_why_and_the_price(citizen):
    lea, zoe = child_of(citizen, 8), child_of(citizen, 3)
    groups = weeks(2, age_min=4, age_max=11)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    cells = {(one["data-activity"], one["data-card-end"]): one for one in tags(html, "data-card-end")}
    assert len(cells) == 2 * 2, "an adult for whom no group is stands apart"
    mine, hers = cells[groups[0].code, lea.card_number[-4:]], cells[groups[0].code, zoe.card_number[-4:]]
    assert (mine["data-eligible"], mine["data-price-cents"]) == ("yes", "5800")
    assert (hers["data-eligible"], hers["data-why"]) == ("no", "age")


def test_one_press_fills_the_cart_options_with_their_places(citizen):
    lea, tom = child_of(citizen, 8), child_of(citizen, 6)
    groups = weeks(8)
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    citizen.joins()
    choices = [f"{child.id}:{group.code}" for child in (lea, tom) for group in groups]
    answer = citizen.post(PATH, choice=[*choices, f"{lea.id}:{groups[0].code}:garde"])
    assert (answer.status_code, answer.location) == (303, "/panier")
    assert CartItem.select().where(CartItem.state == CartItem.HELD).count() == 16
    assert CartItem.select().where(CartItem.options == "garde").count() == 1


def test_what_is_no_box_of_the_page_is_left_out(citizen):
    stranger, [group] = make_person(), weeks(1)
    citizen.joins()
    odd = ["", ":", "x:y:z", f"{stranger.id}:{group.code}", f"{citizen.person.id}:inconnu", "9" * 40 + ":a"]
    answer = citizen.post(PATH, choice=odd)
    assert answer.status_code == 422
    assert "Cochez au moins une place" in answer.text
    assert not CartItem.select().exists()


def test_when_one_may_not_nothing_is_held_and_what_was_ticked_stays(citizen):
    lea, zoe = child_of(citizen, 8), child_of(citizen, 3)
    [group] = weeks(1, age_min=4)
    citizen.joins()
    answer = citizen.post(PATH, choice=[f"{lea.id}:{group.code}", f"{zoe.id}:{group.code}"])
    assert answer.status_code == 422
    assert not CartItem.select().exists()
    assert "checked" in next(tag for tag in answer.text.split("<input") if f'value="{lea.id}:{group.code}"' in tag)


def test_every_week_is_ticked_for_one_child(citizen):
    lea = child_of(citizen, 8)
    child_of(citizen, 6)
    weeks(3)
    citizen.joins()
    html = citizen.client.get_page(f"{PATH}?toutes={lea.id}")
    ticked = [tag for tag in html.split("<input") if "checked" in tag]
    assert len(ticked) == 3
    assert all(f'value="{lea.id}:' in tag for tag in ticked)


def test_as_last_year_ticks_the_same_weeks(citizen):
    lea, groups = child_of(citizen, 8), weeks(3)
    before = groups[1].starts_on - timedelta(weeks=52)
    make_registration(lea, make_group(starts_on=before, ends_on=before + timedelta(days=4), capacity=None))
    citizen.joins()
    ticked = [tag for tag in citizen.client.get_page(f"{PATH}?comme={lea.id}").split("<input") if "checked" in tag]
    assert len(ticked) == 1
    assert groups[1].code in ticked[0]


def test_a_place_is_chosen_once(citizen):
    one, other = make_place(name="Deux-Soleils"), make_place(name="Saint-Patrice")
    here, there = weeks(1, one), weeks(1, other)
    child_of(citizen)
    citizen.joins()
    html = citizen.client.get_page(f"{PATH}?lieu={one.code}")
    assert tags(html, "data-activity", here[0].code)
    assert not tags(html, "data-activity", there[0].code)
    assert "Saint-Patrice" in html


def test_an_unknown_programme_is_not_found_and_a_stranger_signs_in(citizen):
    citizen.joins()
    assert citizen.client.get("/inscription/programme/inconnu").status_code == 404
    citizen.signs_out()
    assert citizen.client.get(PATH).status_code == 303


def test_queries_do_not_grow_with_children_and_weeks(citizen, queries):
    child_of(citizen)
    weeks(1)
    citizen.joins()
    with queries() as few:
        citizen.client.get_page(PATH)
    child_of(citizen), child_of(citizen)
    weeks(7)
    with queries() as many:
        citizen.client.get_page(PATH)
    assert len(many) <= len(few)
