"""A programme for the whole household on one page."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.common import clock, formats
from models import CartItem, Session
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


def test_what_sets_the_prices_is_said_once_where_one_chooses_and_with_each_place_of_the_cart(citizen):
    lea, groups = child_of(citizen, 8), weeks(2, by_law="Règlement 2027-1")
    citizen.joins()
    assert citizen.client.get_page(PATH).count("Prix fixé par\u00a0: Règlement 2027-1") == 1
    citizen.post(PATH, choice=[f"{lea.id}:{one.code}" for one in groups])
    assert citizen.client.get_page("/panier").count("Prix fixé par\u00a0: Règlement 2027-1") == 2


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


def href(html: str, words: str) -> str:
    """Return where the link that says so leads."""
    [found] = {unescape(one) for one in re.findall(rf'<a [^>]*?href="([^"]*)"[^>]*>{re.escape(words)}', html)}
    return found


def ticked(html: str) -> set[str]:
    return {box["value"] for box in tags(html, "name", "choice") if re.search(rf'value="{box["value"]}" checked', html)}


def test_every_week_is_ticked_for_one_child_and_what_was_ticked_for_others_stays(citizen):
    lea, tom, groups = child_of(citizen, 8), child_of(citizen, 6), weeks(3)
    make_price(option="garde", label="Service de garde", amount_cents=3_500)
    citizen.joins()
    before = f"{tom.id}:{groups[1].code}"
    answer = citizen.post(PATH, choice=before, toutes=lea.id)
    assert (answer.status_code, answer.location) == (303, f"{PATH}#p{lea.id}"), "a page that Back shows again"
    assert ticked(citizen.client.get_page(PATH)) == {before, *(f"{lea.id}:{group.code}" for group in groups)}
    citizen.post(PATH, choice=before, options=tom.id)
    every_one = {f"{tom.id}:{one.code}{option}" for one in groups for option in ("", ":garde")}
    assert ticked(citizen.client.get_page(PATH)) == every_one
    assert not CartItem.select().exists()


def test_a_shortcut_leads_back_to_the_child_and_keeps_the_place(citizen):
    place = make_place()
    lea, _groups = child_of(citizen, 8), weeks(2, place)
    citizen.joins()
    html = citizen.client.get_page(f"{PATH}?lieu={place.code}")
    buttons = [tag for tag in tags(html, "formaction") if tag["value"] == str(lea.id)]
    assert [tag["name"] for tag in buttons] == ["toutes", "comme"]
    assert {tag["formaction"] for tag in buttons} == {f"{PATH}?lieu={place.code}#p{lea.id}"}
    assert tags(html, "id", f"p{lea.id}")


def test_what_was_ticked_when_a_session_ended_is_ticked_again_at_the_same_place(citizen):
    place = make_place()
    lea, [first, *_others] = child_of(citizen, 8), weeks(3, place)
    citizen.joins()
    here, chosen = f"{PATH}?lieu={place.code}", f"{lea.id}:{first.code}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', citizen.client.get(here).text)[1]
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    answer = citizen.client.post(here, data={"csrf_token": token, "choice": chosen})
    assert parse_qs(urlsplit(answer.location).query)["suite"] == [here]
    citizen.signs_in(suite=here)
    html = citizen.client.get_page(here)
    assert "Voici ce que vous aviez écrit" in html
    assert ticked(html) == {chosen}


def test_as_last_year_ticks_the_same_weeks(citizen):
    lea, groups = child_of(citizen, 8), weeks(3)
    before = groups[1].starts_on - timedelta(weeks=52)
    make_registration(lea, make_group(starts_on=before, ends_on=before + timedelta(days=4), capacity=None))
    citizen.joins()
    citizen.post(PATH, comme=lea.id)
    assert ticked(citizen.client.get_page(PATH)) == {f"{lea.id}:{groups[1].code}"}


def test_nothing_of_last_year_is_said(citizen):
    lea, _groups = child_of(citizen, 8, first_name="Léa"), weeks(3)
    citizen.joins()
    citizen.post(PATH, comme=lea.id)
    assert "Rien de l’an dernier ne peut être coché ici pour Léa" in citizen.client.get_page(PATH)


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


def test_an_option_is_called_by_the_row_that_sets_its_price_and_what_costs_nothing_is_free(citizen):
    """The third child's child care costs nothing: it is not « 1er enfant, 0,00 $ »."""
    [group] = weeks(1, instalments="")
    labels = ("1er enfant", "2e enfant", "3e enfant et suivants")
    for rank, (label, cents) in enumerate(zip(labels, (3_500, 2_700, 0), strict=True), 1):
        make_price(option="garde", label=f"Service de garde, {label}", rank=rank, rank_over="dates", amount_cents=cents)
    make_price(label="3e enfant et suivants", rank=3, rank_over="dates", amount_cents=0)
    for years in (8, 6):
        make_registration(child_of(citizen, years), group, option="garde")
    zoe = child_of(citizen, 5)
    citizen.joins()
    for html in (citizen.client.get_page(PATH), citizen.client.get_page(f"/inscription/{group.code}")):
        assert "Service de garde, 3e enfant et suivants" in html
        assert "Service de garde, 1er enfant" not in html
        assert "0,00" not in html
        assert "gratuit" in html
    cells = tags(citizen.client.get_page(PATH), "data-card-end", zoe.card_number[-4:])
    assert cells[0]["data-price-cents"] == "0"


def test_a_group_that_has_no_price_for_somebody_shows_none(citizen):
    weeks(1, price_cents=None, price_non_resident_cents=9_000)
    child_of(citizen, 8)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "0,00" not in html
    assert "gratuit" not in html


def test_what_was_ticked_stays_where_one_looks_at_another_place_and_comes_back(citizen):
    one, other = make_place(name="Deux-Soleils"), make_place(name="Saint-Patrice")
    lea, tom, [here], [there] = child_of(citizen, 8), child_of(citizen, 6), weeks(1, one), weeks(1, other)
    citizen.joins()
    at, mine, his = f"{PATH}?lieu={one.code}", f"{lea.id}:{here.code}", f"{tom.id}:{there.code}"
    answer = citizen.post(at, choice=mine, voir=other.code)
    assert (answer.status_code, answer.location) == (303, f"{PATH}?lieu={other.code}")
    html = citizen.client.get_page(answer.location)
    assert ticked(html) == {mine}, "it is seen, though it is elsewhere"
    assert len(tags(html, "data-activity", here.code)) == 1, "for her alone"
    citizen.post(answer.location, choice=[mine, his], voir=one.code)
    for page in (at, f"{PATH}?lieu={other.code}", PATH):
        assert ticked(citizen.client.get_page(page)) == {mine, his}


def test_what_was_ticked_stays_while_one_fills_a_health_form(citizen):
    lea, [group] = child_of(citizen, 8), weeks(1)
    citizen.joins()
    mine = f"{lea.id}:{group.code}"
    html = citizen.client.get_page(PATH)
    [button] = tags(html, "name", "sante")
    answer = citizen.post(PATH, choice=mine, sante=button["value"])
    assert (answer.status_code, answer.location) == (303, f"/mon-dossier/famille/{lea.id}/sante?suite={PATH}")
    citizen.client.get_page(answer.location)
    assert ticked(citizen.client.get_page(PATH)) == {mine}
    answer = citizen.post(PATH, pret="1")
    assert answer.location == f"/mon-dossier/pret?suite={PATH}"
    assert not ticked(citizen.client.get_page(PATH)), "nothing ticked is kept too"


def test_a_health_form_once_filled_leads_back_to_the_place_one_was_at_and_its_ticks(citizen):
    one, other = make_place(), make_place()
    lea, [here], _there = child_of(citizen, 8), weeks(1, one), weeks(1, other)
    citizen.joins()
    at, mine = f"{PATH}?lieu={one.code}", f"{lea.id}:{here.code}"
    form = citizen.post(at, choice=mine, sante=lea.id).location
    assert href(citizen.client.get_page(form), "Retour à l’inscription") == at
    answer = citizen.post(form, swimming="alone", leaves_alone="no")
    assert (answer.status_code, answer.location) == (303, at)
    html = citizen.client.get_page(at)
    assert "La fiche santé est enregistrée." in html
    assert ticked(html) == {mine}


def test_what_must_be_prepared_leads_back_too_however_many_pages_one_fills(citizen):
    lea, [group] = child_of(citizen, 8), weeks(1)
    citizen.joins()
    mine = f"{lea.id}:{group.code}"
    ready = citizen.post(PATH, choice=mine, pret="1").location
    html = citizen.client.get_page(ready)
    assert href(html, "Retour à l’inscription") == PATH
    for words, said in (("Remplir la fiche", {"swimming": "alone", "leaves_alone": "no"}),
                        ("Contact d’urgence", {"name": "Mamie", "phone": "819 843-1111"})):  # fmt: skip
        page = href(citizen.client.get_page(ready), words)
        assert href(citizen.client.get_page(page), "Retour à ce qu’il faut préparer") == ready
        assert citizen.post(page, **said).location == ready
    help_asked = href(citizen.client.get_page(ready), "Besoin d’accompagnement?")
    assert href(citizen.client.get_page(help_asked), "Retour à ce qu’il faut préparer") == ready
    assert ticked(citizen.client.get_page(PATH)) == {mine}


@pytest.mark.parametrize("elsewhere", ["https://exemple.org/", "//exemple.org", "/\\exemple.org", "javascript:x"])
def test_nobody_is_led_off_the_site(citizen, elsewhere):
    lea = child_of(citizen, 8)
    citizen.joins()
    form = f"/mon-dossier/famille/{lea.id}/sante?suite={elsewhere}"
    assert elsewhere not in citizen.client.get_page(form).split("<main")[1]
    assert citizen.post(form, swimming="alone", leaves_alone="no").location == "/mon-dossier/pret"


def test_no_link_of_the_form_leads_away_from_what_is_ticked(citizen):
    """Another link would lose it: each is a button that keeps it first."""
    child_of(citizen, 8), weeks(1, make_place()), weeks(1, make_place())
    citizen.joins()
    html = citizen.client.get_page(PATH)
    form = html[html.index('id="boxes"') :]
    assert "<a " not in form[: form.index("</form>")]


def test_what_is_in_the_cart_is_ticked_no_more(citizen):
    lea, [first, second, _third] = child_of(citizen, 8), weeks(3)
    citizen.joins()
    citizen.post(PATH, choice=[f"{lea.id}:{first.code}", f"{lea.id}:{second.code}"], pret="1")
    assert len(ticked(citizen.client.get_page(PATH))) == 2
    citizen.post(PATH, choice=f"{lea.id}:{first.code}")
    assert not ticked(citizen.client.get_page(PATH))


def test_every_week_is_one_group_a_week_where_several_places_have_it(citizen):
    lea, mine, others = child_of(citizen, 8), weeks(3, make_place()), weeks(3, make_place())
    citizen.joins()
    elsewhere = f"{lea.id}:{others[1].code}"
    citizen.post(PATH, choice=elsewhere, toutes=lea.id)
    before = others[2].starts_on - timedelta(weeks=52)
    make_registration(lea, make_group(starts_on=before, ends_on=before + timedelta(days=4), capacity=None))
    first, _second, third = mine
    assert ticked(citizen.client.get_page(PATH)) == {elsewhere, *(f"{lea.id}:{one.code}" for one in (first, third))}
    citizen.post(PATH, comme=lea.id)
    assert ticked(citizen.client.get_page(PATH)) == {f"{lea.id}:{third.code}"}


SUM = {"HX-Request": "true", "HX-Target": "p#sum"}


def test_while_one_ticks_the_sum_is_told_as_the_cart_will_have_it_and_what_is_ticked_is_kept(citizen):
    lea, tom, [first, second, _third] = child_of(citizen, 8), child_of(citizen, 6), weeks(3, tax_code="taxable")
    make_price(amount_cents=4_400, rank=2, rank_over="dates")
    make_price(option="garde", label="Service de garde", amount_cents=3_500, tax_code="exempt")
    citizen.joins()
    boxes = [f"{lea.id}:{first.code}", f"{lea.id}:{first.code}:garde", f"{tom.id}:{first.code}"]
    answer = citizen.post(PATH, headers=SUM, choice=boxes)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    citizen.post(PATH, choice=boxes)
    total = int(tags(citizen.client.get_page("/panier"), "data-total-cents")[0]["data-total-cents"])
    assert f"2 places cochées\u00a0: {formats.money(total)}" in answer.text
    answer = citizen.post(PATH, headers=SUM, choice=f"{lea.id}:{second.code}")
    assert "1 place cochée" in answer.text
    assert "en plus de votre panier" in answer.text
    html = citizen.client.get_page(PATH)
    assert ticked(html) == {f"{lea.id}:{second.code}"}
    assert answer.text.strip() in html, "the page says it too, without a script"


def test_nothing_ticked_has_no_sum_and_an_unknown_box_none_either(citizen):
    child_of(citizen, 8), weeks(1)
    citizen.joins()
    assert citizen.post(PATH, headers=SUM, choice="1:inconnu").text.strip() == ""


def test_a_tick_after_the_session_ended_is_kept_and_leads_to_sign_in(citizen):
    lea, [group] = child_of(citizen, 8), weeks(1)
    citizen.joins()
    token = re.search(r'name="csrf_token" value="([^"]+)"', citizen.client.get(PATH).text)[1]
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    sent = {"csrf_token": token, "choice": f"{lea.id}:{group.code}"}
    answer = citizen.client.post(PATH, headers=SUM, data=sent)
    assert "/connexion" in answer.headers["HX-Redirect"]
    citizen.signs_in(suite=PATH)
    assert ticked(citizen.client.get_page(PATH)) == {f"{lea.id}:{group.code}"}


def test_a_session_older_than_what_browsers_are_told_shows_the_page_and_keeps_the_ticks(citizen):
    """Who was signed in before the update sees no error: her cookie lacks a word."""
    lea, [week] = child_of(citizen), weeks(1)
    citizen.joins()
    with citizen.client.session_transaction() as cookie:
        del cookie["owner"]
    citizen.post(PATH, choice=f"{lea.id}:{week.code}", voir="")
    assert ticked(citizen.client.get_page(PATH)) == {f"{lea.id}:{week.code}"}
