"""`flask check`, `flask attention`, `flask reconcile`, `flask jobs`."""

from datetime import timedelta

import pytest

from domain.common import alerts, clock
from domain.payments import refunds
from models import Alert, Invoice, Message, Payment, TaxReceipt, write
from tests.factories import make_household, make_invoice, make_person, pay_elsewhere


def give_tax_receipt() -> None:
    """Have a gift be paid, whose receipt a job issues."""
    person = make_person(make_household())
    gift = make_invoice(person.memberships.get().household, 2_500, category="donation", person=person)
    pay_elsewhere((gift, 2_500), payer=person)


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


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
        alerts.raise_alert(alerts.Kind.IMPORT_CUT, "1", file="nuit.csv")
        alerts.raise_alert(alerts.Kind.IMPORT_CUT, "1", file="nuit.csv")
    assert flask("attention").output == "Import interrompu, à refaire : nuit.csv\n1 chose(s) à traiter\n"
    alerts.close(alerts.open_alerts()[0].id)
    assert "0 chose(s) à traiter" in flask("attention").output


def test_an_alert_written_as_a_sentence_is_still_listed(flask):
    Alert.create(kind=alerts.Kind.REFUND_REFUSED, subject="refund 1", details="PAAA-0001 : rien trouvé")
    assert "Remboursement refusé : PAAA-0001 : rien trouvé\n" in flask("attention").output


def test_reconcile_says_how_each_payment_stands_in_french(flask, citizen, paying, simulator):
    citizen.joins()
    simulator.breaks("sale", "answer_lost")
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    paying()
    assert Payment.get().state == "unknown"
    assert f"{payment.reference} : issue inconnue depuis le " in flask("attention").output
    assert flask("reconcile").output == f"{payment.reference} : payé\n"


def test_what_is_given_back_is_told_by_its_payment_and_its_amount(flask, citizen, paying):
    citizen.joins()
    payment = citizen.payment(citizen.pays(make_invoice(citizen.household)))
    paying()
    refunds.ask(Payment.get(), 10_000, 10_000, "absence")
    assert flask("reconcile").output == f"{payment.reference} : remboursement de 100,00\u00a0$, fait\n"


def test_jobs_count_the_messages_that_left_and_nothing_else_that_was_done(flask):
    give_tax_receipt()
    for _ in range(2):
        Message.create(recipient="a@example.com", subject="x", body="y")
    assert flask("jobs").output == "2 message(s) envoyé(s)\n"
    assert TaxReceipt.select().count() == 1, "something else was done"


def test_jobs_and_reconcile_end_well_with_nothing_to_do(flask):
    assert flask("jobs").exit_code == 0
    assert flask("reconcile").exit_code == 0
