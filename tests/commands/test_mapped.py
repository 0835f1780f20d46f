"""Another system's files, read by a mapping that is kept: five as the field writes them, shown first, then taken."""

import os
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest

from domain.imports import runs
from models import Invoice, Payment, Person, Registration, Reservation
from tests.commands.rows import card, everything
from tests.real_city import describe
from tests.server import BIN, ROOT

FILES = Path(__file__).parent / "other_systems"
PLACES = "place,name,kind\naréna,Aréna,ice\n"
ACTIVITIES = (
    "activity,title,starts_on,ends_on,weekdays,starts_at,ends_at,place,tax_code,category\n"
    "YOGA-A,Yoga,2026-09-07,2026-12-07,lun,09:00,10:00,aréna,exempt,activity\n"
)
BEFORE = {  # what a kind's file speaks of
    "cards": (),
    "invoices": ("cards",),
    "payments": ("cards", "invoices"),
    "registrations": ("cards", "places", "activities"),
    "reservations": ("cards", "places"),
}
TAKEN = {"cards": 3, "invoices": 2, "payments": 3, "registrations": 3, "reservations": 2}


@pytest.fixture
def taken(brings, flask):
    """Return what brings one of the five files in by its mapping."""

    def run(kind: str, *options: object):
        return flask("import", kind, FILES / f"{kind}.csv", "--map", FILES / f"{kind}.toml", *options)

    return run


@pytest.fixture
def world(brings, taken):
    """Return what brings in all that a kind's file speaks of."""

    def run(kind: str) -> None:
        for other in BEFORE[kind]:
            done = (
                brings(other, {"places": PLACES, "activities": ACTIVITIES}[other])
                if other not in BEFORE
                else taken(other)
            )
            assert done.exit_code == 0, done.output

    return run


@pytest.mark.parametrize("kind", BEFORE)
def test_it_is_shown_and_nothing_is_written_then_taken_whole_and_the_second_time_changes_nothing(world, taken, kind):
    world(kind)
    before = everything()
    shown = taken(kind, "--show")
    assert shown.exit_code == 0, shown.output
    assert f"Essai, rien n’est écrit : {TAKEN[kind]} créé(s)" in shown.output
    assert everything() == before
    assert f"{TAKEN[kind]} créé(s)" in taken(kind).output
    assert f"0 créé(s), 0 modifié(s), {TAKEN[kind]} inchangé(s)" in taken(kind).output


def test_cards_are_read_as_the_file_means_them(taken):
    output = taken("cards").output
    assert "1 ligne(s) sautée(s) : Statut « Annulé »" in output
    assert "3 créé(s), 0 modifié(s), 0 inchangé(s), 0 laissé(s) tel(s) quel(s), 1 sauté(s)" in output
    bedard, amours, lapierre = Person.select().order_by(Person.card_number)
    assert (bedard.card_number, bedard.last_name, bedard.first_name) == ("QMAGB00117618", "Bédard", "Nguyên")
    assert (bedard.birth_date, bedard.resident, bedard.city) == (date(2016, 3, 14), True, "Magog")
    assert (amours.birth_date, amours.resident, amours.email) == (date(1980, 4, 3), False, "zoe@example.com")
    assert (lapierre.first_name, lapierre.status) == ("Marc-André", Person.DECEASED)


def test_invoices_have_their_cents_their_rebate_and_no_total(world, taken):
    world("invoices")
    assert "1 ligne(s) sautée(s) : No facture «  »" in taken("invoices").output
    assert {one.number: one.issued_on for one in Invoice.select()} == {
        "2026-0412": date(2026, 11, 1),
        "2026-0413": date(2026, 11, 15),
    }
    camp = Invoice.get(Invoice.number == "2026-0412")
    assert [line.unit_price_cents for line in camp.lines] == [123_456, -5_000]


def test_payments_have_their_sign_turned_and_their_means(world, taken):
    world("payments")
    assert "3 créé(s)" in taken("payments").output
    paid = {one.reference: (one.amount_cents, one.method) for one in Payment.select()}
    assert (100_000, "card") in paid.values()
    assert (1_250, "cash") in paid.values()


def test_registrations_and_reservations_have_their_codes_days_and_hours(world, taken):
    world("registrations")
    taken("registrations")
    assert [(one.code, one.status) for one in Registration.select().order_by(Registration.code)] == [
        ("R-88", "confirmed"),
        ("R-89", "waiting"),
        ("R-90", "cancelled"),
    ]
    taken("reservations")
    assert str(Reservation.get(Reservation.code == "L-8").starts_at) == "2027-01-06 14:05:00"
    assert Reservation.get(Reservation.code == "L-7").household.code == "D-F1"


def test_what_is_shown_stands_beside_what_the_file_says_twenty_rows_and_no_more(flask, tmp_path):
    header, *rows = (FILES / "cards.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = [f"{number};Roy, Léa;31/02/2016;F1;2030-11-23;XX;Actif;;" for number in range(117_000, 117_030)]
    file = tmp_path / "clients.csv"
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    result = flask("import", "cards", file, "--map", FILES / "cards.toml", "--show")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert [line for line in lines if line.startswith("ligne ") and "," not in line] == [
        f"ligne {number}" for number in range(2, 22)
    ]
    read = [" ".join(line.split()) for line in lines]
    assert "card_number QMAGB00117000 ← No. client « 117000 »" in read
    assert "last_name Roy ← Nom, prénom « Roy, Léa »" in read
    assert "city Magog ← valeur fixe" in read
    assert "birth_date REFUSÉ ← Né le « 31/02/2016 » : « 31/02/2016 » ne se lit pas comme JJ/MM/AAAA" in read
    assert "ligne 2, Tarif (resident) : « XX » n’est pas dans les codes de la correspondance : R, NR" in read
    assert "rien dans le fichier pour : address, postal_code, phone, class, school, levels" in read
    assert "Rien n’a été écrit : 60 erreur(s) à corriger, dont 40 que --dry-run dit aussi." in read
    assert not Person.select().exists()


def test_without_a_mapping_it_is_shown_too(brings):
    output = " ".join(brings("cards", [card(household="=2+2", phone="a\nb\x1b[2J")], "--show").output.split())
    assert "last_name Trần ← last_name « Trần »" in output
    assert "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[2J" in output
    assert not Person.select().exists()


def test_what_the_database_refuses_names_the_files_own_column(taken, brings):
    brings("cards", [card()])
    output = taken("invoices").output
    assert "ligne 5, Famille (household) : le foyer D-F1 est inconnu" in output


def test_columns_that_nothing_takes_are_told_each_time(flask, tmp_path):
    mapping = tmp_path / "cards.toml"
    text = (FILES / "cards.toml").read_text(encoding="utf-8")
    mapping.write_text(text.replace('ignore = ["Solde"]', ""), encoding="utf-8")
    output = flask("import", "cards", FILES / "cards.csv", "--map", mapping).output
    assert "colonnes que rien ne prend : Solde" in output
    assert "3 créé(s)" in output


def test_rows_left_out_count_for_what_is_expected(taken):
    assert "4 ligne(s) au lieu de 3" in taken("cards", "--expect", 3).output
    assert taken("cards", "--expect", 4).exit_code == 0


def test_a_mapping_goes_with_no_file_that_is_taken_as_it_stands(taken):
    for option in ("--no-map", "--from-portal"):
        result = taken("cards", option)
        assert result.exit_code == 2
        assert "--map ne va ni avec" in result.output


@pytest.fixture
def remembering(tmp_path, environment):
    """The folder of the mappings that are remembered; to be asked for before the portal."""
    folder = tmp_path / "correspondances"
    folder.mkdir()
    city = Path(describe(tmp_path))
    before, section, after = city.read_text(encoding="utf-8").partition("[mappings]")
    city.write_text(before + section + after.replace('folder = ""', f'folder = "{folder}"', 1), encoding="utf-8")
    environment["CITY_FILE"] = str(city)
    return folder


def remember(folder: Path, kind: str, name: str = "") -> Path:
    file = folder / f"{name or kind}.toml"
    file.write_bytes((FILES / f"{kind}.toml").read_bytes())
    return file


def test_the_mapping_of_a_kind_is_remembered_and_named(remembering, flask):
    assert "il manque la colonne" in flask("import", "cards", FILES / "cards.csv").output
    kept = remember(remembering, "cards")
    output = flask("import", "cards", FILES / "cards.csv").output
    assert f"Correspondance : {kept}" in output
    assert "3 créé(s)" in output


def test_a_file_in_our_own_columns_is_taken_all_the_same(remembering, brings):
    remember(remembering, "cards")
    refused = brings("cards", [card()])
    assert refused.exit_code == 1
    assert "le fichier n’a pas de colonne « No. client »" in refused.output
    assert "1 créé(s)" in brings("cards", [card()], "--no-map").output


def test_two_systems_of_one_kind_have_a_mapping_each_by_the_files_name(remembering, flask, tmp_path):
    (remembering / "cards.toml").write_text("what", encoding="utf-8")
    remember(remembering, "cards", "cards-sport")
    for name, taken in (("cards-sport-2026-11-28", True), ("cards-sport", True), ("cards-sportif", False)):
        file = tmp_path / f"{name}.csv"
        file.write_bytes((FILES / "cards.csv").read_bytes())
        output = flask("import", "cards", file).output
        assert ("cards-sport.toml" in output) is taken, name
        assert ("la correspondance" in output) is not taken, name


def test_a_folder_that_is_not_there_stops_the_import_and_is_named(remembering, brings, flask):
    remembering.rmdir()
    result = brings("cards", [card()])
    assert result.exit_code == 1
    assert "le dossier des correspondances" in result.output
    assert not Person.select().exists()


def test_the_doctor_names_what_is_wrong_in_a_mapping(remembering, app, environment):
    def checked() -> str:
        shell = os.environ | environment
        return subprocess.run([BIN / "flask", "check"], cwd=ROOT, env=shell, capture_output=True, text=True).stdout

    remember(remembering, "cards")
    assert checked() == "Tout va bien.\n"
    (remembering / "cards.toml").write_text('[columns]\nnaissance = "Né le"\n', encoding="utf-8")
    (remembering / "clients.toml").write_text("", encoding="utf-8")
    words = checked()
    assert "cards.toml : naissance n’est pas une colonne" in words
    assert "cards.toml : household manque" in words
    assert "clients.toml : son nom doit commencer par sa sorte" in words


@pytest.fixture
def drops(app, environment, remembering, tmp_path):
    """Return what runs `flask drop` on a drop folder with this file in it; give its result's words."""
    folder = tmp_path / "depot"
    folder.mkdir()
    city = Path(environment["CITY_FILE"])
    city.write_text(
        city.read_text(encoding="utf-8").replace('folder = ""', f'folder = "{folder}"', 1), encoding="utf-8"
    )

    def run(name: str, content: bytes) -> str:
        (folder / name).write_bytes(content)
        shell = os.environ | environment
        subprocess.run([BIN / "flask", "drop"], cwd=ROOT, env=shell, check=True, capture_output=True)
        [result] = folder.glob(f"*/*-{name}.txt")
        return result.read_text(encoding="utf-8")

    return run


def test_the_nights_files_pass_through_it(remembering, drops):
    remember(remembering, "cards", "cards-sport")
    words = drops("cards-sport-2026-11-28.csv", (FILES / "cards.csv").read_bytes())
    assert words.startswith("Pris\nCorrespondance : ")
    assert "1 ligne(s) sautée(s)" in words
    assert Person.select().count() == 3


def test_a_night_with_a_code_that_nobody_knows_is_refused_and_told(remembering, drops):
    remember(remembering, "cards")
    words = drops("cards.csv", (FILES / "cards.csv").read_bytes().replace(b";NR;", b";ZZ;"))
    assert words.startswith("Refusé\n")
    assert "ligne 3, Tarif (resident) : « ZZ » n’est pas dans les codes" in words
    assert not Person.select().exists()


def test_cut_it_is_finished_as_it_was_accepted_whatever_the_mapping_has_become(
    remembering, app, environment, flask, tmp_path
):
    flask("import", "cards", FILES / "cards.csv", "--map", FILES / "cards.toml")
    mapping = remember(remembering, "invoices")
    titles, rows = (FILES / "invoices.csv").read_text(encoding="cp1252").split("2026-0412", 1)
    row = f"2026-0412{rows}".splitlines()[0]
    many = titles + "\n".join(row.replace("2026-0412", f"2026-{number}") for number in range(3_000))
    (tmp_path / "invoices.csv").write_text(many, encoding="utf-8")
    words = [BIN / "flask", "import", "invoices", tmp_path / "invoices.csv"]
    with subprocess.Popen(words, cwd=ROOT, env=os.environ | environment, stderr=subprocess.DEVNULL) as process:
        while not Invoice.select().exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert 0 < Invoice.select().count() < 3_000
    mapping.write_text("", encoding="utf-8")
    assert "terminé d’abord" in flask("import", "cards", FILES / "cards.csv", "--map", FILES / "cards.toml").output
    assert Invoice.select().count() == 3_000
    assert runs.cut() == []
