"""Step 3: Mon dossier."""

import re
from datetime import timedelta

from domain.common import clock
from models import Membership
from tests.factories import make_invoice, make_person
from tests.walker import Citizen


def test_what_is_due_comes_first(citizen):
    make_invoice(citizen.household, 10_000, taxable=True, due_on=clock.today() - timedelta(days=1))
    make_invoice(citizen.household, 10_000)
    citizen.joins()
    html = citizen.client.get_page("/mon-dossier")
    assert "214,98\u00a0$" in html
    assert "114,98\u00a0$" in html
    assert html.index("214,98") < html.index("Comptes et reçus</strong>")


def test_what_is_due_today_is_not_overdue(citizen):
    make_invoice(citizen.household, 10_000, due_on=clock.today())
    citizen.joins()
    assert "en retard" not in citizen.client.get("/mon-dossier").text


def test_nothing_due_says_so(citizen):
    citizen.joins()
    assert "Rien à payer" in citizen.client.get("/mon-dossier").text


def test_a_cancelled_invoice_is_not_due(citizen):
    make_invoice(citizen.household, 5_000, status="cancelled")
    citizen.joins()
    assert "Rien à payer" in citizen.client.get("/mon-dossier").text


def test_two_adults_have_each_their_account_and_see_the_same_household(citizen, app):
    make_invoice(citizen.household, 12_345)
    citizen.joins()
    other = Citizen(app.test_client(), citizen.household)
    other.joins(username="luc")
    assert "123,45" in citizen.client.get("/mon-dossier").text
    assert "123,45" in other.client.get("/mon-dossier").text


def test_someone_of_two_households_sees_both(citizen):
    other = make_person().memberships[0].household
    Membership.create(household=other, person=citizen.person)
    make_invoice(citizen.household, 1_000)
    make_invoice(other, 2_000)
    citizen.joins()
    assert "30,00\u00a0$" in citizen.client.get("/mon-dossier").text


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/mon-dossier").status_code == 303
    fragment = client.get("/mon-dossier", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/connexion?suite=/mon-dossier"


def test_personal_pages_are_stored_nowhere(citizen):
    citizen.joins()
    assert citizen.client.get("/mon-dossier").headers["Cache-Control"] == "no-store"


def test_what_is_being_paid_is_told_first_and_is_not_due(citizen):
    busy = make_invoice(citizen.household, 10_000, due_on=clock.today() - timedelta(days=1))
    make_invoice(citizen.household, 2_500)
    citizen.joins()
    payment = citizen.payment(citizen.pays(busy))
    html = citizen.client.get_page("/mon-dossier")
    told = ["Paiement en cours", "100,00", payment.reference, "À payer\u00a0:", "25,00", "Voir et payer"]
    assert re.search(".*?".join(told), html, re.DOTALL)
    assert "125,00" not in html
    assert "en retard" not in html


def test_when_all_is_being_paid_nothing_more_is_asked_nor_said_to_be_settled(citizen):
    citizen.joins()
    citizen.pays(make_invoice(citizen.household))
    html = citizen.client.get("/mon-dossier").text
    assert "Vous n’avez rien d’autre à payer" in html
    assert "Voir et payer" not in html
    assert "sont réglées" not in html
