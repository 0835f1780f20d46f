"""Changing one's own password."""

NEW = "un canot bleu 3"
PATH = "/personnel/mot-de-passe"


def test_page_comes_whole_and_as_fragment(clerk):
    assert "Nouveau mot de passe" in clerk.client.get_page(PATH)


def test_the_new_one_opens(clerk):
    assert clerk.post(PATH, password=NEW, password_again=NEW, code=clerk.code()).status_code == 303
    clerk.signs_out()
    assert clerk.gives_password().status_code == 422
    assert clerk.gives_password(NEW).status_code == 303


def test_without_a_right_code_nothing_changes(clerk):
    assert clerk.post(PATH, password=NEW, password_again=NEW, code="000000").status_code == 422
    clerk.signs_out()
    assert clerk.gives_password().status_code == 303
