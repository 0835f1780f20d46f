"""CAPTCHA=recaptcha: Google's box on the identification page, asked with a time-out, and nowhere else."""

import json
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from adapters.captcha import Recaptcha
from domain.common import rate_limits
from models import Attempt
from settings import LIMITS
from tests.pages import CheckedClient
from tests.walker import Citizen


@pytest.fixture
def environment(environment):
    keys = {"RECAPTCHA_PUBLIC_KEY": "site-key", "RECAPTCHA_PRIVATE_KEY": "private-key"}
    return environment | {"CAPTCHA": "recaptcha"} | keys


@pytest.fixture
def google(app):
    """A stand-in for Google's address: « good » passes, « slow » never answers, « broken » answers anything."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802  the library's name
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(body)
            if "slow" in body:
                time.sleep(1)
            answer = b"<html>" if "broken" in body else json.dumps({"success": "response=good" in body}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    recaptcha = Recaptcha("private-key", f"http://127.0.0.1:{server.server_port}/")
    recaptcha.TIMEOUT_SECONDS = 0.3
    app.extensions["portal"] = replace(app.extensions["portal"], recaptcha=recaptcha)
    yield asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(app, google):
    app.test_client_class = CheckedClient
    return Citizen(app.test_client())


def identifies(visitor, response: str):
    born = visitor.person.birth_date
    return visitor.post(
        "/compte/carte",
        card_number=visitor.person.card_number,
        birth_year=born.year,
        birth_month=born.month,
        birth_day=born.day,
        **{"g-recaptcha-response": response},
    )


def test_the_box_and_its_hosts_stand_on_that_page_only(visitor):
    page = visitor.client.get("/compte/carte")
    assert 'data-sitekey="site-key"' in page.text
    assert "data-challenge" not in page.text
    assert "https://www.google.com/recaptcha/" in page.headers["Content-Security-Policy"]
    for path in ("/", "/connexion", "/oubli/code"):
        elsewhere = visitor.client.get(path)
        assert "google" not in elsewhere.text + elsewhere.headers["Content-Security-Policy"], path


def test_a_link_followed_by_htmx_loads_it_whole(visitor):
    answer = visitor.client.get("/compte/carte", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/compte/carte"


def test_a_good_response_passes_and_says_nothing_of_the_visitor(visitor, google):
    assert identifies(visitor, "good").status_code == 303
    assert google == ["secret=private-key&response=good"]


def test_a_bad_response_is_refused(visitor):
    answer = identifies(visitor, "bad")
    assert answer.status_code == 422
    assert "vérification n’a pas abouti" in answer.text


@pytest.mark.parametrize("response", ["", "slow", "broken"])
def test_without_an_answer_the_lower_allowance_counts(visitor, response):
    assert identifies(visitor, response).status_code == 303
    assert Attempt.select().where(Attempt.kind == rate_limits.UNPROVEN).count() == 1
    Attempt.insert_many([{"kind": rate_limits.UNPROVEN}] * LIMITS[rate_limits.UNPROVEN].most).execute()
    assert identifies(visitor, response).status_code == 422
