"""Who writes waits for the others, and not for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from peewee import OperationalError

from models import connected, write


def test_behind_a_writer_that_does_not_end_one_is_told(app):
    begun, end = Event(), Event()

    def go_on_writing() -> None:
        with connected(), write():
            begun.set()
            assert end.wait(60)

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(go_on_writing)
        assert begun.wait(60)
        try:
            with pytest.raises(OperationalError), write():
                pass
            assert not other.done(), "it was told only once the other had ended"
        finally:
            end.set()
        other.result()
    with write():
        pass  # the lock of who gave up is nobody's


def test_no_index_is_the_beginning_of_another(db):
    """Each costs at every write; one over some rows alone (WHERE), or over what is computed, is another thing."""
    for table in db.get_tables():
        whole = [one for one in db.get_indexes(table) if "WHERE" not in (one.sql or "").upper() and all(one.columns)]
        for one in whole:
            longer = [two.name for two in whole if two is not one and two.columns[: len(one.columns)] == one.columns]
            assert one.unique or not longer, (one.name, longer)
