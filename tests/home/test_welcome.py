"""Accueil."""


def test_it_shows_the_way_in(client):
    html = client.get_page("/")
    assert "J’ai déjà un dossier" in html
    assert "Créer mon compte" in html


def test_the_menu_leads_somewhere_from_every_word(client, city):
    html = client.get("/").text
    for word, address in (
        ("Localisations", "/localisations"),
        ("Inscription aux activités", "/inscription"),
        ("Mon dossier", "/mon-dossier"),
    ):
        assert word in html
        assert f'href="{address}"' in html


def test_nothing_comes_from_another_host(client):
    html = client.get("/").text
    for part in ("src=", "<link", "@import", "url("):
        for piece in html.split(part)[1:]:
            assert not piece.lstrip("\"' ").startswith("http")


def test_someone_signed_in_is_led_to_her_dossier(citizen):
    citizen.joins()
    html = citizen.client.get_page("/")
    assert "Ouvrir mon dossier" in html
    assert "Déconnexion" in html


def test_a_banner_says_that_payments_are_simulated(client):
    assert "Aucune carte n’est débitée" in client.get("/").text
