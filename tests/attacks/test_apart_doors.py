"""Attack 95: someone set apart, whichever of the two left, whose account is entered through what was shared."""

from models import Account
from tests.walker import Citizen


def split(app, *cards_of) -> None:
    words = ["household", "split", *[one.person.card_number for one in cards_of]]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0


def test_95_who_stays_opens_her_account_with_a_code_too(citizen, app):
    other = Citizen(app.test_client(), citizen.household)
    split(app, other)
    assert citizen.identifies().status_code == 303
    assert citizen.chooses().status_code == 422
    assert not Account.select().exists()
    said = app.test_cli_runner().invoke(args=["recovery-code", citizen.person.card_number]).output
    assert citizen.chooses(code=said.split()[0]).status_code == 303
