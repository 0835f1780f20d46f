"""The drop folder: each file once, whole, in the order of kinds; refused when it is short; nothing lost when cut."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters import drop_folder
from commands.worker.leases import lock_for
from models import Counter, ImportRun, Invoice, Message, Person, Place
from tests.commands.rows import card, line, table
from tests.real_city import describe
from tests.server import BIN, ROOT

PLACES = "place,name,kind\nP1,Aréna,ice\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "depot"
    made.mkdir()
    return made


@pytest.fixture
def starts(app, environment, tmp_path, folder) -> Callable[[], subprocess.Popen]:
    """Return what begins `flask drop`, as the unit does."""
    city = Path(describe(tmp_path))
    text = city.read_text(encoding="utf-8").replace('folder = ""', f'folder = "{folder}"', 1)
    assert str(folder) in text
    city.write_text(text, encoding="utf-8")
    shell = os.environ | environment | {"CITY_FILE": str(city)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return lambda: subprocess.Popen([BIN / "flask", "drop"], cwd=ROOT, env=shell, start_new_session=True, **pipes)


@pytest.fixture
def drops(starts) -> Callable[[], str]:
    """Return what runs `flask drop` to its end."""

    def run() -> str:
        process = starts()
        out, err = process.communicate()
        assert process.returncode == 0, err
        return out

    return run


def put(folder: Path, name: str, text: str) -> None:
    """Write as the other system must: under another name, then renamed."""
    new = folder / f"{name}.part"
    new.write_text(text, encoding="utf-8")
    new.rename(folder / name)


def names(folder: Path, part: str) -> list[str]:
    return sorted(drop_folder.name_of(one) for one in (folder / part).iterdir())


def test_files_are_taken_in_the_order_of_their_kinds_and_put_away_with_their_results(drops, folder):
    put(folder, "invoices-2026-11-28.csv", table([line(card_number="QMAGB00000001")]))
    put(folder, "cards.csv", table([card()]))
    drops()
    assert (Person.select().count(), Invoice.select().count()) == (1, 1)
    assert [run.kind for run in ImportRun.select().order_by(ImportRun.id)] == ["cards", "invoices"]
    both = ["cards.csv", "invoices-2026-11-28.csv"]
    assert names(folder, "pris") == sorted([*both, *(f"{name}.txt" for name in both)])
    assert names(folder, "refuses") == names(folder, "en-cours") == []
    letter = Message.get()
    assert letter.recipient == "informatique@ville.qc.ca"
    assert letter.body.index("cards.csv\u00a0: pris") < letter.body.index("invoices-2026-11-28.csv\u00a0: pris")
    assert letter.body.count("1 créé(s)") == 2
    drops()
    assert Message.select().count() == 1, "nothing came, nothing is told"


def test_what_is_not_renamed_yet_is_left_to_its_writer(drops, folder):
    for name in ("cards.csv.part", ".cards.csv", "cards.tmp"):
        (folder / name).write_text(table([card()]), encoding="utf-8")
    (folder / "places.csv").symlink_to(folder / "cards.tmp")
    drops()
    assert not Person.select().exists()
    assert len([one for one in folder.iterdir() if not one.is_dir()]) == 4
    assert not Message.select().exists()


def test_a_file_shorter_than_the_last_is_refused_and_nothing_of_it_is_written(drops, folder):
    put(folder, "cards.csv", table([card(n) for n in range(1, 21)]))
    drops()
    put(folder, "cards.csv", table([card(n, last_name="Roy") for n in range(1, 11)]))
    drops()
    assert {person.last_name for person in Person.select()} == {"Trần"}
    assert names(folder, "refuses") == ["cards.csv", "cards.csv.txt"]
    letter = Message.select().order_by(Message.id.desc()).get()
    assert "1 fichier(s) refusé(s)" in letter.subject
    assert "10 ligne(s), mais 20 au dernier import" in letter.body
    assert Counter.kept("rows of cards") == 20
    assert "--sure" in letter.body


def test_wrong_rows_are_told_beside_the_file_and_not_by_mail(drops, folder):
    put(folder, "cards.csv", table([card(birth_date="hier")]))
    put(folder, "unknown.csv", PLACES)
    put(folder, "places.csv", PLACES)
    drops()
    assert names(folder, "pris") == ["places.csv", "places.csv.txt"], "what follows is taken"
    assert names(folder, "refuses") == ["cards.csv", "cards.csv.txt", "unknown.csv", "unknown.csv.txt"]
    [result] = (folder / "refuses").glob("*-cards.csv.txt")
    assert "birth_date" in result.read_text()
    assert result.stat().st_mode & 0o077 == 0
    body = Message.get().body
    assert "1 erreur(s) à corriger" in body
    assert "birth_date" not in body
    assert "unknown.csv\u00a0: REFUSÉ" in body


@pytest.mark.parametrize("killed", ["all of it", "the import alone"])
def test_killed_in_the_middle_the_next_run_goes_on_and_takes_nothing_twice(starts, drops, folder, killed):
    put(folder, "cards.csv", table([card()]))
    put(folder, "invoices.csv", table([line(f"F{n}") for n in range(3_000)]))
    process = starts()
    while not Invoice.select().exists():
        assert process.poll() is None
        time.sleep(0.01)
    if killed == "all of it":
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    else:
        [child] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        os.kill(int(child), signal.SIGKILL)
        assert "l’import de invoices.csv a échoué" in process.communicate()[1]
        assert process.returncode == 1
    assert 0 < Invoice.select().count() < 3_000
    assert names(folder, "en-cours") == ["cards.csv", "cards.csv.txt", "invoices.csv"]
    assert not Message.select().exists()
    drops()
    assert Invoice.select().count() == 3_000
    assert [run.kind for run in ImportRun.select().order_by(ImportRun.id)] == ["cards", "invoices"]
    assert names(folder, "en-cours") == []
    assert "cards.csv\u00a0: pris" in Message.get().body


def test_cut_before_it_is_put_away_it_is_not_imported_again(drops, folder):
    """What is known of a file is beside it: its import is over, whatever else was cut."""
    drops()
    file = folder / "en-cours" / "20261128-020000-000-places.csv"
    file.write_text(PLACES, encoding="utf-8")
    drop_folder.note(file, True, "1 créé(s)")
    drops()
    assert not Place.select().exists()
    assert names(folder, "pris") == ["places.csv", "places.csv.txt"]
    assert Message.select().count() == 1


def test_one_at_a_time(app, drops, folder):
    lock = lock_for(app.extensions["portal"].settings, "drop-lock")
    assert lock.acquire()
    put(folder, "places.csv", PLACES)
    assert "une autre relève est en cours" in drops()
    assert (folder / "places.csv").exists()
    lock.release()
    drops()
    assert Place.select().count() == 1


def test_what_was_taken_a_month_ago_is_erased(drops, folder):
    put(folder, "places.csv", PLACES)
    drops()
    old = folder / "pris" / "20200101-000000-000-cards.csv"
    old.write_text("", encoding="utf-8")
    drops()
    assert not old.exists()
    assert names(folder, "pris") == ["places.csv", "places.csv.txt"]


def test_without_a_folder_it_says_so_and_with_one_that_is_gone_it_fails(flask, starts, folder):
    assert "[nightly_files] folder" in flask("drop").output
    folder.rmdir()
    process = starts()
    assert "n’existe pas" in process.communicate()[1]
    assert process.returncode == 1
