"""Static files bear the headers that pages bear: the files are served before Flask is asked."""

import re

import pytest
from flask.testing import FlaskClient

from app import create_app
from settings import load


@pytest.fixture
def secure(app, environment) -> FlaskClient:
    """A browser of the portal under https."""
    environment |= {
        "PUBLIC_URL": "https://dossier.example",
        "SECRET_KEY": "k" * 40,
        "TRUSTED_PROXIES": "1",
        "PASSWORD_HASHES": "strong",
    }
    return create_app(load(environment)).test_client()


def script(client: FlaskClient):
    """Ask for the first script of the page."""
    address = re.search(r'<script src="([^"]+)"', client.get("/").text)[1]
    return client.head(address)


@pytest.mark.parametrize("what", ["page", "file", "not found"])
def test_every_answer_bears_them(secure, what):
    answer = {"page": lambda: secure.get("/"), "file": lambda: script(secure), "not found": lambda: secure.get("/x")}[
        what
    ]()
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_without_https_nothing_is_said_of_it(client):
    assert "Strict-Transport-Security" not in script(client).headers


def test_a_file_says_what_it_is(client):
    assert script(client).headers["Content-Type"] == 'text/javascript; charset="utf-8"'


@pytest.mark.parametrize("path", ["/static/", "/static/x/../../settings.py", "/.git/config", "/settings.py"])
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404


def test_nobody_hears_back_what_he_sent(client):
    assert client.open("/", method="TRACE").status_code == 405
