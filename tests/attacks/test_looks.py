"""Every page of the city's side that shows whose file it is notes the look in that file, once a visit.

The routes are walked, so that a new page is held too: what it shows of the resident planted here must be noted.
"""

from datetime import date

import pytest

from domain.access import verification
from domain.common import alerts, local_changes
from models import AuditEvent, ChangeRequest, LocalChange, Payment, Person, write
from tests.attacks.conftest import Ids, rules
from tests.factories import make_account, make_household, make_invoice, make_person, pay_elsewhere, pay_too_much

HERS = {
    "first_name": "Philomène",
    "last_name": "Desruisseaux",
    "address": "77, chemin du Refuge",
    "phone": "8195550177",
    "email": "refuge@example.com",
    "birth_date": date(1951, 7, 3),
}
SHOWN = ("Philomène", "Desruisseaux", "chemin du Refuge", "555-0177", "refuge@example.com", "3 juillet 1951")
NO_PERSON = {
    "staff.money.export": "a file of many people's payments: noted by itself, with its days",
}
SHOW_HER = {  # those known to: a page that shows her no more is a test that holds nothing
    "staff.cards.card",
    "staff.cards.unverified",
    "staff.changes.to_key",
    "staff.households.register",
    "staff.money.refund",
    "staff.attention.decide",
}


@pytest.fixture
def person(app) -> Person:
    """A resident of whom something waits on every page of the city's side."""
    home = make_household()
    person = make_person(home, **HERS)
    account = make_account(person, "philo")
    invoice = make_invoice(home, person=person, number="F-PHILO")
    payment = pay_elsewhere((invoice, 100), reference="PHIL-0001", payer=person)
    Payment.update(method=Payment.CARD, source="portal", gateway_id="g1").where(Payment.id == payment.id).execute()
    pay_too_much(invoice, 100_000, reference="PHIL-0002", payer=person)
    ChangeRequest.create(id=1, kind=ChangeRequest.CORRECTION, person=person, asked_by=person, words="Mon nom")
    with write():
        verification.is_owed(account)
        local_changes.note("cards", person.card_number, "phone", "1", "2", "lise")
        alerts.raise_alert(alerts.Kind.GUESSING, "x")
    assert LocalChange.select().exists()
    return person


def asks(clerk, person: Person) -> dict[str, list]:
    """Return what asks every page for her, by endpoint: its address, or the form that opens it."""
    home = person.memberships.get().household
    ids = Ids(number="F-PHILO", reference="PHIL-0001", username=clerk.username, household=home.code)
    found = {}
    for rule in rules(clerk.client.application, "GET"):
        if rule.endpoint.startswith("staff.") and rule.endpoint != "staff.entry.sign_in":
            path = ids.fill(rule) + ("?paiement=PHIL-0001" if rule.endpoint == "staff.money.refund" else "")
            found[rule.endpoint] = [lambda path=path: clerk.client.get(path)]
    found["staff.cards.card"].append(lambda: clerk.post("/personnel/carte", card_number=person.card_number))
    found["staff.cards.invoice"].append(lambda: clerk.post("/personnel/facture", reference="F-PHILO"))
    return found


def looks(person: Person) -> list[str]:
    rows = AuditEvent.select().where(AuditEvent.person == person, AuditEvent.actor_kind == AuditEvent.STAFF)
    return [row.action for row in rows]


def test_a_page_that_shows_her_notes_it_once_a_visit(admin, person):
    showed, visited = set(), asks(admin, person)
    assert len(visited) > 12
    for endpoint, ways in visited.items():
        before = looks(person)
        pages = [ask().text for ask in ways]
        hers = any(words in page for page in pages for words in SHOWN)
        after = looks(person)
        if hers and endpoint not in NO_PERSON:
            showed.add(endpoint)
            assert len(after) == len(before) + 1, endpoint
        for ask in ways:
            ask()
        assert looks(person) == after, f"{endpoint}: looked at again within the visit"
    assert showed == SHOW_HER


def test_an_invoice_and_a_payment_are_looks_at_the_file_of_whom_they_concern(admin, person):
    for endpoint in ("staff.cards.invoice", "staff.money.refund"):
        for ask in asks(admin, person)[endpoint]:
            ask()
    assert looks(person) == ["invoice opened", "payment opened"]


def test_the_next_visit_is_another(admin, person):
    for _ in range(2):
        admin.post("/personnel/carte", card_number=person.card_number)
    admin.signs_out()
    admin.signs_in()
    admin.post("/personnel/carte", card_number=person.card_number)
    assert looks(person) == ["file opened"] * 2
