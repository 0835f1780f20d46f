"""Mes renseignements: what is held, and who opened the file."""

from datetime import date

from domain.common import clock
from domain.staff import counter
from domain.taxes import consents
from models import Account, ChangeRequest, Person
from tests.factories import make_person, make_staff, make_visit

PATH = "/mon-dossier/renseignements"
A_CHILDS = date(clock.today().year - 7, 1, 1)


def test_page_comes_whole_and_as_fragment(citizen):
    citizen.joins()
    page = citizen.client.get_page(PATH)
    assert "Trần" in page
    assert citizen.person.card_number not in page
    assert citizen.person.card_number[-4:] in page
    assert "Compte créé" in page


def test_who_opened_the_file_is_told_without_a_name(citizen):
    citizen.joins()
    counter.open_file(make_visit(make_staff("lucie.b")), citizen.person.card_number)
    page = citizen.client.get(PATH).text
    assert "Dossier ouvert au comptoir" in page
    assert "lucie.b" not in page


def test_what_she_did_with_her_tax_receipts_reads_in_french(citizen):
    citizen.joins()
    consents.give(Account.get())
    consents.withdraw(Account.get())
    page = citizen.client.get(PATH).text
    assert "Reçus d’impôts en ligne acceptés" in page
    assert "Reçus d’impôts en ligne refusés" in page
    assert "electronic receipts" not in page


def test_the_answer_to_a_request_is_read_there(citizen):
    citizen.joins()
    ChangeRequest.create(
        asked_by=citizen.person,
        kind="correction", person=citizen.person, words="<b>x", decided_at=citizen.person.expires_on,
        decision="accepted", answer="C’est fait.",
    )  # fmt: skip
    page = citizen.client.get(PATH).text
    assert "Acceptée" in page
    assert "C’est fait." in page
    assert "&lt;b&gt;x" in page


def test_a_childs_looks_stand_there_with_her_name(citizen):
    citizen.joins()
    child = make_person(citizen.household, first_name="Zoé", birth_date=A_CHILDS)
    counter.open_file(make_visit(), child.card_number)
    page = citizen.client.get_page(PATH)
    assert "Et celui de vos enfants" in page
    assert "Zoé · " in page


def test_the_answer_to_a_request_about_a_child_is_read_there_and_in_ma_famille(citizen):
    citizen.joins()
    child = make_person(citizen.household, first_name="Zoé", birth_date=A_CHILDS)
    ChangeRequest.create(
        asked_by=citizen.person, kind="correction", person=child, words="Zoée", decided_at=citizen.person.expires_on,
        decision="refused", answer="Sans le second e.",
    )  # fmt: skip
    for path in (PATH, "/mon-dossier/famille"):
        page = citizen.client.get_page(path)
        for words in ("Refusée", "Zoée", "Sans le second e."):
            assert words in page, path
    assert "Au sujet de Zoé Trần" in citizen.client.get(PATH).text


def test_coming_and_going_stand_in_mon_profil_and_not_there(citizen):
    citizen.joins()
    citizen.signs_out()
    citizen.signs_in()
    page = citizen.client.get(PATH).text
    assert "Connexion" not in page
    assert "Déconnexion</p>" not in page


def test_the_others_of_the_household_are_names_only(citizen):
    citizen.joins()
    make_person(citizen.household, first_name="Marc", phone="819 555-0199", email="marc@example.com")
    page = citizen.client.get(PATH).text
    assert "Marc" in page
    assert "555-0199" not in page
    assert "marc@example.com" not in page


def test_a_stranger_sees_her_own_only(citizen, client):
    other = make_person(first_name="Inconnue")
    citizen.joins()
    assert other.first_name not in citizen.client.get(PATH).text
    assert Person.select().count() == 2
