"""Files under way are kept whole, for their owner's eyes alone, until they have served."""

from pathlib import Path

import pytest

from adapters import kept_files


def test_a_copy_is_whole_its_owners_alone_and_beside(tmp_path):
    file = tmp_path / "cards.csv"
    file.write_bytes(b"carte;\xe9\0\r\n" * 5_000)
    beside = tmp_path / "db" / "portal.db.import-lock"
    beside.parent.mkdir()
    kept = Path(kept_files.keep(file, beside))
    assert kept.read_bytes() == file.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (kept.parent, kept.is_absolute()) == (beside.parent, True)
    assert Path(kept_files.keep(file, beside)) != kept


def test_all_are_erased_but_those_under_way_and_nothing_else(tmp_path):
    beside = tmp_path / "portal.db.import-lock"
    for name in ("portal.db", "portal.db.import-lock", "portal.db.worker-lock", "cards.csv"):
        (tmp_path / name).write_text(name)
    done, under_way = (kept_files.keep(tmp_path / "cards.csv", beside) for _ in range(2))
    kept_files.erase(beside, all_but={under_way})
    names = {"portal.db", "portal.db.import-lock", "portal.db.worker-lock", "cards.csv", Path(under_way).name}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert not Path(done).exists()


def test_a_mapping_is_kept_with_its_file_as_it_was_and_goes_with_it(tmp_path):
    file, mapping, beside = tmp_path / "cards.csv", tmp_path / "cards.toml", tmp_path / "lock"
    file.write_text("No;Nom")
    mapping.write_text("[columns]")
    first, alone = kept_files.keep(file, beside, mapping), kept_files.keep(file, beside)
    mapping.write_text("other")
    kept = kept_files.mapping_of(first)
    assert kept_files.mapping_of(alone) is None
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == ("[columns]", 0o600)
    kept_files.erase(beside, all_but={first, alone})
    assert kept.exists()
    kept_files.erase(beside, all_but={alone})
    assert {path.name for path in tmp_path.iterdir()} == {"cards.csv", "cards.toml", Path(alone).name}


def test_a_file_that_cannot_be_read_leaves_no_copy(tmp_path):
    with pytest.raises(IsADirectoryError):
        kept_files.keep(tmp_path, tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []
