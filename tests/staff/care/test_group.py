"""A group's children, as who looks after them reads them."""

from datetime import date

from tests.factories import make_activity, make_group, make_health_form, make_person, make_registration


def test_those_registered_are_listed_with_what_their_homes_say(clerk):
    group = make_group(title="Club été, semaine 3")
    child = make_person(first_name="Zoé", birth_date=date(2019, 5, 1))
    make_registration(child, group)
    make_health_form(child)
    html = clerk.client.get_page(f"/personnel/fiches-sante/groupe/{group.code}")
    for words in ("Club été, semaine 3", "Zoé Trần", "Arachides", "Allergie"):
        assert words in html


def test_a_group_with_nobody_and_one_that_is_none(clerk):
    assert "Aucun enfant" in clerk.client.get_page(f"/personnel/fiches-sante/groupe/{make_group().code}")
    for code in ("inconnu", make_activity().code):
        assert clerk.client.get(f"/personnel/fiches-sante/groupe/{code}").status_code == 404
