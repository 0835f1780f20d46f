"""What the treasury exports: named .xlsx, a workbook in French; named .csv, what machines read, to the letter."""

import csv
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from domain.common import clock
from domain.payments import deposits
from domain.taxes import rl24, tax_content
from tests.factories import make_household, make_invoice, pay_elsewhere
from views.messages import worksheets


@pytest.fixture
def environment(environment, simulator):
    return environment | {"SIMULATOR_URL": simulator.url}


@pytest.fixture
def exports(app, tmp_path: Path):
    """Return what runs an export into a workbook and reads it: its headings, and its rows by them."""

    def run(*words: str) -> list[dict[str, object]]:
        file = tmp_path / "fichier.xlsx"
        before, after = words[:2], words[2:]
        done = app.test_cli_runner().invoke(args=["export", *before, str(file), *after])
        assert done.exit_code == 0, done.output
        assert file.stat().st_mode & 0o777 == 0o600
        assert not list(tmp_path.glob(".*"))
        header, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        return [dict(zip(header, row, strict=True)) for row in rows]

    return run


def test_payments_between_two_days(app, tmp_path):
    pay_elsewhere((make_invoice(make_household()), 10_000))
    day = clock.today().isoformat()
    for name in ("paiements.xlsx", "paiements.csv"):
        words = ["export", "payments", str(tmp_path / name), "--from", day, "--to", day]
        assert app.test_cli_runner().invoke(args=words).exit_code == 0
    header, *rows = CalamineWorkbook.from_path(tmp_path / "paiements.xlsx").get_sheet_by_index(0).to_python()
    assert header[:4] == ["Paiement", "Sorte", "Date", "Facture"]
    assert sum(row[7] for row in rows) == 100
    with (tmp_path / "paiements.csv").open(encoding="utf-8-sig") as file:
        assert "amount_cents" in next(csv.reader(file))


def test_what_braintree_deposits(citizen, paying, simulator, app, exports):
    citizen.joins()
    citizen.pays(make_invoice(citizen.household, 10_050))
    paying()
    simulator.ask("POST", "settle-all")
    today = clock.today()
    [row] = exports("settlements", today.isoformat())
    assert (row["Débits"], row["Débité ($)"], row["Remboursé ($)"], row["Dépôt ($)"]) == (1, 100.5, 0, 100.5)
    assert row["Réglé le"] == today


ROW = [
    "A", "QMAGB1", "Roy", "Anne", "1, rue A", "Magog", "J1X 1A1", "QMAGB2", "Roy", "Léo", date(2019, 5, 1), 12,
    date(2025, 7, 1), date(2025, 8, 1), "Camp", "100.50", "G2", "G1", "", "1", "payer address",
]  # fmt: skip


def test_a_relevé_24_in_words():
    header, rows = worksheets.rl24_table([ROW])
    said = dict(zip(header, next(rows), strict=True))
    assert (said["Code du relevé"], said["Année incomplète"]) == ("A (modifié)", "oui")
    assert said["À compléter"] == "qui a payé, l’adresse"
    assert str(said["Payé ($)"]) == "100.50"
    assert said["Naissance de l’enfant"] == date(2019, 5, 1)


def test_each_column_has_a_heading():
    assert tuple(worksheets.RL24_HEADINGS) == rl24.HEADER
    assert set(deposits.HEADER) - set(worksheets.DEPOSIT_HEADINGS) == {"deposit_cents"}


def test_the_worksheet_of_an_empty_year_has_its_headings(exports):
    assert exports("rl24", "2020") == []


def test_a_kind_that_is_imported_again_is_no_workbook(app, tmp_path):
    done = app.test_cli_runner().invoke(args=["export", "cards", str(tmp_path / "cartes.xlsx")])
    assert done.exit_code == 1
    assert "nom en .csv" in done.output
    assert not list(tmp_path.glob("cartes*"))


def test_whatever_a_row_may_lack_has_its_words(app):
    lacking = [rl24.NO_PAYER, rl24.AGE, *tax_content.GAPS]
    row = ["R"] + ["0.00" if name == "amount_paid" else "" for name in rl24.HEADER[1:-1]] + [" ".join(lacking)]
    with app.test_request_context():
        headings, rows = worksheets.rl24_table([row])
        [told] = rows
    said = dict(zip(headings, told, strict=True))["À compléter"]
    assert said.count(", ") >= len(lacking) - 1
    assert not [key for key in lacking if key in said.split(", ")]
