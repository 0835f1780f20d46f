"""A contact is taken off the list; twice is once."""

from models import EmergencyContact
from tests.family.test_emergency import enters, path


def test_it_is_taken_off_and_twice_is_once(home):
    citizen, _spouse, child = home
    enters(citizen, child, "Ginette", "Réjean")
    one = EmergencyContact.get(EmergencyContact.name == "Ginette")
    for _ in range(2):
        answer = citizen.post(f"{path(child)}/{one.id}/retirer", path(child))
        assert (answer.status_code, answer.location) == (303, path(child))
    assert [row.name for row in EmergencyContact.select()] == ["Réjean"]


def test_without_the_pages_token_nothing_is_taken_off(home):
    citizen, _spouse, child = home
    enters(citizen, child, "Ginette")
    citizen.client.post(f"{path(child)}/{EmergencyContact.get().id}/retirer")
    assert EmergencyContact.select().count() == 1
