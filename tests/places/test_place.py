"""One place."""

from datetime import timedelta

import pytest

from domain.common import clock
from tests.factories import make_activity, make_place


def test_it_tells_where_when_and_what_takes_place_this_week(client):
    place = make_place(code="aréna", name="Aréna", hours="lun-ven 08:00-22:00; dim 09:00-17:00", accessible=False)
    make_activity(place, title="Patinage libre")
    make_activity(
        place,
        title="Plus tard",
        starts_on=clock.today() + timedelta(days=40),
        ends_on=clock.today() + timedelta(days=60),
    )
    make_activity(title="Ailleurs")
    html = client.get_page("/localisations/aréna")
    shown = (
        "90, rue Saint-David",
        "819\u00a0843-3333",
        "du lundi au vendredi, de 8\u00a0h à 22\u00a0h; le dimanche, de 9\u00a0h à 17\u00a0h",
    )
    for words in (*shown, "openstreetmap.org/search?query=90%2C+rue", "Patinage libre", "Non, ou en partie"):
        assert words in html
    assert html.count("Patinage libre") == 1
    assert "Plus tard" not in html
    assert "Ailleurs" not in html


@pytest.mark.parametrize("code", ["rien", "' OR 1=1 --", "é" * 300])
def test_a_place_that_does_not_exist_is_not_found(client, code):
    make_place()
    assert client.get(f"/localisations/{code}").status_code == 404


def test_hours_in_the_citys_own_words_stay(client):
    make_place(code="plage", hours="Tous les jours, l’été")
    assert "Tous les jours, l’été" in client.get_page("/localisations/plage")
