"""A change that the city decides."""

from models import ChangeRequest, Message


def test_a_change_is_asked_told_and_shown_as_waiting(home, city):
    citizen, spouse, child = home
    path = f"/mon-dossier/famille/{child.id}/changement"
    citizen.client.get_page(path)
    assert citizen.post(path, words="Son nom est Léa-Rose").status_code == 303
    asked = ChangeRequest.get()
    assert (asked.person_id, asked.kind) == (child.id, "correction")
    recipients = {message.recipient: message.body for message in Message.select()}
    assert set(recipients) == {spouse.email, city.help.email}
    assert "Léa" in recipients[spouse.email]
    assert "Son nom est Léa-Rose" in citizen.client.get("/mon-dossier/famille").text


def test_nothing_written_is_said(home):
    citizen, _spouse, child = home
    assert citizen.post(f"/mon-dossier/famille/{child.id}/changement", words=" ").status_code == 422
    assert not ChangeRequest.select().exists()


def test_five_at_most_wait(home):
    citizen, _spouse, child = home
    path = f"/mon-dossier/famille/{child.id}/changement"
    answers = [citizen.post(path, words=f"Changement {n}").status_code for n in range(6)]
    assert answers == [303] * 5 + [422]
