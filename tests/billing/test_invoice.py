"""One invoice."""

import pytest

from models import InvoiceLine
from tests.factories import make_household, make_invoice, make_person


def test_it_shows_lines_whom_they_are_for_and_taxes(citizen):
    child = make_person(citizen.household, first_name="Léa")
    invoice = make_invoice(citizen.household, 10_000, taxable=True, person=child, description="Aquaforme")
    citizen.joins()
    html = citizen.client.get_page(f"/mon-dossier/comptes/{invoice.number}")
    for words in ("Aquaforme", "pour Léa", "114,98\u00a0$", "TPS 5,00\u00a0$", "TVQ 9,98\u00a0$"):
        assert words in html
    assert f'data-invoice="{invoice.number}" data-balance-cents="11498"' in html


def test_it_shows_what_was_paid_and_the_receipt(citizen, paying):
    invoice = make_invoice(citizen.household, 5_000)
    citizen.joins()
    citizen.pays(invoice)
    paying()
    html = citizen.client.get(f"/mon-dossier/comptes/{invoice.number}").text
    assert "Payée" in html
    assert "R000001" in html
    assert 'data-balance-cents="0"' in html


@pytest.mark.parametrize("number", ["F99999", "' OR 1=1 --", "%00", "é" * 300])
def test_an_invoice_that_does_not_exist_is_not_found(citizen, number):
    citizen.joins()
    assert citizen.client.get(f"/mon-dossier/comptes/{number}").status_code == 404


def test_another_households_invoice_is_not_found(citizen):
    other = make_invoice(make_household())
    citizen.joins()
    assert citizen.client.get(f"/mon-dossier/comptes/{other.number}").status_code == 404
    assert InvoiceLine.select().exists()
