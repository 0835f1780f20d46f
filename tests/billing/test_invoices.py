"""Every invoice, by person, year and state."""

from datetime import date, timedelta

import pytest

from domain.common import clock
from models import Invoice
from tests.factories import make_household, make_invoice, make_person, pay_elsewhere

PATH = "/mon-dossier/comptes/factures"
TODAY = clock.today()


@pytest.fixture
def numbers(citizen):
    """An invoice in each state, and one of another household."""
    child = make_person(citizen.household, first_name="Léa")
    due = make_invoice(citizen.household, number="F-A-PAYER", person=child)
    make_invoice(citizen.household, number="F-RETARD", due_on=TODAY - timedelta(days=1))
    pay_elsewhere((make_invoice(citizen.household, 900, number="F-PAYEE"), 900))
    make_invoice(citizen.household, number="F-ANNULEE", status=Invoice.CANCELLED)
    make_invoice(citizen.household, number="F-ANCIENNE", issued_on=date(2019, 5, 1), due_on=date(2099, 1, 1))
    make_invoice(make_household(), number="F-AUTRUI")
    citizen.joins()
    return due


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"F-A-PAYER", "F-RETARD", "F-PAYEE", "F-ANNULEE", "F-ANCIENNE"}),
        ("etat=due", {"F-A-PAYER", "F-RETARD", "F-ANCIENNE"}),
        ("etat=overdue", {"F-RETARD"}),
        ("etat=paid", {"F-PAYEE"}),
        ("etat=refunded", set()),
        ("etat=cancelled", {"F-ANNULEE"}),
        ("annee=2019", {"F-ANCIENNE"}),
        ("annee=2019&etat=cancelled", set()),
        ("annee=1066&etat=rien&personne=x", {"F-A-PAYER", "F-RETARD", "F-PAYEE", "F-ANNULEE", "F-ANCIENNE"}),
    ],
)
def test_each_filter_shows_what_answers_it(citizen, numbers, query, shown):
    html = citizen.client.get_page(f"{PATH}?{query}")
    everything = ("F-A-PAYER", "F-RETARD", "F-PAYEE", "F-ANNULEE", "F-ANCIENNE", "F-AUTRUI")
    assert {number for number in everything if f'data-invoice="{number}"' in html} == shown


def test_by_person_and_a_strangers_id_is_not_asked(citizen, numbers):
    child = numbers.lines.get().person
    html = citizen.client.get_page(f"{PATH}?personne={child.id}")
    assert html.count("data-invoice=") == 1
    stranger = make_person(make_household(), first_name="Inconnue")
    html = citizen.client.get_page(f"{PATH}?personne={stranger.id}")
    assert "Inconnue" not in html
    assert html.count("data-invoice=") == 5


def test_pages_keep_the_filter(citizen):
    for _ in range(21):
        make_invoice(citizen.household)
    citizen.joins()
    assert "?page=2&amp;etat=due" in citizen.client.get_page(f"{PATH}?etat=due")
