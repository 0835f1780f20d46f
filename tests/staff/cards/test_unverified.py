"""Comptes à vérifier: one list, a press for each; the counter's alone."""

from domain.access import verification
from models import AuditEvent

PATH = "/personnel/comptes-a-verifier"


def test_it_is_empty_at_first_and_comes_whole_and_as_fragment(clerk):
    assert "Aucun." in clerk.client.get_page(PATH)
    assert PATH not in clerk.client.get_page("/personnel")


def test_accounts_are_listed_once_and_leave_when_their_holder_was_asked(clerk, citizen):
    account = citizen.joins(verified=False)
    assert PATH in clerk.client.get_page("/personnel")
    page = clerk.client.get_page(PATH)
    assert citizen.person.name in page
    assert citizen.person.card_number in page
    for _twice in range(2):
        assert clerk.post(PATH, account=account.id).status_code == 303
    assert citizen.person.name not in clerk.client.get_page(PATH)
    noted = AuditEvent.select().where(AuditEvent.action == "account verified")
    assert [event.person_id for event in noted] == [citizen.person.id]


def test_an_account_that_is_not_there_changes_nothing(clerk, citizen):
    citizen.joins(verified=False)
    for wrong in ("0", "x", "999999", ""):
        assert clerk.post(PATH, account=wrong).status_code == 303
    assert len(verification.owed()) == 1


def test_a_code_read_out_at_the_counter_verifies_it_too_once_its_holder_spends_it(clerk, citizen):
    citizen.joins(verified=False)
    citizen.signs_out()
    clerk.post("/personnel/carte", card_number=citizen.person.card_number, act="code", code=clerk.code())
    assert len(verification.owed()) == 1
    assert citizen.comes_back().status_code == 303
    assert verification.owed() == []


def test_the_terminal_tells_how_many(app, citizen):
    citizen.joins(verified=False)
    lines = app.test_cli_runner().invoke(args=["attention"]).output.splitlines()
    assert lines == ["1 compte(s) ouvert(s) sans courriel à la fiche, à vérifier", "1 chose(s) à traiter"]
    app.test_cli_runner().invoke(args=["recovery-code", citizen.person.card_number])
    assert len(verification.owed()) == 1, "whoever opened it may be at her browser still"
