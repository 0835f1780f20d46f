"""What a programme asks beside its prices: said where one chooses and in the cart, asked before one pays."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.common import clock
from models import CartItem, Invoice, PriceRule
from tests.factories import make_group, make_price
from tests.registering.family import child_of, tags

PATH = "/inscription/programme/club-ete"
SHIPPED = Path("city.toml").read_text(encoding="utf-8")
THREE_WEEKS = SHIPPED.replace("least_weeks = {}", "least_weeks = { club-ete = 3 }")
MISSING = "Club été demande au moins 3 semaines par enfant, et vous en avez 2."


@pytest.fixture
def environment(environment, tmp_path):
    """A town whose camp asks for three weeks, and that keeps its fees."""
    file = tmp_path / "city.toml"
    file.write_text(THREE_WEEKS.replace("[refunds] ", "[refunds]\nrien = { tiers = [] }\n#"), encoding="utf-8")
    return environment | {"CITY_FILE": str(file)}


@pytest.fixture
def weeks():
    first = clock.today() + timedelta(days=30)
    return [
        make_group(
            title=f"Club été, semaine {n + 1}",
            starts_on=first + timedelta(weeks=n),
            ends_on=first + timedelta(weeks=n, days=4),
        )
        for n in range(3)
    ]


def takes(citizen, child, groups):
    return citizen.post(PATH, choice=[f"{child.id}:{one.code}" for one in groups])


def fee(cents=3_500, once=PriceRule.ONCE_A_HOUSEHOLD, **values):
    named = {"option": "dossier", "label": "Ouverture de dossier", "refund": "rien"}
    return make_price(amount_cents=cents, fee=once, **named | values)


def test_how_many_weeks_at_least_is_said_in_the_list_and_where_one_chooses(citizen, weeks):
    child_of(citizen, 8)
    citizen.joins()
    assert "au moins 3 semaines par enfant" in citizen.client.get_page("/inscription")
    for page in (PATH, f"/inscription/{weeks[0].code}"):
        assert "Au moins 3 semaines par enfant." in citizen.client.get_page(page)


def test_fewer_are_kept_in_the_cart_which_says_what_is_missing_and_not_made_owed(citizen, weeks):
    lea, tom = child_of(citizen, 8, first_name="Léa"), child_of(citizen, 6, first_name="Tom")
    citizen.joins()
    assert takes(citizen, lea, weeks[:2]).location == "/panier"
    takes(citizen, tom, weeks)
    html = citizen.client.get_page("/panier")
    assert f"Léa\u00a0: {MISSING}" in html
    assert "Tom\u00a0: Club été" not in html
    answer = citizen.post("/panier/confirmer", "/panier", total_seen_cents=5 * 5_800)
    assert answer.status_code == 422
    assert f"Léa\u00a0: {MISSING} Ajoutez celles qui manquent" in answer.text
    assert "Rien n’a été facturé" in answer.text
    assert not Invoice.select().exists()
    assert CartItem.select().where(CartItem.state == CartItem.HELD).count() == 5
    takes(citizen, lea, weeks[2:])
    assert MISSING not in citizen.client.get_page("/panier")
    assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=6 * 5_800).status_code == 303


def test_a_place_taken_out_of_a_confirmed_cart_has_the_minimum_asked_again(citizen, weeks):
    lea = child_of(citizen, 8)
    citizen.joins()
    takes(citizen, lea, weeks)
    citizen.post("/panier/confirmer", "/panier", total_seen_cents=3 * 5_800)
    citizen.post("/panier/retirer", "/panier", item=CartItem.select().first().id)
    assert MISSING in citizen.client.get_page("/panier")
    assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=2 * 5_800).status_code == 422
    assert not Invoice.select().where(Invoice.status == Invoice.OPEN).exists()


def test_a_fee_is_told_where_one_chooses_and_stands_in_the_sum_the_cart_and_the_invoice(citizen, weeks):
    lea, tom = child_of(citizen, 8), child_of(citizen, 6)
    fee(tax_code="taxable")
    citizen.joins()
    told = "S’ajoute au prix\u00a0: Ouverture de dossier, une fois par famille, non remboursable, 40,24\u00a0$ taxes"
    for page in (PATH, f"/inscription/{weeks[0].code}"):
        html = citizen.client.get_page(page)
        assert html.count(told) == 1
        prices = {
            one["data-price-cents"] for one in tags(html, "data-price-cents") if one.get("data-eligible") == "yes"
        }
        assert prices == {"5800"}
        assert "dossier" not in {one["value"].split(":")[-1] for one in tags(html, "type", "checkbox")}
    ticked = [f"{lea.id}:{one.code}" for one in weeks]
    summed = citizen.post(PATH, headers={"HX-Request": "true", "HX-Target": "p#sum"}, choice=ticked).text
    assert "3 places cochées\u00a0: 214,24\u00a0$" in summed
    takes(citizen, lea, weeks), takes(citizen, tom, weeks)
    html = citizen.client.get_page("/panier")
    assert html.count("Ouverture de dossier, une fois par famille, non remboursable\u00a0: 35,00\u00a0$") == 1
    assert citizen.post("/panier/confirmer", "/panier", total_seen_cents=6 * 5_800 + 4_024).status_code == 303
    lines = [(one.description, one.net_cents, one.tps_cents + one.tvq_cents) for one in Invoice.get().lines]
    assert lines[1] == (f"Ouverture de dossier, {weeks[0].season}", 3_500, 175 + 349)
    assert sum(net for words, net, _taxes in lines if words.startswith("Ouverture")) == 3_500
    assert "Ouverture de dossier" in citizen.client.get_page(f"/mon-dossier/comptes/{Invoice.get().number}")
    assert "S’ajoute au prix" not in citizen.client.get_page(PATH), "it is asked no more"


def test_a_fee_with_each_place_is_in_the_price_of_each(citizen, weeks):
    child_of(citizen, 8)
    fee(2_000, PriceRule.EACH_PLACE)
    citizen.joins()
    html = citizen.client.get_page(PATH)
    prices = {one["data-price-cents"] for one in tags(html, "data-price-cents") if one["data-eligible"] == "yes"}
    assert prices == {"7800"}
