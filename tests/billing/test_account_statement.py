"""The statement of account's page: a period by pages, the usual one, and a wrong one said."""

import re
from datetime import timedelta

import pytest

from domain.common import clock
from tests.factories import make_invoice, pay_elsewhere

PATH = "/mon-dossier/comptes/releve"
TODAY = clock.today()


def test_the_page_shows_a_period_by_pages(citizen):
    for number in range(25):
        make_invoice(citizen.household, 1_000, number=f"F7{number:03}", issued_on=TODAY)
    citizen.joins()
    html = citizen.client.get_page(f"{PATH}?du={TODAY}&au={TODAY}")
    assert "250,00\u00a0$" in html
    assert f"page=2&amp;du={TODAY}&amp;au={TODAY}" in html
    assert "F7024" in citizen.client.get_page(f"{PATH}?page=3")


def test_without_a_period_it_is_the_last_three_months(citizen):
    make_invoice(citizen.household, 1_000, issued_on=TODAY - timedelta(days=100))
    citizen.joins()
    html = citizen.client.get_page(PATH)
    assert "Rien pendant cette période" in html
    assert "10,00\u00a0$" in html


@pytest.mark.parametrize("query", ["", "?du=", f"?du={TODAY}"])
def test_the_boxes_say_the_period_that_is_shown(citizen, query):
    citizen.joins()
    html = citizen.client.get_page(PATH + query)
    first = TODAY if "-" in query else TODAY - timedelta(days=90)
    shown = dict(re.findall(r'<input[^>]*name="(du|au)"[^>]*value="([^"]*)"', html))
    assert shown == {"du": first.isoformat(), "au": TODAY.isoformat()}


@pytest.mark.parametrize("query", ["du=hier", "du=2026-02-30", "du=2026-02-01&au=2026-01-01", "au=%F0%9F%98%80"])
def test_a_wrong_period_is_said(citizen, query):
    citizen.joins()
    answer = citizen.client.get(f"{PATH}?{query}")
    assert answer.status_code == 422
    assert "Il y a un problème" in answer.text


def test_the_number_of_queries_does_not_grow(citizen, queries):
    citizen.joins()
    pay_elsewhere((make_invoice(citizen.household), 100))
    with queries() as few:
        citizen.client.get(PATH)
    for _ in range(30):
        pay_elsewhere((make_invoice(citizen.household), 100))
    with queries() as many:
        citizen.client.get(PATH)
    assert len(many) == len(few)
