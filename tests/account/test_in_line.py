"""A sign-in that finds the door busy: its place is kept, and the page comes back by itself."""

import re
from time import monotonic, sleep

import pytest

from domain.access import credentials, sign_in_line
from models import Account, Session
from tests.walker import PASSWORD

LINE = re.compile(r'<meta http-equiv="refresh" content="(\d+); url=([^"]+)">')


@pytest.fixture
def left(citizen):
    citizen.joins()
    citizen.signs_out()
    return citizen


def comes_back(citizen, answer):
    """Do what the page does by itself, until it is no more the page of the line."""
    path = LINE.search(answer.text)[2].replace("&amp;", "&")

    last = monotonic() + 20
    while (found := citizen.client.get(path)).status_code == 503 and monotonic() < last:
        sleep(0.02)
    return found


def test_nothing_is_typed_again_and_the_password_stands_on_no_page(left):
    with credentials.hashing():
        answer = left.signs_in()
        assert answer.status_code == 503
        seconds = LINE.search(answer.text.partition("</head>")[0])[1]
        assert answer.headers["Retry-After"] == seconds
        assert 2 <= int(seconds) <= 4
        assert PASSWORD not in answer.text
        assert "Votre place est gardée" in answer.text
        assert left.client.get(LINE.search(answer.text)[2]).status_code == 503
    answer = comes_back(left, answer)
    assert (answer.status_code, answer.location) == (303, "/mon-dossier")
    assert left.client.get("/mon-dossier").status_code == 200


def test_it_leads_where_the_sign_in_would_have(left):
    with credentials.hashing():
        answer = left.signs_in(suite="/panier")
    assert comes_back(left, answer).location == "/panier"


def test_a_wrong_password_is_told_and_counted_as_at_the_door(left):
    with credentials.hashing():
        answer = left.post("/connexion", username="genevieve", password="pas le bon du tout")
    answer = comes_back(left, answer)
    assert answer.status_code == 422
    assert "ne vont pas ensemble" in answer.text
    assert 'value="genevieve"' in answer.text
    assert not Session.select().exists()


def test_a_password_changed_while_it_waited_opens_nothing(left):
    with credentials.hashing():
        answer = left.signs_in()
        ticket = LINE.search(answer.text)[2]
        line = next(iter(sign_in_line._waiting))
    last = monotonic() + 20
    while line in sign_in_line._waiting and monotonic() < last:
        sleep(0.02)
    Account.update(password_hash=credentials.hash_password("érable patient 81")).execute()
    assert left.client.get(ticket).status_code == 422
    assert not Session.select().exists()


def test_who_has_no_ticket_is_sent_to_the_way_in(client):
    assert client.get("/connexion/attente").location.startswith("/connexion")
