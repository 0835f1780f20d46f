"""A contact is called before the others."""

from models import EmergencyContact
from tests.family.test_emergency import enters, path


def test_it_is_put_first(home):
    citizen, _spouse, child = home
    enters(citizen, child, "Ginette", "Réjean", "Ahmed")
    one = EmergencyContact.get(EmergencyContact.name == "Ahmed")
    answer = citizen.post(f"{path(child)}/{one.id}/premier", path(child))
    assert (answer.status_code, answer.location) == (303, path(child))
    html = citizen.client.get("/mon-dossier/famille").text
    assert html.index("Ahmed") < html.index("Ginette") < html.index("Réjean")


def test_without_the_pages_token_nothing_moves(home):
    citizen, _spouse, child = home
    enters(citizen, child, "Ginette", "Réjean")
    one = EmergencyContact.get(EmergencyContact.name == "Réjean")
    citizen.client.post(f"{path(child)}/{one.id}/premier")
    assert EmergencyContact.get_by_id(one.id).rank == one.rank
