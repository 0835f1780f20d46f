"""Changing one's own password."""

import pytest

from tests.staff.conftest import PASSWORD, Clerk

NEW = "un canot bleu 3"
PATH = "/personnel/mot-de-passe"


def changes(clerk: Clerk, **wrong: str):
    """Send the form."""
    fields = {"current": PASSWORD, "password": NEW, "password_again": NEW, "code": clerk.code()}
    return clerk.post(PATH, **{**fields, **wrong})


def test_page_comes_whole_and_as_fragment(clerk):
    assert "Nouveau mot de passe" in clerk.client.get_page(PATH)


def test_the_new_one_opens(clerk):
    assert changes(clerk).status_code == 303
    clerk.signs_out()
    assert clerk.gives_password().status_code == 422
    assert clerk.gives_password(NEW).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "000000"}, "Ce code ne va pas"),
        ({"current": "pas celui-là"}, "pas votre mot de passe actuel"),
        ({"current": ""}, "Écrivez votre mot de passe actuel"),
    ],
)
def test_without_the_right_code_and_password_nothing_changes(clerk, wrong, words):
    answer = changes(clerk, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
    clerk.signs_out()
    assert clerk.gives_password().status_code == 303
