"""Answers are compressed as the browser accepts, whatever their status."""

import brotli
import pytest
from flask.testing import FlaskClient

from tests.databases import held
from tests.factories import make_invoice
from tests.pages import UNPACK
from tests.staff.conftest import Clerk
from views.web.compression import SHORTEST

BOTH = {"Accept-Encoding": "gzip, deflate, br"}


def asked(client, path: str, accepted: str, **named):
    return client.open(path, headers={"Accept-Encoding": accepted}, **named)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/nulle-part", "GET", 404),
        ("/connexion", "POST", 422),
        ("/connexion", "DELETE", 405),
        ("/inscription/activites.csv", "GET", 200),
        ("/mon-dossier", "POST", 405),
    ],
)
def test_each_status_is_compressed_and_reads_the_same(client, path, method, status):
    plain = asked(client, path, "identity", method=method)
    packed = asked(client, path, "gzip, deflate, br", method=method)
    assert (plain.status_code, packed.status_code) == (status, status)
    assert "Content-Encoding" not in plain.headers
    if len(plain.data) < SHORTEST:
        assert packed.data == plain.data
        return
    assert packed.headers["Content-Encoding"] == "br"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert b"<!doctype html>" in brotli.decompress(packed.data) or path.endswith(".csv")


def test_a_page_that_cannot_be_written_is_compressed_too(citizen, database_url):
    citizen.joins()
    with held(database_url):
        answer = citizen.post("/rappelez-moi", headers=BOTH, phone="819 843-0000", stopped_at="")
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (503, "br")


def test_a_role_that_opens_nothing_reads_a_compressed_page(app):
    clerk = Clerk(app, "agent.magog", "agent")
    clerk.sets_up()
    answer = clerk.client.get("/personnel/journal", headers=BOTH)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (403, "br")


@pytest.mark.parametrize(
    ("accepted", "way"),
    [
        ("br", "br"), ("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0, gzip", "gzip"), ("*", "br"), ("identity", None),
        ("", None), ("zstd", None), ("gzip;q=0", None), ("x" * 3000, None),
    ],
)  # fmt: skip
def test_the_browser_chooses(client, accepted, way):
    answer = asked(client, "/confidentialite", accepted)
    assert answer.headers.get("Content-Encoding") == way
    assert "Accept-Encoding" in answer.headers["Vary"]
    html = UNPACK[way or ""](answer.data)
    assert html.startswith(b"<!doctype html>")


def test_what_is_no_text_and_what_is_short_go_as_they_are(citizen):
    make_invoice(citizen.household, 10_000)
    citizen.joins()
    for path in ("/sante", "/mon-dossier/comptes/releve.pdf"):
        answer = citizen.client.get(path, headers=BOTH)
        assert answer.status_code == 200, path
        assert "Content-Encoding" not in answer.headers, path


def test_a_head_says_what_the_page_would_have_been(app):
    client = FlaskClient(app, app.response_class)
    page, head = (asked(client, "/confidentialite", "br", method=method) for method in ("GET", "HEAD"))
    assert head.data == b""
    assert head.headers["Content-Encoding"] == page.headers["Content-Encoding"]
