"""One invoice."""

import pytest

from domain.billing import overpayments
from domain.payments import refunds
from models import Invoice, InvoiceLine, Payment, write
from tests.factories import make_household, make_invoice, make_person, pay_elsewhere, pay_too_much, take_back


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


class TestGivenBack:
    """The page of an invoice said « Remboursé en tout ou en partie » of one that the same payment paid beside it."""

    @pytest.fixture
    def two(self, citizen) -> list[Invoice]:
        citizen.joins()
        return [make_invoice(citizen.household, cents) for cents in (5_000, 3_000)]

    def page(self, citizen, invoice: Invoice) -> str:
        return citizen.client.get_page(f"/mon-dossier/comptes/{invoice.number}")

    @pytest.mark.parametrize(("cents", "words"), [(5_000, "Remboursé<"), (1_250, "Remboursé en partie<")])
    def test_the_invoice_it_is_of_says_how_much_and_the_other_nothing(self, citizen, two, cents, words):
        payment = pay_elsewhere(*((one, one.total_cents) for one in two))
        note = take_back(payment, cents, shares={two[0].lines.get().id: cents})
        html = self.page(citizen, two[0])
        for said in (words, note.number, f"−{cents // 100},{cents % 100:02}\u00a0$"):
            assert said in html
        assert "Remboursé" not in self.page(citizen, two[1])
        assert "Note de crédit" not in self.page(citizen, two[1])

    def test_what_is_only_asked_is_not_said_to_be_given_back(self, citizen, two, paying, simulator):
        citizen.pays(two[0])
        paying()
        refunds.ask(Payment.get(), 1_250, 5_000, "absence")
        assert "Remboursé" not in self.page(citizen, two[0])
        assert "Remboursé" not in citizen.client.get_page("/mon-dossier/comptes/recus")
        assert "Remboursé" not in citizen.client.get_page("/mon-dossier/comptes")


@pytest.mark.parametrize("number", ["F99999", "' OR 1=1 --", "%00", "é" * 300])
def test_an_invoice_that_does_not_exist_is_not_found(citizen, number):
    citizen.joins()
    assert citizen.client.get(f"/mon-dossier/comptes/{number}").status_code == 404


def test_another_households_invoice_is_not_found(citizen):
    other = make_invoice(make_household())
    citizen.joins()
    assert citizen.client.get(f"/mon-dossier/comptes/{other.number}").status_code == 404
    assert InvoiceLine.select().exists()


@pytest.mark.parametrize(("before", "words"), [(5_000, "Payée deux fois"), (2_000, "Payée en trop")])
def test_it_says_what_is_owed_back_and_when_it_was_given_back(citizen, before, words):
    invoice = make_invoice(citizen.household, 5_000)
    pay_elsewhere((invoice, before))
    pay_too_much(invoice, 5_000, "cheque")
    citizen.joins()
    path = f"/mon-dossier/comptes/{invoice.number}"
    for page in (path, "/mon-dossier/comptes"):
        html = citizen.client.get_page(page)
        assert words in html
        assert f"{before // 100},00\u00a0$ vous sont dus" in html
    with write():
        overpayments.give_back(overpayments.owed()[0], before, "cash")
    assert f"{before // 100},00\u00a0$ vous ont été rendus le" in citizen.client.get_page(path)
    assert "vous sont dus" not in citizen.client.get("/mon-dossier/comptes").text
