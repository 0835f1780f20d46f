"""The room: a year's amounts by person, gifts, receipts, and what is missing."""

from datetime import date

import pytest

from domain.common import clock
from models import GuestPayer, Person
from tests.factories import make_activity, make_invoice, make_person, make_registration, pay_elsewhere, take_back
from tests.taxes.conftest import LAST_YEAR, spring
from tests.walker import Citizen

ROOM = "/mon-dossier/recus-fiscaux"


def of(year: int) -> str:
    return f"{ROOM}?annee={year}"


def test_an_empty_year_says_so(member):
    html = member.client.get_page(ROOM)
    assert "Rien de payé" in html


def test_amounts_stand_by_person_and_gifts_apart(member, pays, issuing):
    pays("child_care", 7_000)
    pays("child_care", 3_000)
    pays("activity", 4_500, person=member.person)
    pays("donation", 2_500)
    issuing()
    html = member.client.get_page(of(LAST_YEAR))
    assert html.index("Léa") < html.index("100,00\u00a0$")
    for words in ("Frais de garde", "45,00\u00a0$", "Mes dons", "25,00\u00a0$", "12\u00a0mars"):
        assert words in html


def test_an_adults_activity_has_its_amount_and_says_why_no_receipt_comes(member, pays, issuing):
    pays("activity", 4_500, person=member.person)
    issuing()
    html = member.client.get_page(of(LAST_YEAR))
    assert "45,00\u00a0$" in html
    assert f"un enfant de 5 à 15 ans au 1er janvier {LAST_YEAR}" in html
    assert "A000001" not in html
    pays("activity", 3_300)
    issuing()
    html = member.client.get_page(of(LAST_YEAR))
    assert html.count("Pas de reçu") == html.count("A000001") == 1


def test_a_cancelled_receipt_stays_in_the_room_and_says_so(member, pays, issuing):
    payment = pays("donation")
    issuing()
    take_back(payment, 10_000)
    issuing()
    html = member.client.get_page(of(LAST_YEAR))
    assert "D000001" in html
    assert "Annulé" in html


def test_only_the_asked_year_counts(member, pays, issuing):
    pays("activity", 1_100, year=LAST_YEAR - 1)
    pays("activity", 2_200, year=LAST_YEAR)
    assert "22,00\u00a0$" not in member.client.get(of(LAST_YEAR - 1)).text
    assert "11,00\u00a0$" in member.client.get(of(LAST_YEAR - 1)).text
    assert "22,00\u00a0$" in member.client.get(of(LAST_YEAR)).text


@pytest.mark.parametrize("year", ["x", "1492", "99999999999999999999", "", "-1"])
def test_a_year_that_is_none_shows_the_usual_one(member, pays, year):
    pays("activity", 2_200)
    assert member.client.get(f"{ROOM}?annee={year}").status_code == 200


def test_what_is_not_paid_does_not_count(member):
    make_invoice(member.household, 9_900, category="child_care", person=member.child)
    assert "99,00" not in member.client.get_page(ROOM)


def test_another_adult_does_not_see_what_she_did_not_pay(member, pays, issuing, app):
    pays("child_care", 7_700)
    issuing()
    other = Citizen(app.test_client(), member.household)
    other.joins(username="luc")
    assert "77,00" not in other.client.get(of(LAST_YEAR)).text


def test_what_another_adult_paid_for_the_child_is_not_hers(member, pays):
    pays("child_care", 7_700, payer=make_person(member.household))
    assert "77,00" not in member.client.get(of(LAST_YEAR)).text


def test_the_year_under_way_says_when_its_receipts_come(member, pays):
    pays("activity", 2_200, year=clock.today().year)
    html = member.client.get_page(of(clock.today().year))
    assert "22,00\u00a0$" in html
    assert f"prêts en janvier {clock.today().year + 1}" in html


def test_a_missing_address_is_said(member, pays):
    pays("donation")
    Person.update(postal_code="").where(Person.id == member.person.id).execute()
    html = member.client.get_page(of(LAST_YEAR))
    assert "Il manque\u00a0: l’adresse" in html
    assert "Donner mon adresse" in html


def test_missing_days_of_care_are_said_until_registrations_tell_them(member, pays):
    pays("child_care")
    assert "les jours de garde" in member.client.get_page(of(LAST_YEAR))
    camp = make_activity(
        category="child_care", starts_on=date(LAST_YEAR, 7, 1), ends_on=date(LAST_YEAR, 7, 5), weekdays="lun mar mer"
    )
    make_registration(member.child, camp)
    assert "les jours de garde" not in member.client.get_page(of(LAST_YEAR))


def test_a_turn_on_a_waiting_list_is_no_day_of_care(member, pays):
    pays("child_care")
    camp = make_activity(category="child_care", starts_on=date(LAST_YEAR, 7, 1), ends_on=date(LAST_YEAR, 7, 31))
    make_registration(member.child, camp, status="waiting")
    assert "les jours de garde" in member.client.get_page(of(LAST_YEAR))


def test_what_a_guest_paid_is_not_missing_a_name(member, pays):
    GuestPayer.create(payment=pays("child_care", 6_600, payer=None), name="Grand-maman")
    assert "le nom du payeur" not in member.client.get_page(of(LAST_YEAR))


def test_a_line_for_nobody_asks_for_a_name(member, pays):
    pays("child_care", person=None)
    html = member.client.get_page(of(LAST_YEAR))
    assert "Sans nom de personne" in html
    assert "le nom de la personne inscrite" in html


def test_money_taken_in_nobodys_name_is_said(member, pays):
    pays("child_care", 6_600, payer=None)
    html = member.client.get_page(of(LAST_YEAR))
    assert "Il manque\u00a0: le nom du payeur" in html
    assert "66,00\u00a0$ payés au comptoir" in html


def test_a_year_known_in_part_only_says_so(member, pays):
    pays("activity", year=LAST_YEAR)
    html = member.client.get_page(of(LAST_YEAR))
    assert "Année incomplète" in html
    assert f"12\u00a0mars\u00a0{LAST_YEAR}" in html
    assert "Année incomplète" not in member.client.get_page(of(clock.today().year))


def test_a_year_whose_whole_is_known_says_nothing(member, pays):
    stranger = make_person()
    invoice = make_invoice(member.household, 100)
    pay_elsewhere((invoice, 100), payer=stranger, resolved_at=spring(LAST_YEAR - 1))
    pays("activity", year=LAST_YEAR)
    assert "Année incomplète" not in member.client.get_page(of(LAST_YEAR))


def test_a_payment_being_verified_is_said(member, simulator):
    invoice = make_invoice(member.household, category="donation", person=member.person)
    payment = member.payment(member.pays(invoice))
    html = member.client.get_page(ROOM)
    assert "est en vérification" in html
    assert payment.reference in html


def test_queries_do_not_grow_with_what_was_paid(member, pays, issuing, queries):
    for category in ("child_care", "activity", "donation"):
        pays(category)
    issuing()
    with queries() as few:
        member.client.get(of(LAST_YEAR))
    for category in ("child_care", "activity", "donation") * 4:
        pays(category, person=make_person(member.household))
    issuing()
    with queries() as many:
        member.client.get(of(LAST_YEAR))
    assert len(many) == len(few)
