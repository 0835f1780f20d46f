"""The printed payment slip, « Coupon de paiement »: for those who pay by cheque or at the counter."""

import re
from datetime import timedelta

import pytest

from domain.billing import payment_slips
from domain.common import clock
from models import Person
from tests.factories import make_household, make_invoice, make_person
from tests.walker import Citizen

PATH = "/mon-dossier/bordereau"


def test_it_tells_number_amount_reference_and_where_to_pay(citizen, city):
    invoice = make_invoice(citizen.household, 10_000, taxable=True, description="Yoga")
    other = make_invoice(citizen.household, 5_000)
    citizen.joins()
    html = citizen.client.get_page(f"{PATH}?facture={invoice.number}")
    assert f'data-invoice="{invoice.number}" data-balance-cents="11498"' in html
    where = (city.name, *city.address, *city.counter.hours)
    for words in (payment_slips.reference(invoice.number), "114,98\u00a0$", "Yoga", *where):
        assert words in html
    assert other.number not in html


def test_without_a_choice_it_is_all_that_is_due(citizen):
    late = make_invoice(citizen.household, 1_000, due_on=clock.today() - timedelta(days=3))
    other = make_invoice(citizen.household, 5_000)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert html.index(payment_slips.reference(late.number)) < html.index(payment_slips.reference(other.number))
    assert "60,00\u00a0$" in html


def test_it_warns_of_a_payment_under_way(citizen):
    invoice = make_invoice(citizen.household, 5_000)
    citizen.joins()
    citizen.pays(invoice)
    assert "Un paiement en ligne est en cours" in citizen.client.get_page(f"{PATH}?facture={invoice.number}")


def test_it_leads_back_to_the_accounts(citizen):
    make_invoice(citizen.household)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert re.search(r'<p class="noprint"><a href="/mon-dossier/comptes">Retour à Comptes et reçus</a>', html)


def test_nothing_due_leads_to_the_accounts(citizen):
    citizen.joins()
    assert citizen.client.get(PATH).location == "/mon-dossier/comptes"


def test_another_households_is_not_found(citizen):
    mine, other = make_invoice(citizen.household), make_invoice(make_household())
    citizen.joins()
    assert citizen.client.get(f"{PATH}?facture={mine.number}&facture={other.number}").status_code == 404


def test_without_card_fields_the_payment_page_leads_to_it(citizen):
    invoice = make_invoice(citizen.household, 5_000)
    citizen.joins()
    html = citizen.client.get(f"/mon-dossier/payer?facture={invoice.number}").text
    assert f'href="{PATH}?facture={invoice.number}"' in html.partition('id="no-card"')[2].partition("</section>")[0]


def test_it_is_called_one_way_wherever_it_is_named(citizen):
    invoice = make_invoice(citizen.household, 5_000)
    citizen.joins()
    pages = (PATH, "/mon-dossier/comptes", f"/mon-dossier/comptes/{invoice.number}")
    for path in (*pages, f"/mon-dossier/payer?facture={invoice.number}"):
        html = citizen.client.get_page(path) if "payer" not in path else citizen.client.get(path).text
        assert "oupon" in html, path
        assert "ordereau" not in html.replace("/mon-dossier/bordereau", ""), path
    assert "<h1>Coupon de paiement</h1>" in citizen.client.get_page(PATH)


def test_the_coupon_names_the_family_its_address_and_each_reference_again(citizen):
    invoices = [make_invoice(citizen.household, 5_000) for _ in range(3)]
    citizen.joins()
    html = citizen.client.get_page(PATH)
    above, _, coupon = html.partition('class="coupon"')
    for part in (above, coupon):
        for words in ("Famille de Geneviève Trần", "12, rue Merry Nord", "Magog  J1X 2B6", "150,00\u00a0$"):
            assert words in part, words
        assert all(payment_slips.reference(one.number) in part for one in invoices)
    assert html.count("data-invoice=") == 3, "the coupon repeats no invoice"


def test_each_adult_prints_her_own_address_alone(citizen, app):
    other = Citizen(app.test_client(), citizen.household)
    Person.update(address="77, chemin du Refuge").where(Person.id == other.person.id).execute()
    make_person(citizen.household, address="9, rue du Fils", first_name="Tom")
    make_invoice(citizen.household)
    citizen.joins()
    other.joins(username="marc")
    mine, theirs = citizen.client.get_page(PATH), other.client.get_page(PATH)
    assert "12, rue Merry Nord" in mine
    assert "77, chemin du Refuge" in theirs
    for html, unsaid in ((mine, "Refuge"), (theirs, "Merry"), (mine, "du Fils"), (theirs, "du Fils")):
        assert unsaid not in html


def test_before_it_is_known_whose_the_account_is_no_address_is_printed(citizen):
    make_invoice(citizen.household)
    citizen.joins(verified=False)
    html = citizen.client.get_page(PATH)
    assert "Famille de Geneviève Trần" in html
    assert "rue Merry" not in html


@pytest.mark.parametrize(("count", "said"), [(10, False), (11, True)])
def test_more_than_ten_invoices_are_said_to_take_several_pages(citizen, count, said):
    for _ in range(count):
        make_invoice(citizen.household, 100)
    citizen.joins()
    assert (f"{count} factures" in citizen.client.get_page(PATH)) == said
