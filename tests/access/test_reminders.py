"""The switch that stops the reminders."""

from domain.billing import reminders
from models import Account

PATH = "/mon-dossier/acces/rappels"
PAGE = "/mon-dossier/acces"


def test_one_switch_stops_them_and_has_them_again(citizen):
    citizen.joins()
    assert "Arrêter les rappels" in citizen.client.get_page(PAGE)
    for _ in range(2):
        assert citizen.post(PATH, PAGE, wanted="0").status_code == 303
    assert not reminders.are_wanted(Account.get())
    assert "Recevoir les rappels" in citizen.client.get(PAGE).text
    citizen.post(PATH, PAGE, wanted="1")
    assert reminders.are_wanted(Account.get())


def test_without_a_token_nothing_changes(citizen):
    citizen.joins()
    citizen.client.post(PATH, data={"wanted": "0"})
    assert reminders.are_wanted(Account.get())
