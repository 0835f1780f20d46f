"""Documents' numbers: one after the other, none twice, not even once a backup is restored."""

from datetime import datetime
from threading import Barrier, Thread

import pytest

import models
from domain.common import numbering
from models import Counter, database, write

pytestmark = pytest.mark.usefixtures("db")


def take(times: int = 1, letter: str = "R", document: str = "receipt") -> list[str]:
    return [numbering.take(letter, document) for _ in range(times)]


def test_numbers_follow_each_other():
    assert take(3) == ["R000001", "R000002", "R000003"]


def test_each_kind_of_document_counts_by_itself():
    take(2)
    assert take(letter="N", document="credit note") == ["N000001"]
    assert take() == ["R000003"]


def test_a_document_undone_leaves_no_gap():
    take()
    with database.atomic() as transaction:
        take()
        transaction.rollback()
    assert take() == ["R000002"]


def test_a_number_longer_than_six_digits_stays_whole():
    Counter.keep("receipt", 999_999)
    assert take() == ["R1000000"]


def test_a_new_series_bears_its_minute_and_begins_again():
    take(2)
    numbering.begin_series(datetime(2026, 11, 23, 14, 5, 59))
    assert take(2) == ["R2611231405-0001", "R2611231405-0002"]
    assert take(letter="N", document="credit note") == ["N2611231405-0001"]


def test_the_numbers_forgotten_by_a_restore_are_never_given_again():
    before = take(3)
    Counter.delete().execute()  # the backup is older than every number
    numbering.begin_series(datetime(2026, 11, 23, 14, 5))
    after = take(3)
    Counter.delete().execute()
    numbering.begin_series(datetime(2026, 11, 23, 14, 6))
    assert len({*before, *after, *take(3)}) == 9


def test_two_at_the_same_moment_get_two_numbers():
    given, together = [], Barrier(2)

    def make_documents() -> None:
        together.wait()
        for _ in range(10):
            with write():
                given.extend(take())
        models.database.close()

    threads = [Thread(target=make_documents) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [f"R{number:06}" for number in range(1, 21)]
