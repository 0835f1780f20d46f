"""What the documents name: the words of their code spans and blocks, and their links."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
ENDS = re.compile(r"[;|)»]|&&|--")  # a word that no word of a command follows


def prose_of(document: Path) -> str:
    """Return a document without its code, and without the addresses of its links."""
    return LINK.sub("]", SPAN.sub("code", BLOCK.sub("", document.read_text(encoding="utf-8"))))


def code_of(document: Path) -> list[str]:
    """Return a document's code: a line of a block, or a span, each."""
    text = document.read_text(encoding="utf-8")
    lines = [line.partition(" #")[0] for block in BLOCK.findall(text) for line in block.splitlines()[1:-1]]
    spans = SPAN.findall(BLOCK.sub("", text))
    return [" ".join(one.split()) for one in (*lines, *spans) if one.strip()]


def typed(code: str, *programs: str) -> Iterator[list[str]]:
    """Yield the words after a program's name where code begins with it; `add|role` is each of what it offers."""
    words = code.replace("[", " ").replace("]", " ").replace(",", " ").split()
    while words and ("=" in words[0] or words[0] in ("exec", "sudo")):
        words = words[1:]
    if not words or words[0] not in programs:
        return
    end = next((at for at, word in enumerate(words) if ENDS.fullmatch(word)), len(words))
    yield from (list(one) for one in product(*(word.split("|") for word in words[1:end])))


def addresses_of(document: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each address as written, with what it may mean: `…/more` goes on from one that stands before it."""
    before = "/"
    spaceless = (re.sub(r"<[^>]*>", "<it>", code) for code in code_of(document))
    for word in (one for code in spaceless for one in code.split()):
        address = re.split(r"[?&,;]|\[&", word)[0]
        if re.fullmatch(r"/[\w<>./-]*…?", address):
            before = address
            yield address, [address]
        elif re.fullmatch(r"…[/.][\w<>./-]+", address):
            more = address.removeprefix("…")
            yield address, [start + more for start in (before, *_above(before))]


def _above(address: str) -> list[str]:
    folders = address.split("/")
    return ["/".join(folders[:count]) for count in range(len(folders) - 1, 0, -1)]
