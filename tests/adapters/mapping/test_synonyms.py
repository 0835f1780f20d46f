"""What other systems call our columns: each name once in a kind, and each code something that its column takes."""

from collections import Counter
from pathlib import Path

import pytest

from adapters.mapping import synonyms
from adapters.mapping.synonyms import bare, known
from city import load_city
from commands.import_kinds import KINDS

CITY = load_city(Path("city.toml"))
COLUMNS = {kind: columns(CITY) for kind, (columns, *_rest) in KINDS.items()}
ALL = [column for columns in COLUMNS.values() for column in columns]


@pytest.mark.parametrize("kind", COLUMNS)
def test_no_name_means_two_columns_of_a_kind(kind):
    columns = COLUMNS[kind]
    names = Counter(name for column in columns for name in known(column.name, is_key=column is columns[0]))
    assert not [name for name, times in names.items() if times > 1]


@pytest.mark.parametrize("named", [synonyms.COLUMNS, synonyms.KEYS, synonyms.CODES])
def test_nothing_is_said_of_a_column_that_no_kind_has(named):
    assert set(named) <= {column.name for column in ALL}


@pytest.mark.parametrize("target", [*synonyms.COLUMNS, *synonyms.KEYS])
def test_names_stand_as_they_are_compared(target):
    for name in known(target, is_key=True):
        assert bare(name) == name


@pytest.mark.parametrize("target", synonyms.CODES)
def test_each_code_is_one_that_its_column_takes_in_some_kind(target):
    for code, ours in synonyms.CODES[target].items():
        assert bare(code) == code or (bare(code), code) == ("no", "non")
        assert any(_takes(column, ours) for column in ALL if column.name == target), (target, code)


def _takes(column, text: str) -> bool:
    try:
        column.read(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "name",
    ["No. client", "N° de client", "NO CLIENT", "Numéro du client", "# client", "№ client", "Nº client", "no_client"],
)
def test_a_name_is_known_however_it_is_written(name):
    assert bare(name) in known("card_number", is_key=True)
    assert bare(name) not in known("card_number", is_key=False)
