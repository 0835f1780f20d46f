"""« Demander qu’une personne revoie »: every refusal by machine says so, says what was used, and leads here."""

import re

import pytest

from domain.common import clock, rate_limits
from domain.people.reviews import Decision
from models import Account, Attempt, Message, Payment, Person, ReviewRequest
from settings import LIMITS
from tests.factories import make_invoice
from tests.guest.conftest import Guest
from views.messages import reviews as words

PATH = "/revoir?decision=identification"
FIELDS = {"phone": "819 843-0000", "words": "Je m’appelle Geneviève, née en 1984.", "decision": "identification"}


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


@pytest.mark.parametrize("decision", Decision)
def test_the_page_says_what_was_refused_and_what_was_used(client, decision):
    page = client.get_page(f"/revoir?decision={decision}")
    assert words.refused(decision) in page
    assert words.used(decision) in page


def test_by_its_address_alone_it_asks_of_any_refusal(client):
    assert words.refused(Decision.OTHER) in client.get_page("/revoir")


@pytest.mark.parametrize("decision", ["", "x", "identification'", "Identification"])
def test_a_decision_there_is_not_is_not_found(client, decision):
    assert client.get("/revoir", query_string={"decision": decision}).status_code == 404


def test_it_is_asked_and_says_that_a_person_will_call(citizen):
    answer = citizen.post("/revoir", PATH, **FIELDS, sujet="P7KQ-AB3M")
    assert answer.status_code == 303
    assert "Une personne va revoir" in citizen.client.get(answer.location).text
    asked = ReviewRequest.get()
    assert (asked.words, asked.phone, asked.subject) == (FIELDS["words"], FIELDS["phone"], "P7KQ-AB3M")
    assert asked.person is None


@pytest.mark.parametrize(
    "wrong", [{"phone": "843"}, {"phone": ""}, {"words": ""}, {"words": "4111 1111 1111 1111 et merci"}]
)
def test_what_cannot_be_answered_is_refused_and_what_was_typed_stays(citizen, wrong):
    answer = citizen.post("/revoir", PATH, **(FIELDS | wrong))
    assert answer.status_code == 422
    assert not ReviewRequest.select().exists()


def test_the_library_cannot_be_flooded(citizen):
    asked = {"kind": rate_limits.CALLBACKS[0], "key": rate_limits.kept("127.0.0.1")}
    Attempt.insert_many([asked] * LIMITS[rate_limits.CALLBACKS[0]].most).execute()
    assert citizen.post("/revoir", PATH, **FIELDS).status_code == 422
    assert not Message.select().exists()


def test_signed_in_it_is_hers_and_she_reads_the_answer(member):
    member.post("/revoir", PATH, **FIELDS)
    asked = ReviewRequest.get()
    assert asked.person == member.person
    ReviewRequest.update(answer="Vous aviez raison.", outcome="changed", decided_at=clock.now()).execute()
    page = member.client.get_page("/mon-dossier/renseignements")
    assert "Vous aviez raison." in page
    assert "Changée" in page


def offered(html: str) -> str:
    """Return the decision that a refusal says was a machine's."""
    link = re.search(r'href="/revoir\?decision=([^"&]+)', html)
    assert link, "no way to a person"
    decision = link[1].replace("+", " ").replace("%20", " ")
    assert "seul, d’après" in html
    assert words.used(decision) in html.replace("&#39;", "'")
    return decision


def test_an_identification_refused_offers_it(citizen):
    assert offered(citizen.identifies("QMAGB99999999").text) == Decision.IDENTIFICATION


def test_too_many_tries_offer_it(citizen):
    tried = {"kind": rate_limits.ADDRESS, "key": rate_limits.kept("127.0.0.1")}
    Attempt.insert_many([tried] * LIMITS[rate_limits.ADDRESS].most).execute()
    assert offered(citizen.identifies().text) == Decision.TOO_MANY_TRIES


@pytest.mark.parametrize(
    ("of_card", "decision"),
    [
        ({"expires_on": clock.today().replace(year=2020, day=1)}, Decision.CARD_EXPIRED),
        ({"status": Person.LOST}, Decision.CARD_LOST),
        ({"birth_date": clock.today().replace(year=2020, day=1)}, Decision.CARD_OF_CHILD),
    ],
)
def test_a_card_that_opens_no_account_offers_it(citizen, of_card, decision):
    Person.update(**of_card).execute()
    citizen.person = Person.get_by_id(citizen.person.id)
    assert offered(citizen.identifies().text) == decision


def test_a_second_account_refused_offers_it(member):
    member.signs_out()
    assert offered(member.identifies().text) == Decision.CARD_HAS_ACCOUNT


def test_a_family_member_not_found_offers_it(member):
    fields = {"card_number": "QMAGB99999999", "birth_year": 1984, "birth_month": 2, "birth_day": 29}
    assert offered(member.post("/mon-dossier/famille/ajouter", **fields).text) == Decision.IDENTIFICATION


def test_an_invoice_not_found_offers_it(app):
    fields = {"invoice_number": "F99999", "amount": "12,00", "postal_code": "J1X 2B6"}
    guest = Guest(app)
    assert offered(guest.post("/payer-une-facture", **fields).text) == Decision.INVOICE_NOT_FOUND


def test_a_card_past_the_days_number_offers_it(member):
    tried = {"kind": rate_limits.CARDS_ADDED, "key": str(Account.get().person_id)}
    Attempt.insert_many([tried] * LIMITS[rate_limits.CARDS_ADDED].most).execute()
    answer = member.post("/mon-dossier/coffre/ajouter", payment_method_nonce="fake-valid-nonce")
    assert offered(answer.text) == Decision.CARD_NOT_ADDED


@pytest.mark.parametrize("refusal", words.BY_RULE)
def test_a_payment_stopped_by_the_citys_rules_offers_it(member, refusal):
    payment = member.payment(member.pays(make_invoice(member.household)))
    Payment.update(state=Payment.REFUSED, refusal=refusal).where(Payment.id == payment.id).execute()
    page = member.client.get(f"/mon-dossier/paiements/{payment.reference}").text
    assert offered(page) == Decision.PAYMENT_BY_RULE
    assert payment.reference in re.search(r'href="/revoir[^"]+"', page)[0]


def test_a_payment_that_the_bank_refused_does_not(member):
    payment = member.payment(member.pays(make_invoice(member.household)))
    Payment.update(state=Payment.REFUSED, refusal="funds").where(Payment.id == payment.id).execute()
    assert "/revoir" not in member.client.get(f"/mon-dossier/paiements/{payment.reference}").text


def test_what_was_typed_out_of_shape_is_no_decision(citizen):
    assert "/revoir" not in citizen.post("/compte/carte", card_number="").text
