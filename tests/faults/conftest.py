"""One town for a file of tests: its server and simulator are real processes."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.faults.in_two import Two
from tests.faults.town import Town


@pytest.fixture(scope="module")
def town(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town, its server not started."""
    folder = tmp_path_factory.mktemp("town")
    town = Town(folder, databases.copy(folder, "town"))
    yield town
    town.close()
    databases.forget(folder)


@pytest.fixture(scope="module")
def two() -> Iterator[Two]:
    """Two processes."""
    both = Two()
    yield both
    both.close()
