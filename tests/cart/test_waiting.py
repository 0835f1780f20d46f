"""A page that waits for the hour: what it asks meanwhile, and how its button comes."""

import re
from datetime import timedelta

from domain.common import clock
from models import Activity, CartItem
from tests.factories import make_group
from tests.registering.family import child_of, tags

PATH, HTMX = "/panier", {"HX-Request": "true"}
PIECE = HTMX | {"HX-Target": "div#hour"}


def wish(citizen, minutes: float = 30) -> CartItem:
    group = make_group(opens_residents=clock.now() + timedelta(minutes=minutes))
    return CartItem.create(household=citizen.household, person=child_of(citizen), activity=group, state=CartItem.WISH)


def panel(html: str) -> dict[str, str]:
    return tags(html, "id", "hour")[0]


def test_near_the_hour_the_button_is_there_hidden_and_the_page_asks_now_and_then(citizen):
    wish(citizen)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert 1790 < float(panel(html)["data-opens-in"]) <= 1800
    assert panel(html)["hx-get"] == "/panier/attente"
    assert re.search(r'action="/panier/prendre" hidden>', html)
    assert "ne rechargez pas" in html


def test_pages_do_not_ask_together(citizen):
    wish(citizen)
    citizen.joins()
    every = {int(panel(citizen.client.get_page(PATH))["hx-trigger"].removeprefix("every ")[:-1]) for _ in range(12)}
    assert len(every) > 3
    assert all(60 <= seconds <= 120 for seconds in every)


def test_without_script_a_whole_page_comes_back_by_itself_and_soon_after_the_hour(citizen):
    item = wish(citizen)
    citizen.joins()
    head = citizen.client.get_page(PATH).partition("</head>")[0]
    seconds = int(re.search(r'<noscript><meta http-equiv="refresh" content="(\d+)"></noscript>', head)[1])
    assert 60 <= seconds <= 120
    Activity.update(opens_residents=clock.now() + timedelta(seconds=20)).where(Activity.id == item.activity).execute()
    head = citizen.client.get_page(PATH).partition("</head>")[0]
    assert 20 <= int(re.search(r'content="(\d+)"></noscript>', head)[1]) <= 30
    assert "refresh" not in citizen.client.get(PATH, headers=HTMX).text


def test_long_before_nothing_is_asked(citizen):
    wish(citizen, minutes=61)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "L’inscription ouvre le" in html
    assert panel(html) == {"id": "hour"}
    assert "refresh" not in html
    assert "Prendre mes places" not in html


def test_what_is_asked_is_the_panel_alone_and_at_the_hour_it_brings_the_button(citizen, queries):
    for _ in range(3):
        wish(citizen)
    citizen.joins()
    with queries() as made:
        html = citizen.client.get(f"{PATH}/attente", headers=PIECE).text
    assert len(made) <= 4
    assert html.startswith('<div id="hour"')
    assert len(html) < 1500
    Activity.update(opens_residents=clock.now()).execute()
    html = citizen.client.get(f"{PATH}/attente", headers=PIECE).text
    assert panel(html) == {"id": "hour"}
    assert re.search(r'action="/panier/prendre">', html)


def test_the_address_of_the_panel_leads_to_the_cart_and_who_left_to_the_sign_in(citizen):
    citizen.joins()
    assert citizen.client.get(f"{PATH}/attente").location == PATH
    citizen.signs_out()
    assert "/connexion" in citizen.client.get(f"{PATH}/attente", headers=HTMX).headers["HX-Redirect"]
