"""Mes activités à venir."""

from datetime import UTC, date, datetime, time, timedelta

import time_machine

from domain.common import clock
from models import Membership, Registration
from tests.factories import (
    make_activity,
    make_group,
    make_household,
    make_person,
    make_place,
    make_price,
    make_registration,
)

PATH = "/mon-dossier/activites"
SOON = clock.today() + timedelta(days=2)
DAILY = {"starts_on": SOON, "weekdays": "lun mar mer jeu ven sam dim"}


def test_it_tells_whose_when_where_and_what_to_bring(citizen):
    child = make_person(citizen.household, first_name="Léa")
    place = make_place(name="Aréna", address="100, rue Sherbrooke")
    activity = make_activity(place, title="Patinage", ends_on=SOON, provider="partenaire", bring="Patins", **DAILY)
    make_registration(child, activity)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    for words in ("Léa", "Patinage", "de 9\u00a0h à 10\u00a0h\u00a030", "Aréna", "Patins", "Offert par un partenaire"):
        assert words in html
    assert f'href="/localisations/{place.code}"' in html


def test_it_goes_by_course_the_next_first_each_once(citizen):
    evening = make_activity(
        title="Soir", starts_at=time(19), ends_at=time(20), ends_on=SOON + timedelta(days=29), **DAILY
    )
    make_registration(citizen.person, evening)
    make_registration(citizen.person, make_activity(title="Matin", ends_on=SOON, **DAILY))
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert html.index("Matin") < html.index("Soir")
    assert html.count("Soir</strong>") == 1
    assert "Une seule fois" in html
    assert "Toutes les dates (30)" in html


def test_all_the_dates_are_one_press_away_a_line_a_month_without_a_script(citizen):
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=UTC), tick=False):
        days = {"starts_on": date(2026, 11, 3), "ends_on": date(2026, 12, 10), "weekdays": "mar jeu"}
        make_registration(citizen.person, make_activity(title="Aquaforme", cancelled_on="2026-12-03", **days))
        citizen.joins()
        html = citizen.client.get_page(PATH).replace("\u00a0", " ")
    assert "mardi et jeudi, de 9 h à 10 h 30, jusqu’au 10 décembre 2026" in html
    assert "La prochaine fois : <strong>mardi 24 novembre 2026" in html
    dates = html[html.index("<details>") :]
    assert "<p>novembre 2026 : mardi 24, jeudi 26</p><p>décembre 2026 : mardi 1er, mardi 8, jeudi 10</p>" in dates


def test_what_has_not_begun_says_from_when_to_when(citizen):
    days = {"starts_on": SOON, "ends_on": SOON + timedelta(days=1), "weekdays": DAILY["weekdays"]}
    make_registration(citizen.person, make_activity(**days))
    citizen.joins()
    assert "jusqu’au" not in citizen.client.get_page(PATH)


def test_what_is_over_cancelled_or_of_others_is_left_out(citizen):
    make_registration(citizen.person, make_activity(title="Fini", starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1)))
    make_registration(citizen.person, make_activity(title="Quitté"), status=Registration.CANCELLED)
    make_registration(make_person(make_household()), make_activity(title="Autre foyer"))
    make_registration(
        citizen.person, make_activity(title="Annulé", ends_on=SOON, cancelled_on=SOON.isoformat(), **DAILY)
    )
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "Personne de votre famille n’a d’activité à venir" in html
    for title in ("Fini", "Quitté", "Autre foyer", "Annulé"):
        assert title not in html


def test_a_turn_on_a_waiting_list_is_told_apart(citizen):
    make_registration(citizen.person, make_activity(title="Complet"), status=Registration.WAITING)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert html.index("En liste d’attente") < html.index("Complet")


def test_the_number_of_queries_does_not_grow(citizen, queries):
    citizen.joins()
    make_registration(citizen.person, make_activity(ends_on=SOON, **DAILY))
    with queries() as few:
        citizen.client.get(PATH)
    for _ in range(15):
        make_registration(make_person(citizen.household), make_activity(ends_on=SOON, **DAILY))
    with queries() as many:
        citizen.client.get(PATH)
    assert len(many) == len(few)


def test_a_child_of_two_homes_shows_each_the_activity_and_its_days_and_nothing_of_the_registration(citizen):
    child, only = make_person(citizen.household, first_name="Zoé"), make_person(citizen.household, first_name="Léo")
    second = make_household()
    Membership.create(household=second, person=child)
    activity = make_activity(title="Piano", ends_on=SOON, **DAILY)
    for person, code in ((child, "I-ZOE"), (only, "I-LEO")):
        make_registration(person, activity, code=code)
    make_registration(child, make_activity(title="Chant"), status=Registration.WAITING, registered_on=date(2026, 1, 9))
    citizen.joins()
    html = citizen.client.get_page("/mon-dossier/activites")
    assert "Zoé – Piano</strong>" in html
    assert "9 janvier" not in html.replace("\u00a0", " ")
    calendar = citizen.client.get("/mon-dossier/activites.ics").text
    assert "I-LEO" in calendar
    assert "I-ZOE" not in calendar
    assert "Zoé – Piano" in calendar


def test_a_child_set_apart_shows_nothing_any_more(citizen, app):
    child, other = make_person(citizen.household, first_name="Zoé"), make_person(citizen.household)
    make_registration(child, make_activity(title="Piano", ends_on=SOON, **DAILY))
    citizen.joins()
    assert "Piano" in citizen.client.get("/mon-dossier/activites").text
    app.test_cli_runner().invoke(args=["household", "split", child.card_number, other.card_number])
    for path in ("activites", "activites.ics"):
        assert "Piano" not in citizen.client.get(f"/mon-dossier/{path}").text


def test_each_registration_stands_once_with_its_next_date(citizen):
    child = make_person(citizen.household, first_name="Léa")
    registration = make_registration(child, make_activity(title="Aquaforme", ends_on=SOON + timedelta(days=9), **DAILY))
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert html.count(f'data-registration="{registration.code}"') == 1
    assert f'data-card-end="{child.card_number[-4:]}"' in html
    assert "La prochaine fois" in html


def test_what_the_other_home_registered_a_child_for_bears_no_code_of_it(citizen):
    other = make_household()
    child = make_person(citizen.household)
    Membership.create(household=other, person=child)
    theirs = make_registration(child, make_activity(ends_on=SOON, **DAILY), household=other)
    ours = make_registration(child, make_activity(ends_on=SOON, **DAILY), household=citizen.household)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert theirs.code not in html
    assert f'data-registration="{ours.code}"' in html


def test_child_care_taken_beside_a_place_is_shown_but_the_other_homes_is_not(citizen):
    child = make_person(citizen.household, first_name="Léa")
    group, plain = make_group(title="Avec"), make_group(title="Sans")
    for rank, who in enumerate(("1er enfant", "2e enfant"), 1):
        make_price(option="garde", label=f"Service de garde, {who}, même semaine", rank=rank)
    make_registration(child, group, option="garde")
    make_registration(child, plain)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert html.count("avec service de garde") == 1
    assert "1er enfant" not in html
    other = make_household()
    Membership.create(household=other, person=child)
    Registration.update(household=other).execute()
    assert "service de garde" not in citizen.client.get_page(PATH)


def test_an_option_that_the_price_list_does_not_know_any_more_bears_its_code(citizen):
    make_registration(citizen.person, make_group(), option="autobus")
    citizen.joins()
    assert "avec autobus" in citizen.client.get_page(PATH)
