"""Whose a database is: kept once, for good."""

from domain.operations import made_for


def test_an_older_database_does_not_say(app):
    assert made_for.kept() is None


def test_the_first_word_stands(app):
    for environment in made_for.ENVIRONMENTS:
        made_for.keep(environment)
        assert made_for.kept() == made_for.ENVIRONMENTS[0]
