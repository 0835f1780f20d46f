"""What the drop folder makes of names."""

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
