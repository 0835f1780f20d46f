"""« Rien n’a changé », one press a year."""

from datetime import timedelta

from domain.common import clock
from models import HealthForm
from tests.factories import make_health_form


def test_one_press_makes_the_form_good_for_the_season(family, camp):
    citizen, zoe, _lea = family
    make_health_form(zoe, good_until=clock.today())
    html = citizen.client.get_page("/mon-dossier/pret")
    assert "est à confirmer" in html
    answer = citizen.post(f"/mon-dossier/famille/{zoe.id}/sante/confirmer", "/mon-dossier/pret")
    assert (answer.status_code, answer.location) == (303, "/mon-dossier/pret")
    assert HealthForm.get().good_until > camp.ends_on
    assert "est à confirmer" not in citizen.client.get_page("/mon-dossier/pret")


def test_the_forms_own_page_offers_it_when_it_is_time(family, camp):
    citizen, zoe, _lea = family
    make_health_form(zoe, good_until=clock.today())
    path = f"/mon-dossier/famille/{zoe.id}/sante"
    assert "Rien n’a changé" in citizen.client.get_page(path)
    HealthForm.update(good_until=clock.today() + timedelta(days=900)).execute()
    assert "Rien n’a changé" not in citizen.client.get_page(path)


def test_one_that_is_erased_is_to_be_filled_anew(family):
    citizen, zoe, _lea = family
    answer = citizen.post(f"/mon-dossier/famille/{zoe.id}/sante/confirmer", "/mon-dossier/pret")
    assert answer.location == f"/mon-dossier/famille/{zoe.id}/sante"
    assert "n’existe plus" in citizen.client.get_page(answer.location)


def test_a_press_of_another_site_changes_nothing(family):
    citizen, zoe, _lea = family
    make_health_form(zoe, good_until=clock.today())
    citizen.client.post(f"/mon-dossier/famille/{zoe.id}/sante/confirmer")
    assert HealthForm.get().good_until == clock.today()
