"""The promise of letters, and who keeps it. The letters themselves: tests/adapters/test_letters.py."""

import inspect

from adapters import mail_templates
from domain.common import letters


def test_the_mail_templates_take_and_give_what_the_house_asks():
    asked, kept = (inspect.signature(one.write) for one in (letters.Letters, mail_templates.Letters))
    assert kept == asked


def test_a_letter_is_a_subject_and_a_body(tmp_path, city):
    (tmp_path / "hello.txt").write_text("Bonjour {{ who }}\n\nÀ bientôt.\n", encoding="utf-8")
    keeps: letters.Letters = mail_templates.Letters(tmp_path, city, "https://example.org")
    assert keeps.write("hello", who="Luce") == ("Bonjour Luce", "À bientôt.\n")
