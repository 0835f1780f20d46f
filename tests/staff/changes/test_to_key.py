"""What was changed here is listed for who keeps the other system, with both values."""

PATH = "/personnel/changements"


def test_page_comes_whole_and_as_fragment_with_both_values(clerk, corrected):
    page = clerk.client.get_page(PATH)
    for words in ("Geneviève Trần", corrected.card_number, "Téléphone, ici", "819 555-0142", "819 555-0101", "lise"):
        assert words in page
    assert "C’est reporté" in page


def test_a_disputed_one_shows_all_three_values_and_asks_which(clerk, disputed):
    page = clerk.client.get_page(PATH)
    assert "819 555-0177" in page
    assert "Garder celle d’ici" in page
    assert "C’est reporté" not in page


def test_nothing_to_key_says_so(clerk):
    assert "Rien à reporter" in clerk.client.get(PATH).text


def test_the_menu_leads_there(clerk):
    assert f'href="{PATH}"' in clerk.client.get("/personnel").text
