"""Consent to receive receipts online: recorded, and revocable."""

from models import AuditEvent, ElectronicConsent
from tests.taxes.conftest import LAST_YEAR

ROOM = "/mon-dossier/recus-fiscaux"


def answer(member, wanted: str):
    return member.post(f"{ROOM}/consentement", ROOM, wanted=wanted, annee=LAST_YEAR)


def test_it_is_recorded_with_its_moment(member):
    assert "acceptez de les recevoir en ligne" in member.client.get_page(ROOM)
    assert answer(member, "1").location.startswith(ROOM)
    consent = ElectronicConsent.get()
    assert (consent.person, consent.withdrawn_at) == (member.person, None)
    assert "Vous recevez vos reçus en ligne depuis" in member.client.get_page(ROOM)


def test_it_may_be_withdrawn_and_its_trace_stays(member):
    answer(member, "1")
    answer(member, "0")
    assert ElectronicConsent.get().withdrawn_at
    assert "acceptez de les recevoir en ligne" in member.client.get_page(ROOM)
    answer(member, "1")
    assert ElectronicConsent.select().count() == 2
    actions = [event.action for event in AuditEvent.select() if "electronic" in event.action]
    assert actions == ["electronic receipts accepted", "electronic receipts declined", "electronic receipts accepted"]


def test_twice_is_once(member):
    answer(member, "1")
    answer(member, "1")
    assert ElectronicConsent.select().count() == 1


def test_a_forged_form_records_nothing(member):
    member.client.post(f"{ROOM}/consentement", data={"wanted": "1"})
    assert not ElectronicConsent.select().exists()
