"""One town for a file of tests: its server and simulator are real processes."""

from collections.abc import Iterator

import pytest

from tests.faults.town import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town, its server not started."""
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.close()
