"""What is missing, weeks before the opening: its page, Mon dossier, and the programme's page; it never bars a place."""

from models import CartItem, EmergencyContact
from tests.factories import make_group, make_health_form, make_price, make_registration
from tests.registering.family import child_of

PATH = "/mon-dossier/pret"


def calls(child, citizen):
    EmergencyContact.create(person=child, household=citizen.household, name="Mamie", phone="819 843-1111")


def test_each_child_is_told_apart_with_what_to_do(family, camp):
    citizen, zoe, lea = family
    calls(zoe, citizen), calls(lea, citizen), make_health_form(lea)
    html = citizen.client.get_page(PATH)
    assert "Il manque la fiche santé de Zoé." in html
    assert "fiche santé de Léa" not in html
    assert f"/mon-dossier/famille/{zoe.id}/sante" in html
    assert html.count("Tout est prêt.") == 2, "Léa, and whoever pays"


def test_nothing_opens_nothing_to_prepare(family):
    citizen, _zoe, _lea = family
    assert "Rien à préparer" in citizen.client.get_page(PATH)
    assert PATH not in citizen.client.get_page("/mon-dossier")


def test_the_dossier_says_so_and_leads_there_until_all_is_ready(family, camp):
    citizen, zoe, lea = family
    assert PATH in citizen.client.get_page("/mon-dossier")
    for child in (zoe, lea):
        calls(child, citizen), make_health_form(child)
    assert PATH not in citizen.client.get_page("/mon-dossier")


def test_the_programmes_page_says_for_whom_all_is_ready_and_what_is_missing(family, camp):
    citizen, zoe, lea = family
    calls(zoe, citizen), calls(lea, citizen), make_health_form(lea)
    html = citizen.client.get_page("/inscription/programme/club-ete")
    assert "Tout est prêt pour Léa." in html
    assert "Il manque la fiche santé de Zoé." in html
    assert f'name="sante" value="{zoe.id}">La remplir' in html
    answer = citizen.post("/inscription/programme/club-ete", sante=zoe.id)
    assert answer.location == f"/mon-dossier/famille/{zoe.id}/sante?suite=/inscription/programme/club-ete"


def test_a_programme_that_is_no_child_care_asks_nothing(family):
    citizen, _zoe, _lea = family
    make_group(category="activity", program="natation"), make_group(category="activity", program="natation")
    assert "fiche santé" not in citizen.client.get_page("/inscription/programme/natation")


def test_what_a_camp_wants_of_a_child_is_not_told_on_another_programmes_page(family, camp):
    citizen, zoe, _lea = family
    make_registration(zoe, camp)
    make_group(category="activity", program="natation"), make_group(category="activity", program="natation")
    assert "fiche santé" not in citizen.client.get_page("/inscription/programme/natation")
    assert "fiche santé de Zoé" in citizen.client.get_page(PATH)


def test_what_is_missing_bars_no_place(family):
    citizen, zoe, _lea = family
    group = make_group()
    make_price()
    assert citizen.post(f"/inscription/{group.code}", person=zoe.id).location == "/panier"
    assert CartItem.get().state == CartItem.HELD


def test_queries_do_not_grow(family, camp, queries):
    citizen, _zoe, _lea = family
    with queries() as few:
        citizen.client.get(PATH)
    for _ in range(5):
        child_of(citizen, 7), make_group()
    with queries() as many:
        citizen.client.get(PATH)
    assert len(many) <= len(few)
