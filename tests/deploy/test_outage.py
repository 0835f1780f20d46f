"""nginx as deploy/nginx.conf has it, before a portal that answers, that does not, or that is closed for a while."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from commands import outage
from tests.server import ROOT
from tests.simulation import free_port

OPENSSL = shutil.which("openssl") or ""
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin") or ""
NAME = "dossier.example.ca"


class Proxy:
    """nginx on the city's own file, with this test's folders and ports in the place of the machine's."""

    def __init__(self, folder: Path, app, *tightened: tuple[str, str]) -> None:
        self.pages, self.port, self.behind = folder / "www", free_port(), free_port()
        (self.pages / "panne").mkdir(parents=True)
        for page in outage.PAGES:
            words = app.test_cli_runner().invoke(args=["outage", page]).output
            (self.pages / "panne" / f"{page}.html").write_text(words, encoding="utf-8")
        self.certificate = folder / "fullchain.pem"
        self._certify(folder)
        (folder / "serving.conf").write_text(f"server 127.0.0.1:{self.behind};", encoding="utf-8")
        whole = self._whole(folder)
        for as_shipped, tight in tightened:
            assert as_shipped in whole
            whole = whole.replace(as_shipped, tight)
        (folder / "nginx.conf").write_text(whole, encoding="utf-8")
        self.process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"])

    def _whole(self, folder: Path) -> str:
        site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        site = site.replace("/etc/portail-tls", str(folder)).replace(
            "/etc/portail-serving.conf", f"{folder}/serving.conf"
        )
        site = site.replace("/var/www/portail", str(self.pages))
        site = re.sub(r"listen (\[::\]:)?80;", f"listen 127.0.0.1:{free_port()};", site, count=1)
        site = re.sub(r" *listen \[::\]:.*\n", "", site)
        site = site.replace("listen 443", f"listen 127.0.0.1:{self.port}")
        root = "user root; " if os.geteuid() == 0 else ""  # who alone may read a test's folder
        http = f"types {{ text/html html; }} charset utf-8; {site}"
        return f"{root}daemon off; pid {folder}/pid; events {{}} http {{ {http} }}"

    def _certify(self, folder: Path) -> None:
        words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        files = ["-keyout", folder / "privkey.pem", "-out", self.certificate, "-subj", f"/CN={NAME}"]
        names = ["-addext", "subjectAltName=IP:127.0.0.1"]
        subprocess.run([OPENSSL, *words, *files, *names], check=True, capture_output=True)

    def wait(self) -> None:
        for _try in range(600):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError("nginx does not answer")

    def ask(self, path: str, method: str = "GET") -> requests.Response:
        url = f"https://127.0.0.1:{self.port}{path}"
        return requests.request(method, url, verify=self.certificate, headers={"Host": NAME}, timeout=60)


@contextmanager
def started(*about) -> Iterator[Proxy]:
    if not NGINX:
        pytest.skip("nginx is not installed")
    one = Proxy(*about)
    try:
        one.wait()
        yield one
    finally:
        one.process.terminate()
        one.process.wait()


@pytest.fixture
def proxy(tmp_path: Path, app) -> Iterator[Proxy]:
    """The proxy, with nothing behind it."""
    with started(tmp_path, app) as one:
        yield one


@pytest.fixture
def tight(tmp_path: Path, app) -> Iterator[Proxy]:
    """The proxy, with limits that a test can meet whatever the machine's pace."""
    with started(tmp_path, app, ("rate=50r/s", "rate=1r/s"), ("burst=500", "burst=5")) as one:
        yield one


def test_a_portal_that_does_not_answer_is_told_in_french_without_a_word_of_money(proxy):
    answer = proxy.ask("/mon-dossier/comptes")
    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "30")
    assert "Le site ne répond pas pour le moment" in answer.text
    assert 'lang="fr-CA"' in answer.text
    assert not re.search("pai|pay|carte de crédit|factur", answer.text.split("<main>")[1].split("</main>")[0])


@pytest.mark.parametrize("path", ["/mon-dossier/payer", "/payer-une-facture/payer"])
def test_who_was_paying_is_told_not_to_pay_twice(proxy, path):
    answer = proxy.ask(path, "POST")
    assert (answer.status_code, answer.headers["Retry-After"]) == (502, "30")
    assert "ne payez pas une seconde fois" in answer.text


@pytest.mark.parametrize("path", ["/", "/mon-dossier/payer"])
def test_a_site_that_is_closed_for_a_while_says_so(proxy, path):
    (proxy.pages / "entretien").touch()
    answer = proxy.ask(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "fermé pour un entretien" in answer.text


def test_one_address_that_asks_without_end_is_told_to_wait(tight):
    answers = [tight.ask("/") for _time in range(30)]
    assert {answer.status_code for answer in answers} == {502, 429}
    assert "Trop de demandes" in answers[-1].text


def test_the_pages_are_whole_alone(proxy):
    """No style sheet, script or picture that the portal would have to answer for."""
    for page in outage.PAGES:
        words = (proxy.pages / "panne" / f"{page}.html").read_text(encoding="utf-8")
        assert len(words.encode()) < 2_500
        assert not re.search(r"<script|<link|<img|src=", words)


def test_where_one_pays_is_named_as_the_portal_names_it(app):
    """The addresses that take money have a page of their own: a new one must be among them."""
    pattern = re.search(r"location ~ (\S+)", (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"))[1]
    paying = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in ("payment.pay", "guest.pay")]
    assert len(paying) == 2
    assert all(re.search(pattern, rule) for rule in paying)
