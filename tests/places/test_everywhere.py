"""Localisations."""

from tests.factories import make_place

PATH = "/localisations"


def test_places_stand_by_kind_and_name(client):
    make_place(name="Salle B", kind="room")
    make_place(name="Salle A", kind="room", accessible=False)
    make_place(name="Aréna", kind="ice")
    html = client.get_page(PATH)
    order = [html.index(words) for words in ("Heures de glace", "Aréna", "Salles", "Salle A", "Salle B")]
    assert order == sorted(order)
    assert "Plages" not in html


def test_without_places_it_leads_to_the_citys_site(client, city):
    assert city.website in client.get_page(PATH)


def test_a_visitor_may_keep_it_and_a_resident_may_not(client, citizen):
    answer = client.get(PATH)
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    assert "Cookie" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers
    citizen.joins()
    assert citizen.client.get(PATH).headers["Cache-Control"] == "no-store"


def test_a_page_that_may_bear_a_message_is_not_kept(client):
    client.get("/connexion")  # leaves a session for its token
    assert client.get(PATH).headers["Cache-Control"] == "no-store"
