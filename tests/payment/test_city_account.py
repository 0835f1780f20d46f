"""What is the city's to mend: its keys, its merchant account, the currency. The resident is told the truth, once."""

from datetime import timedelta

import pytest

from adapters.braintree.gateway import BraintreeGateway
from commands.worker import jobs
from domain.common import clock
from domain.payments import lifecycle, reconciliation, unmatched_charges
from domain.payments.context import Context
from models import Alert, Invoice, Job, LedgerEntry, Message, Payment, Receipt, UnmatchedCharge
from settings import load
from tests.factories import make_invoice
from views.messages import facts

REFUSED = "gateway account refused"
DEFAULT = "sandbox_credit_card"


@pytest.fixture
def member(citizen, simulator):
    citizen.joins()
    return citizen


@pytest.fixture
def pays(member, paying):
    """Return what has an invoice of 100 $ paid by card, and its page."""

    def pay() -> tuple[Payment, str]:
        payment = member.payment(member.pays(make_invoice(member.household, 10_000)))
        paying()
        return Payment.get_by_id(payment.id), member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")

    return pay


def keys_refused(simulator) -> None:
    simulator.breaks("sale", "http_401")


def rights_refused(simulator) -> None:
    simulator.breaks("sale", "http_403")


def sdk_refused(simulator) -> None:
    simulator.breaks("sale", "http_426")


def account_unknown(simulator) -> None:
    simulator.ask("POST", "merchant-accounts", id=DEFAULT)


@pytest.mark.parametrize("broken", [keys_refused, rights_refused, sdk_refused, account_unknown])
def test_a_refused_account_is_told_to_the_city_and_no_card_is_asked_for_again(client, pays, simulator, city, broken):
    broken(simulator)
    payment, html = pays()
    assert (payment.state, payment.refusal) == (Payment.REFUSED, "city")
    for words in ("Rien n’a été pris", "Votre carte n’y est pour rien", "La Ville est avisée", "au comptoir"):
        assert words in html
    assert "/mon-dossier/payer" not in html
    assert Alert.get().kind == REFUSED
    assert Message.get().recipient == city.help.email
    health = client.get("/sante")
    assert (health.status_code, health.json["status"], health.json["wrong"]) == (
        200,
        "attention",
        ["gateway account refused"],
    )


def test_the_city_is_told_once_while_it_lasts_and_again_when_it_comes_back(client, pays, simulator):
    simulator.breaks("sale", "http_401", times=2)
    pays(), pays()
    assert (Message.select().count(), Alert.select().count()) == (1, 1)
    pays()
    assert Alert.get().closed_at
    assert client.get("/sante").json["status"] == "ok"
    simulator.breaks("sale", "http_401")
    pays()
    assert (Message.select().count(), Alert.get().closed_at) == (2, None)


@pytest.mark.parametrize("fault", ["refused", "http_429", "http_500"])
def test_what_is_not_the_accounts_is_no_alarm(pays, simulator, fault):
    simulator.breaks("sale", fault)
    payment, _html = pays()
    assert payment.refusal != "city"
    assert not Alert.select().exists()


@pytest.mark.parametrize("fault", ["http_401", "http_403"])
def test_a_question_that_is_refused_is_told_to_the_city_too(context, simulator, app, fault):
    simulator.breaks("search", fault)
    simulator.breaks("client_token", fault)
    jobs.run_due(jobs.at_the_gateway(context))
    assert Alert.get().kind == REFUSED
    assert Job.get(Job.name == reconciliation.DAILY).last_problem == "AccountRefused"


@pytest.mark.parametrize("broken", ["http_401", "unknown account"])
def test_no_token_for_the_card_fields_is_told_to_the_city(environment, simulator, app, broken):
    worker = app.extensions["portal"].worker
    simulator.breaks("client_token", "http_401") if broken == "http_401" else account_unknown(simulator)
    worker._refresh_token()
    assert Alert.get().kind == REFUSED


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url, "BRAINTREE_MERCHANT_ACCOUNT_ID": DEFAULT}


def test_a_charge_in_another_currency_is_never_booked_and_goes_before_a_person(pays, simulator, context):
    simulator.ask("POST", "merchant-accounts", id=DEFAULT, currency="USD")
    payment, html = pays()
    assert payment.state == Payment.UNEXPECTED
    assert Invoice.get().balance_cents == 10_000
    assert not Receipt.select().exists()
    assert not LedgerEntry.select().where(LedgerEntry.account == "card clearing").exists()
    assert "USD" in facts.alert(Alert.get(Alert.kind == "unmatched charge"))
    for words in ("Votre carte a été débitée de 100,00\u00a0USD", "La Ville est avisée", 'data-state="verifying"'):
        assert words in html
    assert "Rien n’a été pris" not in html
    held = UnmatchedCharge.get()
    unmatched_charges.advance(held.id, context)
    assert UnmatchedCharge.get().state == UnmatchedCharge.HELD
    assert simulator.transactions()[0]["status"] == "submitted_for_settlement", "only a person gives it back"


def test_once_a_person_gave_it_back_the_page_says_so(member, pays, simulator, context):
    simulator.ask("POST", "merchant-accounts", id=DEFAULT, currency="USD")
    payment, _html = pays()
    charge = UnmatchedCharge.get()
    simulator.ask("POST", f"transactions/{charge.gateway_id}/status", status="voided")
    UnmatchedCharge.update(due_at=clock.now()).execute()
    for charge_id in unmatched_charges.due_for_work():
        unmatched_charges.advance(charge_id, context)
    assert UnmatchedCharge.get().state == UnmatchedCharge.RETURNED
    assert "Cet argent vous a été rendu" in member.client.get_page(f"/mon-dossier/paiements/{payment.reference}")


def test_one_found_by_its_reference_on_another_account_is_not_booked(pays, simulator, gateway, context, environment):
    simulator.breaks("sale", "http_500")
    payment, _html = pays()
    assert payment.state == Payment.UNKNOWN
    library = BraintreeGateway(load(environment | {"BRAINTREE_MERCHANT_ACCOUNT_ID": "biblio"}))
    library.charge(payment.reference, 10_000, "fake-valid-nonce")
    assert gateway.search(payment.reference)[0].foreign
    lifecycle.advance(payment.id, Context(gateway, context.listener, timedelta(0)))
    assert (Payment.get().state, UnmatchedCharge.get().state) == (Payment.UNEXPECTED, UnmatchedCharge.HELD)
    assert Invoice.get().balance_cents == 10_000
