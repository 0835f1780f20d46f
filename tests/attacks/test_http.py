"""Attacks 10, 13, 14, 47 to 50: headers, cookies, lengths, slow and huge requests; the last on the real server."""

import socket
import threading
import time

import pytest
import requests

from app import create_app
from models import Session
from settings import load
from tests.server import serving


@pytest.fixture
def server(database_url, tmp_path):
    environment = {"DATABASE_URL": database_url, "MAIL_URL": f"file:{tmp_path}/outbox"}
    with serving(environment) as server:
        yield server


def test_13_a_cookie_planted_before_is_worth_nothing_after(citizen):
    citizen.joins()
    citizen.signs_out()
    citizen.client.get("/connexion")
    planted = citizen.client.get_cookie("portail").value
    citizen.signs_in()
    assert citizen.client.get_cookie("portail").value != planted
    citizen.client.set_cookie("portail", planted)
    assert citizen.client.get("/mon-dossier").status_code == 303


def test_13_a_cookie_made_up_is_worth_nothing(citizen):
    citizen.joins()
    for made_up in ("x", "eyJfdXNlcl9pZCI6IjEifQ.x.x", Session.get().token_digest, "a" * 4000):
        citizen.client.set_cookie("portail", made_up)
        assert citizen.client.get("/mon-dossier").status_code == 303


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP"]
)
def test_47_without_a_trusted_proxy_no_such_header_counts(client, header):
    value = "for=evil.example;host=evil.example" if header == "Forwarded" else "evil.example"
    answer = client.get("/mon-dossier", headers={header: value})
    assert answer.location.startswith("/connexion")
    assert "evil.example" not in client.get("/connexion", headers={header: value}).text


def test_47_with_one_the_last_hop_alone_counts(environment, tmp_path):
    app = create_app(load(environment | {"TRUSTED_PROXIES": "1"}))
    seen = []
    app.before_request(lambda: seen.append(__import__("flask").request.remote_addr))
    app.test_client().get("/connexion", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
    assert seen == ["203.0.113.9"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "a b", "x" * 500])
def test_10_a_forged_host_is_written_nowhere(app, host):
    answer = app.test_client().get("/oubli/mot-de-passe", headers={"Host": host})
    assert "evil.example" not in answer.text + str(answer.headers)


def ask(server, *parts: bytes, pause: float = 0, patience: float = 5) -> bytes:
    """Send raw bytes; return what comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        try:
            return connection.recv(65536)
        except (TimeoutError, ConnectionResetError):
            return b""


def test_48_both_lengths_smuggle_no_second_request(server):
    smuggled = b"0\r\n\r\nGET /confidentialite HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"POST /connexion HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(
        smuggled
    )
    answer = ask(server, head + smuggled)
    assert "Confidentialité</h1>".encode() not in answer
    assert requests.get(f"{server.url}/connexion", timeout=5).status_code == 200


@pytest.mark.parametrize(
    "broken",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"\0\0\0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
    ],
)
def test_48_what_is_no_request_is_refused_and_the_server_goes_on(server, broken):
    answer = ask(server, broken)
    assert not answer or answer.startswith(b"HTTP/1.1 4")
    assert requests.get(f"{server.url}/connexion", timeout=5).status_code == 200


SLOW = (
    b"POST /connexion HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nu"
)


def test_49_slow_clients_stop_nobody_else(server):
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]
    try:
        for one in slow:
            one.sendall(SLOW)
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(requests.get(f"{server.url}/connexion", timeout=10)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer.status_code for answer in answers] == [200] * 8
    finally:
        for one in slow:
            one.close()


def test_50_a_huge_body_is_refused_before_it_is_read(server):
    answer = requests.post(f"{server.url}/connexion", data={"username": "x" * 1_000_000}, timeout=10)
    assert answer.status_code == 413


def test_50_thousands_of_fields_are_refused(client):
    answer = client.post("/connexion", data={f"f{n}": "x" for n in range(5000)})
    assert answer.status_code in (413, 422)


def test_50_thousands_of_files_are_refused(client):
    body = (
        b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n for n in range(300)) + b"--b--"
    )
    answer = client.post("/connexion", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413


def test_50_a_bomb_is_not_unpacked(client):
    answer = client.post("/connexion", data=b"\x1f\x8b" + b"\0" * 1000, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 422
