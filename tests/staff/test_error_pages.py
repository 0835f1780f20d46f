"""A page that fails speaks to staff at the city's side, and to residents everywhere else."""

import pytest


@pytest.mark.parametrize("path", ["/personnel/nulle-part", "/personnel/foyers/nul/inscrire"])
def test_who_works_here_keeps_her_menu_and_reads_words_for_her(clerk, path):
    answer = clerk.client.get(path)
    assert answer.status_code == 404
    for words in (
        "Menu du personnel",
        "Au comptoir",
        "ce qu’elle montrait n’est plus là",
        "Retour à ce qu’il y a à traiter",
    ):
        assert words in answer.text
    for words in ("le vôtre", "Demander un appel</h2>", "Localisations", "l’accueil"):
        assert words not in answer.text


def test_who_may_not_open_it_goes_back_to_her_own_work(clerk):
    answer = clerk.client.get("/personnel/journal")
    assert answer.status_code == 403
    assert "Retour à ce qu’il y a à traiter" in answer.text


@pytest.mark.parametrize("path", ["/nulle-part", "/personnelle"])
def test_a_resident_reads_words_for_her(citizen, path):
    answer = citizen.client.get(path)
    assert answer.status_code == 404
    assert "Demander un appel</h2>" in answer.text
    assert "Menu du personnel" not in answer.text
