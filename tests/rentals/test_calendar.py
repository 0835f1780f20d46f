"""The reservations' calendar file, read back by another library."""

from datetime import UTC

import vobject

from models import Reservation
from tests.factories import make_household, make_reservation


def test_reservations_to_come_are_events_those_asked_for_tentative(citizen):
    kept = make_reservation(citizen.household)
    make_reservation(citizen.household, status=Reservation.REQUESTED)
    make_reservation(citizen.household, status=Reservation.CANCELLED)
    make_reservation(make_household())
    citizen.joins()
    text = citizen.client.get("/mon-dossier/reservations.ics").text
    found = {event.status.value: event for event in vobject.readOne(text).vevent_list}
    assert set(found) == {"CONFIRMED", "TENTATIVE"}
    event = found["CONFIRMED"]
    assert event.dtstart.value == kept.starts_at.replace(tzinfo=UTC)
    assert event.summary.value == kept.place.name
