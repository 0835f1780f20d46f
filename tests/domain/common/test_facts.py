"""A fact is a key and its values: two that say the same are the same."""

from domain.common.alerts import Kind
from domain.common.facts import Fact


def test_facts_that_say_the_same_are_the_same():
    assert Fact(Kind.GUESSING) == Fact(Kind.GUESSING, {})
    assert Fact(Kind.IMPORT_CUT, {"file": "a.csv"}) != Fact(Kind.IMPORT_CUT, {"file": "b.csv"})
