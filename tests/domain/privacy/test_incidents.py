"""The register of confidentiality incidents: whole, the latest first, each line noted."""

from datetime import date, timedelta

import pytest
from peewee import IntegrityError

from domain.common import clock
from domain.privacy import incidents
from models import AuditEvent, Incident, StaffAccount
from tests.factories import make_staff

DAY = date(2026, 11, 22)
FIELDS = {
    "data_concerned": "Noms et factures",
    "circumstances": "Un rapport imprimé, oublié au comptoir",
    "happened": "vers le 20 novembre",
    "persons": "environ 12",
    "risk": "Faible : retrouvé dans l’heure",
    "notices": "Aucun",
    "measures": "Impression à code",
}


@pytest.fixture
def officer(db) -> StaffAccount:
    return make_staff("direction")


def test_an_incident_is_kept_whole_with_who_wrote_it_and_when(officer):
    before = clock.now()
    incidents.record(officer, DAY, **FIELDS)
    kept = Incident.get()
    assert {name: getattr(kept, name) for name in FIELDS} == FIELDS
    assert (kept.known_on, kept.recorded_by) == (DAY, "direction")
    assert before <= kept.recorded_at <= clock.now()


def test_it_is_noted_without_a_word_of_it(officer):
    made = incidents.record(officer, DAY, **FIELDS)
    event = AuditEvent.get()
    assert (event.actor, event.action, event.subject, event.person_id) == (
        "direction",
        "incident recorded",
        str(made.id),
        None,
    )


def test_the_register_is_by_the_day_it_was_known_the_latest_first(officer):
    days = (DAY, DAY - timedelta(days=30), DAY, DAY + timedelta(days=1))
    first, oldest, second, latest = (incidents.record(officer, day, **FIELDS) for day in days)
    assert incidents.register() == [latest, second, first, oldest]


@pytest.mark.parametrize("missing", FIELDS)
def test_without_one_of_its_fields_it_is_not_recorded_nor_noted(officer, missing):
    with pytest.raises(IntegrityError):
        incidents.record(officer, DAY, **{name: words for name, words in FIELDS.items() if name != missing})
    assert not AuditEvent.select().exists()
    assert incidents.register() == []
