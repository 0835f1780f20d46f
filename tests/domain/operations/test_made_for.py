"""Whose a database is: kept once, for good."""

import models
from domain.operations import made_for
from models import Person
from tests.factories import make_person


def test_an_older_database_does_not_say(app):
    assert made_for.kept() is None


def test_the_first_word_stands(app):
    for environment in made_for.ENVIRONMENTS:
        made_for.keep(environment)
        assert made_for.kept() == made_for.ENVIRONMENTS[0]


def test_a_database_is_nobodys_until_it_says_so_or_somebody_is_in_it(app):
    assert not made_for.is_of_somebody()
    make_person()
    assert made_for.is_of_somebody()
    Person.delete().execute()
    made_for.keep("simulator")
    assert made_for.is_of_somebody()


def test_the_demonstrations_says_how_far_it_is(app):
    assert made_for.demonstration() is None
    for state in (made_for.TO_FILL, made_for.READY):
        made_for.keep_demonstration(state)
        assert made_for.demonstration() == state


def test_an_empty_database_is_nobodys(app, databases, tmp_path, database_url):
    models.open_database(databases.empty(tmp_path, "new"))
    assert (made_for.is_of_somebody(), made_for.demonstration()) == (False, None)
    models.open_database(database_url)
