"""The printed payment slip: for those who pay by cheque or at the counter."""

from datetime import timedelta

from domain.billing import payment_slips
from domain.common import clock
from tests.factories import make_household, make_invoice

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
