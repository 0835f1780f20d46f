"""Mes réservations."""

from datetime import datetime, timedelta

from domain.common import clock
from models import Reservation
from tests.factories import make_household, make_place, make_reservation

PATH = "/mon-dossier/reservations"


def test_it_tells_when_where_state_and_conditions(citizen, city):
    place = make_place(name="Salle Ovila-Bergeron")
    when = {"starts_at": datetime(2099, 7, 3, 22, 0), "ends_at": datetime(2099, 7, 4, 2, 0)}
    make_reservation(citizen.household, place, purpose="Fête", **when)
    make_reservation(citizen.household, status=Reservation.REQUESTED)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    shown = (
        "vendredi 3\u00a0juillet\u00a02099",
        "de 18\u00a0h à 22\u00a0h",
        "Salle Ovila-Bergeron",
        "Fête",
        "Confirmée",
    )
    for words in (*shown, "Demandée<", *city.rentals.conditions):
        assert words in html


def test_past_and_cancelled_ones_stand_apart_by_pages(citizen):
    for number in range(25):
        past = clock.now() - timedelta(days=10 + number)
        make_reservation(
            citizen.household, starts_at=past, ends_at=past + timedelta(hours=1), purpose=f"Passée {number}."
        )
    make_reservation(citizen.household, status=Reservation.CANCELLED, purpose="Laissée")
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "Aucune réservation à venir" in html
    assert html.index("Laissée") < html.index("Passée 0.")
    assert "Passée 24." in citizen.client.get_page(f"{PATH}?page=3")


def test_another_households_is_not_shown(citizen):
    make_reservation(make_household(), purpose="Autre foyer")
    citizen.joins()
    assert "Autre foyer" not in citizen.client.get_page(PATH)


def test_the_number_of_queries_does_not_grow(citizen, queries):
    citizen.joins()
    make_reservation(citizen.household)
    with queries() as few:
        citizen.client.get(PATH)
    for _ in range(15):
        make_reservation(citizen.household)
    with queries() as many:
        citizen.client.get(PATH)
    assert len(many) == len(few)
