"""The French that people read: short sentences, plain words, Quebec's typography, and every error says what to do."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_SENTENCE, MEAN_SENTENCE = 25, 10  # words
JARGON = """veuillez, afin de, procéder, effectuer, le cas échéant, nonobstant, dûment, susmentionné, ci-dessous,
ci-dessus, ci-joint, modalité, préalable, ultérieur, invalide, saisir, saisie, authentifi, login, email, e-mail,
cliquer, cliquez, formulaire, requis, svp, s.v.p., consulter, transaction, requête, session, identifiant, serveur"""
# The city's own page speaks to whoever keeps its computers; a law's page names what the law names.
EXCUSED = {"le serveur", "la Ville, sur le serveur"}


def said() -> list[tuple[str, str]]:
    """Return every sentence of ours as (place, text): templates, mail, and the strings wrapped in Python."""
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        found += [(path.name, match[1]) for match in re.finditer(r'_\("((?:[^"\\]|\\.)*)"', text)]
    for path in sorted((ROOT / "views").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "lazy", "ngettext"):
                found += [(path.name, arg.value) for arg in node.args if isinstance(getattr(arg, "value", 0), str)]
    return found


def sentences() -> list[tuple[str, str]]:
    return [
        (place, sentence.strip())
        for place, text in said()
        for sentence in re.split(r"(?<=[.?!;:…])\s+", text)
        if sentence.strip(" .")
    ]


def words(sentence: str) -> int:
    return len(re.findall(r"[\w’'%()-]+", sentence))


def test_there_is_something_to_judge():
    assert len(sentences()) > 500


def test_sentences_are_short():
    long = [(words(s), place, s) for place, s in sentences() if words(s) > LONGEST_SENTENCE]
    assert not long, sorted(long, reverse=True)
    lengths = [words(s) for _, s in sentences()]
    assert sum(lengths) / len(lengths) <= MEAN_SENTENCE


@pytest.mark.parametrize("word", [word.strip() for word in JARGON.replace("\n", " ").split(",")])
def test_no_office_jargon(word: str):
    pattern = re.compile(rf"\b{re.escape(word)}", re.IGNORECASE)
    assert not [
        (place, text) for place, text in said() if pattern.search(re.sub(r"%\(\w+\)", "", text)) and text not in EXCUSED
    ]


def test_typography_is_quebecs():
    for place, text in said():
        assert "'" not in text.replace("%(", ""), (place, text)
        assert not re.search(r"[ \u00a0][;!?](?!\w)", text), (place, text)
        assert not re.search(r"(?<![\u00a0\d]):(?=\s|$)", text), (place, text)
        assert not re.search(r"« |(?<!\u00a0)»", text), (place, text)
        assert not re.search(r"\d \$", text), (place, text)
