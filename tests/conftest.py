"""What every test may ask for: a fresh real database, the city, and a balanced ledger afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import Database

import models
from commands import schema
from domain import ledger
from settings import City, load_city


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A new SQLite file with every table and guard, the models bound to it; the ledger must balance at the end."""
    opened = models.open_database(f"sqlite:///{tmp_path}/test.db")
    schema.upgrade()
    opened.connect(reuse_if_open=True)
    yield opened
    assert ledger.imbalance_cents() == 0
    opened.close()
    opened.close_all()


@pytest.fixture(scope="session")
def city() -> City:
    """The city as shipped."""
    return load_city(Path("city.toml"))
