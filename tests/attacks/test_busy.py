"""Attack 70: passwords tried by many at once, until no thread is left to serve a page."""

from threading import Barrier, Thread

import pytest

from domain.access import credentials
from domain.access.credentials import TooBusy, hash_password

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


def test_who_cannot_be_served_is_told_when_to_come_back(citizen):
    citizen.joins()
    citizen.signs_out()
    with credentials.hashing():
        answer = citizen.signs_in()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "Réessayez dans un instant" in answer.text
    assert citizen.signs_in().status_code == 303
