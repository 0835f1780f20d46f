"""A resident's page is read without writing: it comes while nobody can write, and so does what became of her money."""

from datetime import timedelta

import pytest

from domain.common import clock
from models import Message, Session
from tests.attacks.conftest import rules, things_of
from tests.databases import held
from tests.factories import make_invoice
from tests.guest.conftest import PATH, Guest

# What one takes away is noted before it leaves: without the note, it does not.
# A wrong link is a guess, and counted.
NOTED = {"privacy.download", "forgotten.new_password"}


@pytest.fixture
def member(citizen):
    citizen.joins()
    return citizen


def test_every_page_comes_while_nobody_can_write(member, app, database_url):
    ids = things_of(member.household)
    Session.update(seen_at=clock.now() - timedelta(minutes=5)).execute()
    pages = [rule for rule in rules(app, "GET") if not rule.endpoint.startswith("staff.")]
    failed = []
    with held(database_url):
        for rule in pages:
            answer = member.client.get(ids.fill(rule))
            if answer.status_code == 503 and rule.endpoint != "health.status":
                failed.append(rule.endpoint)
    assert set(failed) <= NOTED


@pytest.mark.parametrize("nonce", ["fake-valid-nonce", "fake-processor-declined-visa-nonce"])
def test_what_became_of_a_payment_is_read_on_a_first_visit_too(member, simulator, paying, database_url, nonce):
    payment = member.payment(member.pays(make_invoice(member.household), nonce=nonce))
    with held(database_url):
        assert 'data-state="verifying"' in member.client.get(f"/mon-dossier/paiements/{payment.reference}").text
    paying()
    with held(database_url):
        html = member.client.get(f"/mon-dossier/paiements/{payment.reference}").text
    assert f'data-state="{"paid" if nonce == "fake-valid-nonce" else "refused"}"' in html
    assert Message.select().count() == 0


def test_a_guest_reads_what_became_of_hers(app, member, simulator, paying, database_url):
    invoice, guest = make_invoice(member.household, 10_000), Guest(app)
    guest.finds(invoice)
    address = guest.pays().location
    paying()
    with held(database_url):
        assert 'data-state="paid"' in guest.client.get(address).text
        assert guest.client.get(f"{PATH}/recus/{guest.payment().reference}.pdf").status_code == 200


def test_a_form_kept_when_the_session_ended_is_not_lost_to_a_lock(member, database_url):
    path = "/mon-dossier/renseignements/correction"
    token = member.client.get(path).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    Session.update(seen_at=clock.now() - timedelta(hours=1)).execute()
    member.client.post(path, data={"csrf_token": token, "words": "Ma rue a changé de nom"})
    member.signs_in()
    with held(database_url):
        assert "Ma rue a changé de nom" in member.client.get(path).text
