"""The form that ends a partner's contract: to be dated, signed and sent."""

from tests.activities.test_contract import words_of
from tests.factories import make_contract, make_household, make_person


def test_it_names_the_contract_and_both_and_leaves_room_to_sign(citizen):
    citizen.joins()
    contract = make_contract(citizen.person, citizen.household)
    text = words_of(citizen.client.get(f"/mon-dossier/activites/contrats/{contract.number}/resiliation.pdf"))
    for expected in ("Formule de résiliation", contract.number, "article 193", "École de danse", "Signature"):
        assert expected in text
    assert citizen.person.name in text


def test_anothers_is_not_there(citizen):
    citizen.joins()
    other = make_contract(make_person(), make_household())
    path = f"/mon-dossier/activites/contrats/{other.number}/resiliation.pdf"
    assert citizen.client.get(path).status_code == 404
