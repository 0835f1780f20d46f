"""The French that people read: short sentences, plain words, Quebec's typography, and every error says what to do."""

import ast
import re
from pathlib import Path

import pytest

from tests.documents import DOCUMENTS, prose_of

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


def is_french(document: Path) -> bool:
    """Tell whether a document is written in French: its small words are."""
    prose = prose_of(document)
    return len(re.findall(r"\b(?:le|la|les|des)\b", prose)) > len(re.findall(r"\b(?:the|of|and)\b", prose))


def astray(text: str) -> bool:
    """Tell whether a text is not typed as Quebec does."""
    return bool(
        "'" in text.replace("%(", "")
        or re.search(r"[ \u00a0][;!?](?!\w)", text)
        or re.search(r"(?<![\u00a0\d]):(?=\s|$)", text)
        or re.search(r"« |(?<!\u00a0)»", text)
        or re.search(r"\d \$", text)
    )


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
    assert not [(place, text) for place, text in said() if astray(text)]


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if is_french(one)], ids=lambda one: one.name)
def test_typography_of_documents_is_quebecs(document: Path):
    assert [line for line in prose_of(document).splitlines() if astray(line)] == []


def test_documents_in_french_are_found():
    assert {one.name for one in DOCUMENTS if is_french(one)} >= {"braintree.md"}


@pytest.mark.parametrize("text", ["l'an", "dit : rien", "dit: rien", "quoi\u00a0?", "« a\u00a0»", "«\u00a0a »", "5 $"])
def test_what_goes_astray_is_seen(text: str):
    assert astray(text)


def test_what_does_not_is_left_alone():
    assert not astray("«\u00a0l’an\u00a0»\u00a0: 5\u00a0$; oui? non! 13:30")
