"""Attack 71: what others set in a resident's browser, such as a cookie of the city's site with an accent in it.

On the real server: it is the server that reads headers.
"""

import http.client
import socket

import pytest
import requests

from domain.access.credentials import hash_password
from tests.factories import make_account, make_household, make_person
from tests.server import serving
from tests.walker import PASSWORD

OTHERS = {
    "latin-1": "café=é".encode("latin-1"),
    "utf-8": "café=é".encode(),
    "neither": b"x=\xff\xfe\x80",
    "quoted": b'a="b; c',
    "empty": b"; =; ",
}


@pytest.fixture(scope="module")
def served(databases, tmp_path_factory):
    """A server with a resident, whom its own sign-in page let in: the address and her cookie."""
    import models

    folder = tmp_path_factory.mktemp("served")
    url = databases.copy(folder, "served")
    models.open_database(url).connect()
    make_account(make_person(make_household()), "genevieve", password_hash=hash_password(PASSWORD))
    models.database.close()
    environment = {"DATABASE_URL": url, "MAIL_URL": f"file:{folder}/outbox", "CAPTCHA": "none"}
    with serving(environment) as server:
        visitor = requests.Session()
        page = visitor.get(f"{server.url}/connexion", timeout=10).text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        form = {"csrf_token": token, "username": "genevieve", "password": PASSWORD}
        assert visitor.post(f"{server.url}/connexion", data=form, allow_redirects=False, timeout=10).status_code == 303
        yield server, visitor.cookies["portail"].encode()
    databases.forget(folder)


def ask(server, headers: dict[bytes, bytes]) -> int:
    """Ask for Mon dossier with these very bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("GET", "/mon-dossier")
    for name, value in headers.items():
        connection.putheader(name.decode(), value)
    connection.endheaders()
    return answered(connection)


def answered(connection: http.client.HTTPConnection) -> int:
    """Return the status of what was asked."""
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_who_is_signed_in_is_let_in_and_nobody_else(served):
    server, cookie = served
    assert ask(server, {b"Cookie": b"portail=" + cookie}) == 200
    assert ask(server, {b"Cookie": b"portail=x"}) == 303


@pytest.mark.parametrize("order", ["before", "after", "apart"])
@pytest.mark.parametrize("others", OTHERS)
def test_our_session_counts_whatever_other_cookies_hold(served, others, order):
    server, cookie = served
    ours, theirs = b"portail=" + cookie, OTHERS[others]
    both = {"before": theirs + b"; " + ours, "after": ours + b"; " + theirs, "apart": ours}[order]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("GET", "/mon-dossier")
    if order == "apart":
        connection.putheader("Cookie", theirs)
    connection.putheader("Cookie", both)
    connection.endheaders()
    assert answered(connection) == 200


@pytest.mark.parametrize("others", OTHERS)
@pytest.mark.parametrize(
    "name", ["User-Agent", "Referer", "Accept-Language", "X-Forwarded-For", "If-None-Match", "Range", "HX-Request"]
)
def test_no_header_of_a_strangers_making_breaks_a_page(served, name, others):
    server, cookie = served
    assert ask(server, {b"Cookie": b"portail=" + cookie, name.encode(): OTHERS[others]}) == 200


def test_a_header_that_looks_like_another_counts_for_nothing(served):
    server, cookie = served
    assert ask(server, {b"Cookie": b"portail=x", b"Cookie_": b"portail=" + cookie}) == 303


@pytest.mark.parametrize(
    "target", [b"/caf\xe9", b"/caf%E9", b"/caf\xc3\xa9", b"/?q=\xe9", b"/?q=%E9", b"/connexion?suite=%FF"]
)
def test_no_address_of_a_strangers_making_breaks_the_portal(served, target):
    server, cookie = served
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nCookie: portail=" + cookie + b"\r\n\r\n")
        assert connection.recv(12)[9:] in (b"200", b"303", b"400", b"404")
    assert ask(server, {b"Cookie": b"portail=" + cookie}) == 200
