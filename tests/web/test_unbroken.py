"""An address is broken at « / », « . » or « @ » alone, never at one of its hyphens."""

import re

import pytest

from views.web.unbroken import LONGEST, address


@pytest.mark.parametrize(
    "text",
    [
        "https://dossier-loisirs.ville-magog.qc.ca/payer-une-facture",
        "marie-eve.roy-tremblay@courriel-exemple.qc.ca",
        "a-b",
        "http://127.0.0.1:5000/mon-dossier",
    ],
)
def test_it_breaks_nowhere_at_a_hyphen_and_reads_the_same(text: str):
    shown = address(text)
    assert re.sub(r"<[^>]+>", "", shown) == text
    for part in re.split("<wbr>", shown):
        assert "-" not in part or part.startswith('<span class="nowrap">')


def test_what_has_no_hyphen_is_left_as_it_is():
    assert address("marie.roy@example.com") == "marie.roy@example.com"


def test_what_is_typed_stays_text():
    assert "<b>" not in address("<b>-@x.ca")


def test_what_no_line_holds_may_break_anywhere():
    long = "a-" * LONGEST
    assert address(long) == long
