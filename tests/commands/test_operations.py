"""`flask check`, `flask attention`, `flask reconcile`, `flask jobs`."""

from datetime import timedelta

from domain.common import alerts, clock
from models import Invoice, Payment, write
from tests.factories import make_household, make_invoice


def test_all_well(flask):
    result = flask("check")
    assert result.exit_code == 0
    assert "Tout va bien" in result.output


def test_a_balance_that_is_not_the_ledgers_is_named(flask):
    invoice = make_invoice(make_household())
    Invoice.update(paid_cents=1).execute()
    result = flask("check")
    assert result.exit_code == 1
    assert invoice.number in result.output
    Invoice.update(paid_cents=0).execute()  # no real way leads there, and the books must agree at the end


def test_a_payment_unresolved_for_long_is_named(flask, citizen):
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    Payment.update(created_at=clock.now() - timedelta(hours=1)).execute()
    assert payment.reference in flask("check").output


def test_attention_lists_alerts_until_they_are_closed(flask):
    with write():
        alerts.raise_alert("unmatched charge", "abc", "PAAA-0001: 100 ¢")
        alerts.raise_alert("unmatched charge", "abc", "PAAA-0001: 100 ¢")
    assert "1 chose(s) à régler" in flask("attention").output
    alerts.close(alerts.open_alerts()[0].id)
    assert "0 chose(s) à régler" in flask("attention").output


def test_jobs_and_reconcile_end_well_with_nothing_to_do(flask):
    assert flask("jobs").exit_code == 0
    assert flask("reconcile").exit_code == 0
