"""A test client that checks every page it gets: one h1, a title that begins with it, unique ids, labels."""

import base64
import gzip
import hashlib
import json
import os
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import brotli
from altcha import v2
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
VOID |= {"rect", "path"}


class PageReader(HTMLParser):
    """Reads a page into its tags, ids, headings and title, and notes what does not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.texts: dict[str, str] = {"h1": "", "title": ""}
        self.problems: list[str] = []
        self.feed(html)
        self.problems += [f"<{tag}> never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes <{self.open[-1] if self.open else ''}>")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in ("h1", "title"):
            if self.open and tag in self.open and (tag != "title" or self.open[-1] == "title"):
                self.texts[tag] += data

    def attributes(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]


def check(html: str) -> PageReader:
    """Assert what every page must have."""
    page = PageReader(html)
    assert not page.problems, page.problems
    assert len(page.attributes("h1")) == 1
    heading, title = " ".join(page.texts["h1"].split()), " ".join(page.texts["title"].split())
    assert heading
    assert title.removeprefix("Erreur : ").startswith(heading), (title, heading)
    assert len(page.ids) == len(set(page.ids)), "ids that stand twice"
    labelled = {attributes.get("for") for attributes in page.attributes("label")}
    for field in page.attributes("input") + page.attributes("select"):
        if field.get("type") not in ("hidden", "checkbox") and "aria-label" not in field:
            assert field.get("id") in labelled, field
    for field in page.attributes("input") + page.attributes("select"):
        for described in field.get("aria-describedby", "").split():
            assert described in page.ids, described
    for link in page.attributes("a"):
        assert link.get("href"), link
        if link["href"].startswith("#"):
            assert link["href"][1:] in page.ids, link
    return page


def keep(html: str) -> None:
    """Keep an answer for `make validate`, which sets where; two that differ only by their secrets are one."""
    folder = os.environ.get("PORTAL_TEST_PAGES")
    if folder:
        name = hashlib.sha256(re.sub(r"[\w.-]{30,}|[0-9]+", "", html).encode()).hexdigest()[:16]
        Path(folder, f"{name}.html").write_text(html, encoding="utf-8")


UNPACK = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}


class CheckedClient(FlaskClient):
    """A client whose every HTML answer is checked; `get_page` also checks the fragment of the same address."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        response = super().open(*args, **kwargs)
        is_piece = "HX-Target" in (kwargs.get("headers") or {})  # of a page that is there already
        if response.mimetype == "text/html" and response.status_code not in (204, 301, 302, 303, 308) and not is_piece:
            html = UNPACK[response.headers.get("Content-Encoding", "")](response.data).decode()
            check(html)
            keep(html)
        return response

    def get_page(self, path: str) -> str:
        """Return a page's HTML after checking that it comes whole and as a fragment."""
        whole = self.get(path)
        fragment = self.get(path, headers={"HX-Request": "true"})
        assert whole.status_code == fragment.status_code == 200, (path, whole.status_code)
        assert whole.text.lstrip().startswith("<!doctype html>")
        assert "<html" not in fragment.text
        assert '<main id="main"' in fragment.text
        assert "HX-Request" in whole.headers["Vary"]
        return whole.text


def solve(html: str) -> str:
    """Solve a page's proof of work as its worker would."""
    challenge = json.loads(unescape(re.search(r'data-challenge="([^"]+)"', html)[1]))
    solved = v2.solve_challenge(v2.Challenge.from_dict(challenge))
    solution = {"counter": solved.counter, "derivedKey": solved.derived_key, "time": 1}
    return base64.b64encode(json.dumps({"challenge": challenge, "solution": solution}).encode()).decode()
