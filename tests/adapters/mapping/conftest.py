"""What tests of mappings may ask for: a file and its mapping, read as a kind of a few columns of every sort."""

from collections.abc import Callable

import pytest

from adapters import cells, csv_files
from adapters.csv_files import Column
from adapters.mapping import reading, rules
from views.messages.imports import problem

COLUMNS = [
    Column("card_number", csv_files.text(20), sort=csv_files.KEY),
    Column("name", csv_files.text(40)),
    Column("born", csv_files.day, required=False, default=None),
    Column("resident", csv_files.flag, required=False, default=True),
    Column("class", cells.spared("member"), required=False, field="price_class"),
    Column("price", csv_files.cents, required=False, default=0),
]
BOTH = 'card_number = "No"\nname = "Nom"\n'


@pytest.fixture
def loads(tmp_path) -> Callable[[str | bytes], rules.Mapping]:
    """Return what reads a mapping's text."""

    def run(text: str | bytes) -> rules.Mapping:
        file = tmp_path / "kind.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return rules.load(file, COLUMNS)

    return run


@pytest.fixture
def reads(tmp_path, loads) -> Callable[[str, str], tuple]:
    """Return what reads a file by a mapping: by line its values, what is wrong in words, and the file."""

    def run(mapping: str, text: str) -> tuple[dict[int, dict], list[str], reading.Opened]:
        file = tmp_path / "kind.csv"
        file.write_text(text, encoding="utf-8", newline="")
        found, opened = reading.read(file, COLUMNS, loads(mapping))
        return {row.line: row.values for row in found.rows}, [problem(one) for one in found.rejected], opened

    return run
