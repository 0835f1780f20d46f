"""Words that stand where there is nothing, or where something was lost."""

import pytest

from adapters import doubtful


@pytest.mark.parametrize(
    "word",
    ["#N/A", "#n/a", "#REF!", "#VALUE!", "#VALEUR!", "#NOM?", "#NAME?", "#DIV/0!", " #N/A ", "#N/A\u200b"],
)
def test_an_errors_word_is_refused_anywhere(word):
    with pytest.raises(ValueError, match="erreur de tableur"):
        doubtful.tidied(word)


@pytest.mark.parametrize("word", ["NULL", "NaN", "null", "None", "n/d", "N/A", "-", "-1", "0", "0,0", "s.o."])
def test_what_names_nothing_is_no_key(word):
    with pytest.raises(ValueError, match="ne nomme rien"):
        doubtful.refuse_no_key(word)


@pytest.mark.parametrize("word", ["2,02611E+11", "2.02611e+11", "1E5", "8,198430E+09", "-1e-3"])
def test_a_shortened_number_is_refused(word):
    with pytest.raises(ValueError, match="abrégé"):
        doubtful.refuse_shortened(word)


@pytest.mark.parametrize("word", ["F-2026", "1E", "E11", "12E3A", "0001", "Nullard", "10", "#7", "N-A"])
def test_what_is_a_key_stays_one(word):
    assert doubtful.tidied(word) == word
    doubtful.refuse_no_key(word)


def test_lines_of_a_cell_become_spaces_unless_it_has_several():
    assert doubtful.tidied(" 12 rue A\r\n  app. 3 ") == "12 rue A app. 3"
    assert doubtful.tidied("un\ndeux", of_several_lines=True) == "un\ndeux"


@pytest.mark.parametrize("text", ["a\x08b", "\x1b[31m", "\ue000"])
def test_a_control_character_is_refused(text):
    with pytest.raises(ValueError, match="contrôle"):
        doubtful.tidied(text)
