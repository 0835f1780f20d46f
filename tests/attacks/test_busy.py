"""Attack 70: passwords tried by many at once, until no thread is left to serve a page."""

from threading import Barrier, Thread

import pytest
from peewee import OperationalError

from domain.access import credentials
from domain.access.credentials import TooBusy, hash_password
from models import write
from tests.walker import PASSWORD

CLIENTS = 12


@pytest.mark.usefixtures("strong_hashes")
def test_one_hashes_one_waits_and_the_others_are_told_at_once(app):
    told, start = [], Barrier(CLIENTS)

    def try_one() -> None:
        start.wait()
        try:
            hash_password("chaloupe violette 27")
        except TooBusy:
            told.append("busy")
        else:
            told.append("hashed")

    threads = [Thread(target=try_one) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(told) == {"busy", "hashed"}


def test_a_password_is_hashed_alone_and_one_waits(app):
    """The first holds the door, the second stands before it; the third would take the last thread, and is sent away."""
    hashed = []
    with credentials.hashing():
        second = Thread(target=lambda: hashed.append(hash_password("chaloupe violette 27")))
        second.start()
        while second.is_alive() and credentials._at_the_door.acquire(blocking=False):  # until it stands there
            credentials._at_the_door.release()
        with pytest.raises(TooBusy):
            hash_password("chaloupe violette 27")
        assert not hashed
    second.join()
    assert hashed


def test_nobody_hashes_within_a_transaction(app):
    """Whoever waits at that door within one would keep every other writer waiting there too."""
    for hashes in (credentials.hashing, credentials.in_turn):
        with write(), pytest.raises(OperationalError), hashes():
            pytest.fail("it was let in")


def test_what_was_typed_goes_back_to_its_form_but_secrets(citizen):
    citizen.joins()
    typed = {"current": PASSWORD, "email": "autre@example.ca"}
    with credentials.hashing():
        answer = citizen.post("/mon-dossier/acces/courriel", **typed)
    assert answer.status_code == 503
    assert PASSWORD not in answer.text
    assert 'name="email" value="autre@example.ca"' in answer.text
    assert citizen.post("/mon-dossier/acces/courriel", email="autre@example.ca").status_code == 422
