"""The catalogue, public and light."""

from datetime import timedelta

import pytest

from domain.common import clock, formats
from models import Activity, CartItem
from tests.domain.cart.hold import held
from tests.factories import (
    make_activity,
    make_group,
    make_household,
    make_person,
    make_place,
    make_price,
    make_registration,
)
from tests.registering.family import child_of, tags

PATH = "/inscription"


def test_anybody_sees_each_group_with_where_when_for_whom_and_what_is_left(client):
    place = make_place(name="École des Deux-Soleils")
    group = make_group(place, age_min=4, age_max=11, capacity=3)
    html = client.get_page(PATH)
    [row] = tags(html, "data-activity", group.code)
    assert row["data-state"] == "open"
    assert "data-eligible" not in row
    for words in (group.title, "École des Deux-Soleils", "4 à 11 ans", "3 places ou moins", "58,00"):
        assert words in html
    assert f'href="/inscription/{group.code}"' in html


def test_what_is_full_of_places_that_are_not_paid_yet_says_so(client):
    group, home = make_group(capacity=1), make_household()
    held(home, make_person(home), group)
    assert "complet pour l’instant\u00a0: des paiements sont en cours" in client.get_page("/inscription")
    CartItem.update(state=CartItem.REMOVED).execute()
    make_registration(make_person(home), group)
    html = client.get_page("/inscription")
    assert "des paiements sont en cours" not in html
    assert "complet" in html


def test_the_menu_leads_here(client):
    assert 'href="/inscription"' in client.get_page("/")


def test_what_is_elsewhere_leads_there_with_its_own_link(client):
    other = make_activity(register_at="https://example.org/yoga")
    html = client.get_page(PATH)
    assert tags(html, "data-activity", other.code)[0]["data-state"] == "elsewhere"
    assert 'href="https://example.org/yoga"' in html


def test_for_a_chosen_person_each_group_says_yes_or_no_and_why(citizen):
    lea = child_of(citizen, first_name="Léa")
    yes, no = make_group(age_min=4), make_group(age_min=12)
    citizen.joins()
    html = citizen.client.get_page(f"{PATH}?personne={lea.id}")
    assert tags(html, "data-activity", yes.code)[0]["data-eligible"] == "yes"
    row = tags(html, "data-activity", no.code)[0]
    assert (row["data-eligible"], row["data-why"]) == ("no", "age")
    assert "son âge n’est pas celui du groupe" in html


def test_a_stranger_is_not_judged(citizen):
    stranger = child_of(citizen)
    make_group()
    assert "data-eligible" not in citizen.client.get_page(f"{PATH}?personne={stranger.id}")


def test_a_search_finds_with_accents_folded_and_says_when_nothing_is_found(client):
    make_group(title="Club été, semaine 1"), make_group(title="Aquaforme", program="aqua")
    html = client.get_page(f"{PATH}?q=club+ETE")
    assert "semaine 1" in html
    assert "Aquaforme" not in html
    assert "Aucune activité ne répond" in client.get_page(f"{PATH}?q=escrime")


def test_an_odd_search_is_no_error(client):
    make_group()
    for query in ("jour=zzz", "personne=9999999999999999999", "prix=abc", "page=-3", "page=99999999", "q=" + "é" * 500):
        assert client.get(f"{PATH}?{query}").status_code == 200


def test_a_long_catalogue_comes_by_pages_that_keep_the_search(client):
    for _ in range(45):
        make_group()
    html = client.get_page(f"{PATH}?saison=Été")
    assert "Page 1 de 2" in html
    assert "saison=%C3%89t%C3%A9" in html
    assert len(tags(client.get_page(f"{PATH}?saison=Été&page=2"), "data-activity")) == 15


def test_before_the_hour_it_says_when(client):
    make_group(opens_residents=clock.now() + timedelta(days=3))
    html = client.get_page(PATH)
    assert 'data-state="soon"' in html
    assert "ouvre le" in html


def test_queries_do_not_grow_with_groups(citizen, queries):
    lea = child_of(citizen)
    make_group()
    citizen.joins()
    with queries() as few:
        citizen.client.get_page(f"{PATH}?personne={lea.id}")
    for _ in range(20):
        make_group()
    with queries() as many:
        citizen.client.get_page(f"{PATH}?personne={lea.id}")
    assert len(many) <= len(few)


def test_every_choice_shows_when_it_is_asked_for_or_made(client):
    make_group()
    assert 'name="jour"' not in client.get_page(PATH)
    assert 'name="jour"' in client.get_page(f"{PATH}?choix=1")
    assert 'name="jour"' in client.get_page(f"{PATH}?libres=1")


def test_a_programme_says_from_when_to_when_where_and_from_which_price(client):
    (
        make_group(title="Club été, semaine 1", price_cents=5_800),
        make_group(title="Club été, semaine 2", price_cents=4_400),
    )
    html = client.get_page(PATH)
    assert "à partir de 44,00" in html
    assert "2 groupes" in html


def test_a_group_that_nobody_has_priced_is_closed_until_somebody_does(citizen):
    group = make_group(price_cents=None)
    child = child_of(citizen)
    citizen.joins()
    for path in ("/inscription", f"/inscription/{group.code}"):
        assert tags(citizen.client.get_page(path), "data-activity", group.code)[0]["data-state"] == "closed"
    answer = citizen.post(f"/inscription/{group.code}", f"/inscription/{group.code}", person=child.id)
    assert answer.status_code == 422
    make_price(amount_cents=0)
    answer = citizen.post(f"/inscription/{group.code}", f"/inscription/{group.code}", person=child.id)
    assert answer.status_code == 303


def test_a_programme_that_a_page_cuts_still_says_its_own_dates_and_how_many_groups(client):
    first = clock.today() + timedelta(days=30)
    for week in range(32):
        make_group(title=f"Club été, semaine {week + 1}", starts_on=first + timedelta(weeks=week))
    last = max(one.ends_on for one in Activity.select())
    for page in (1, 2):
        html = client.get_page(f"{PATH}?page={page}")
        assert f"{formats.day(first)} au {formats.day(last)}" in html
        assert "sur 32" in html


def test_a_price_before_taxes_says_so_in_every_list_and_one_with_them_too(citizen):
    alone = {"tax_code": "taxable", "price_cents": 10_000, "category": "activity"}
    make_group(title="Aquaforme", program="aquaforme", **alone)
    for n in (1, 2):
        make_group(title=f"Yoga, groupe {n}", program="yoga", **alone)
        make_group(title=f"Club été, semaine {n}")
    html = citizen.client.get_page(PATH)
    assert html.count("plus les taxes") == 2
    assert f"à partir de {formats.money(10_000)} plus les taxes" in html
    assert f"à partir de {formats.money(5_800)}" in html
    citizen.joins()
    html = citizen.client.get_page(f"{PATH}?personne={citizen.person.id}&q=aquaforme")
    assert "114,98" in html
    assert "taxes comprises" in html
    assert "plus les taxes" not in html


def test_nothing_added_to_what_is_free_or_exempt(client):
    make_group(title="Aquaforme", program="aquaforme", tax_code="taxable", price_cents=0)
    make_group(title="Judo", program="judo")
    html = client.get_page(PATH)
    assert "taxes" not in html[html.index("<main") : html.index("</main>")]
    assert "gratuit" in html


def test_a_programme_says_from_which_price_and_what_is_free(client):
    for n, cents in enumerate((0, 5_800, 7_200), 1):
        make_group(title=f"Club été, semaine {n}", price_cents=cents)
    for n in (1, 2):
        make_group(title=f"Jeux libres, groupe {n}", program="jeux", price_cents=0)
    html = client.get_page(PATH)
    assert f"gratuit, ou à partir de {formats.money(5_800)}" in html
    assert html.count("gratuit") == 2
    assert "0,00" not in html.replace("58,00", "").replace("72,00", "")


@pytest.mark.parametrize(
    "words",
    [
        "natation",
        "NATATION",
        "cours de natation",
        "Nage",
        "nager pour la vie",
        "nageurs",
        "leçons de natation à la piscine",
    ],
)
def test_swimming_is_found_whatever_it_is_called(client, words):
    swimming = make_group(
        make_place(name="Piscine"), title="Nager pour la vie, nageur 1", program="npv", category="activity"
    )
    make_group(title="Judo", program="judo", category="activity")
    make_group(title="Patinage artistique", program="patin", category="activity")
    found = [one["data-activity"] for one in tags(client.get_page(f"{PATH}?q={words}"), "data-state")]
    assert found == [swimming.code]


@pytest.mark.parametrize("words", ["camp de jour", "camps", "camp d’été", "Club Été", "service de garde", "club-ete"])
def test_a_camp_is_found_by_its_category_and_programme(client, words):
    camp = make_group(title="Club été, semaine 1")
    make_group(title="Judo", program="judo", category="activity", season="Hiver")
    assert [one["data-activity"] for one in tags(client.get_page(f"{PATH}?q={words}"), "data-state")] == [camp.code]


def test_where_nothing_is_found_there_are_ways_on_and_somebody_to_call(client, city):
    make_group(title="Club été, semaine 1"), make_group(title="Aquaforme", program="aqua", category="activity")
    html = client.get_page(f"{PATH}?q=trapèze")
    assert "Aucune activité ne répond à ce choix" in html
    main = html[html.index("<main") : html.index("</main>")]
    for topic in ("camp+de+jour", "natation"):
        assert f'href="/inscription?q={topic}"' in main
    assert "patinage" not in main, "a way on that leads to nothing is none"
    assert 'href="/inscription"' in main
    assert city.help.name in main


def test_where_the_other_choices_hide_it_the_words_alone_are_offered(client):
    make_group(title="Club été, semaine 1", weekdays="lun mar mer jeu ven sam")
    html = client.get_page(f"{PATH}?q=club&jour=dim")
    assert 'href="/inscription?q=club"' in html
    assert "« club », tous les jours et tous les lieux" in html.replace("\u00a0", " ")


def test_small_words_alone_look_for_nothing(client):
    make_group(title="Club été, semaine 1")
    assert tags(client.get_page(f"{PATH}?q=les activités pour"), "data-state")
