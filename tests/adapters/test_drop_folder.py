"""What the drop folder makes of names."""

import os
from pathlib import Path

import pytest

from adapters import drop_folder

KNOWN = ("cards", "invoices")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("cards.csv", "cards"), ("cards-2026-11-28.csv", "cards"), ("invoices_2.csv", "invoices"), ("cardsold.csv", "")],
)
def test_a_name_begins_with_its_kind(name, kind):
    assert drop_folder.kind_of(Path(f"20261128-020000-000-{name}"), KNOWN) == kind


def test_files_stand_in_the_order_of_kinds_then_as_they_came(tmp_path):
    folder = drop_folder.DropFolder(tmp_path)
    for name in ("other.csv", "invoices.csv", "cards-b.xlsx", "cards-a.csv", "notes.txt"):
        (tmp_path / name).touch()
        folder.claim("20261128-020000")  # one after the other, and at once: the same second
        for one in (tmp_path / "en-cours").glob(f"*-{name}"):
            one.rename(one.with_name(one.name.replace("-000-", f"-{len(list(one.parent.iterdir())):03}-")))
    names = [drop_folder.name_of(one) for one in folder.under_way(KNOWN)]
    assert names == ["cards-b.xlsx", "cards-a.csv", "invoices.csv", "other.csv"]
    assert (tmp_path / "notes.txt").exists()


def test_a_run_cut_between_a_file_and_its_result_puts_them_together(tmp_path):
    folder = drop_folder.DropFolder(tmp_path)
    (tmp_path / "cards.csv").touch()
    folder.claim("20261128-020000")
    [file] = folder.under_way(KNOWN)
    drop_folder.note(file, True, "1 créé(s)")
    file.rename(tmp_path / "pris" / file.name)
    folder.settle_cut()
    assert sorted(one.name for one in (tmp_path / "pris").iterdir()) == [file.name, f"{file.name}.txt"]
    assert not list((tmp_path / "en-cours").iterdir())


def test_a_result_is_known_once_it_is_whole(tmp_path):
    file = tmp_path / "20261128-020000-000-cards.csv"
    file.touch()
    assert drop_folder.result_of(file) is None
    drop_folder.note(file, False, "trop court\nrien n’a été écrit")
    assert drop_folder.result_of(file) == (False, "trop court\nrien n’a été écrit")


@pytest.mark.parametrize("name", ["en-cours", "pris", "refuses"])
def test_a_folder_that_whoever_drops_files_put_in_the_place_of_ours_is_neither_read_nor_written(tmp_path, name):
    """She may write beside ours, not in them: a link has us read, or write over, what is the portal's alone."""
    theirs, folder = tmp_path / "elsewhere", tmp_path / "depot"
    theirs.mkdir()
    folder.mkdir()
    (folder / name).symlink_to(theirs)
    (folder / "cards.csv").touch()
    with pytest.raises(drop_folder.NotOurs, match=name):
        drop_folder.DropFolder(folder).claim("20261128-020000")
    assert (folder / "cards.csv").exists()
    assert not list(theirs.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder away")
def test_a_folder_of_another_account_is_not_ours(tmp_path):
    (tmp_path / "en-cours").mkdir()
    os.chown(tmp_path / "en-cours", 65534, -1)
    with pytest.raises(drop_folder.NotOurs):
        drop_folder.DropFolder(tmp_path).claim("20261128-020000")


def test_a_link_among_the_files_in_hand_is_not_read(tmp_path):
    folder = drop_folder.DropFolder(tmp_path)
    folder.claim("20261128-020000")
    (tmp_path / "secret").touch()
    (tmp_path / "en-cours" / "20261128-020000-000-cards.csv").symlink_to(tmp_path / "secret")
    assert not folder.under_way(KNOWN)
