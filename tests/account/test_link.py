"""The link past step 1, from the e-mail on file; how it comes: tests/forgotten/test_card.py."""


def test_a_link_made_up_leads_back_to_step_1(citizen):
    assert citizen.client.get("/compte/lien/x").location == "/compte/identifiants"
    assert citizen.client.get("/compte/identifiants").location == "/compte/carte"
