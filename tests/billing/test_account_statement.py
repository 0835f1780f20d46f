"""The statement of account: a running balance over any period."""

from datetime import date, timedelta

import pytest

from domain.billing import account_statement
from domain.common import clock
from domain.payments import refunds, settlement
from models import Invoice, Payment
from tests.factories import make_household, make_invoice, pay_elsewhere

PATH = "/mon-dossier/comptes/releve"
TODAY = clock.today()


def drawn(citizen, city, first=date(2000, 1, 1), last=TODAY) -> account_statement.Statement:
    return account_statement.of([citizen.household.id], citizen.person, first, last, city)


def owed(household) -> int:
    return sum(invoice.balance_cents for invoice in Invoice.select().where(Invoice.household == household))


def test_the_last_balance_is_what_the_invoices_say_whatever_happened(
    citizen, city, gateway, context, simulator, paying
):
    citizen.joins()
    paid, refunded, reversed_later, part = (
        make_invoice(citizen.household, cents) for cents in (5_000, 10_000, 7_000, 900)
    )
    make_invoice(citizen.household, 300, status=Invoice.CANCELLED)
    make_invoice(make_household(), 99_999)
    pay_elsewhere((part, 400))
    for invoice in (paid, refunded, reversed_later):
        citizen.pays(invoice)
    paying()
    by_invoice = {row.invoice_links.get().invoice_id: row for row in Payment.select().where(Payment.source == "portal")}
    payment = by_invoice[refunded.id]
    simulator.ask("POST", "settle-all")
    refunds.advance(refunds.ask(payment, 2_500, 10_000, "absence").id, context)
    gone = by_invoice[reversed_later.id].gateway_id
    simulator.ask("POST", f"transactions/{gone}/status", status="settlement_declined")
    settlement.follow(gone, context.because("webhook"))
    statement = drawn(citizen, city)
    assert statement.closing_cents == owed(citizen.household) == 7_000 + 500
    assert [one.balance_cents for one in statement.movements][-1] == statement.closing_cents


def test_a_period_opens_with_what_was_owed_before_it(citizen, city):
    old = make_invoice(citizen.household, 5_000, issued_on=TODAY - timedelta(days=60))
    make_invoice(citizen.household, 2_000, issued_on=TODAY - timedelta(days=10))
    pay_elsewhere((old, 1_000))
    week = drawn(citizen, city, TODAY - timedelta(days=20), TODAY - timedelta(days=5))
    assert (week.opening_cents, week.closing_cents) == (5_000, 7_000)
    assert [(one.kind, one.cents) for one in week.movements] == [("invoiced", 2_000)]
    assert drawn(citizen, city).closing_cents == 6_000


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
