"""What links, buttons and boxes of templates say, judged by kind."""

import re
from collections import defaultdict
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent / "templates"


def templates(folder: str = ".") -> dict[str, str]:
    """Return each template's text by its name."""
    pages = sorted((TEMPLATES / folder).rglob("*.html"))
    return {path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8") for path in pages}


def test_the_way_back_to_a_page_is_said_in_one_way():
    back = re.compile(r"""url_for\(['"]([\w.]+)['"]\)[^\n]{0,40}?_\("(Retour [^"]+)"\)""")
    said: dict[str, set[str]] = defaultdict(set)
    for text in templates().values():
        for page, words in back.findall(text):
            said[page].add(words)
    assert len(said) > 5
    assert {page: words for page, words in said.items() if len(words) > 1} == {}


def test_the_line_under_a_link_ends_with_its_words():
    pressed = re.compile(r"<(a|button)\b(?:(?!</\1>).)*?</\1>", re.S)
    every = [(name, found[0]) for name, text in templates().items() for found in pressed.finditer(text)]
    hiding = [(name, link) for name, link in every if "visually-hidden" in link]
    assert len(hiding) > 20
    assert [one for one in hiding if re.search(r'\s<span class="visually-hidden">', one[1])] == []


def test_a_telephones_code_never_comes_back_in_its_box():
    boxes = [line for text in templates("staff").values() for line in text.splitlines() if '"one-time-code"' in line]
    assert len(boxes) > 5
    assert [line for line in boxes if 'value=""' not in line] == []
