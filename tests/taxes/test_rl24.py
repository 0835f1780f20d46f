"""`flask export rl24` and `flask export tax-receipts`: the worksheet for Relevé 24, and the receipts to mail."""

import csv

from tests.taxes.conftest import LAST_YEAR


def test_the_worksheet_is_a_command_that_says_what_to_mind(app, pays, issuing, tmp_path):
    pays("child_care")
    issuing()
    result = app.test_cli_runner().invoke(args=["export", "rl24", str(LAST_YEAR), str(tmp_path / "rl24.csv")])
    assert result.exit_code == 0
    assert "1 ligne(s) écrite(s)" in result.output
    assert "incomplète" in result.output
    with (tmp_path / "rl24.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert row["amount_paid"] == "100.00"
    assert "sin" not in row
    result = app.test_cli_runner().invoke(args=["export", "rl24", "x", "y.csv"])
    assert result.exit_code != 0


def test_receipts_to_mail_are_a_command(app, pays, issuing, tmp_path):
    pays("donation")
    issuing()
    result = app.test_cli_runner().invoke(args=["export", "tax-receipts", str(LAST_YEAR), str(tmp_path / "poste")])
    assert "1 reçu(s) écrit(s)" in result.output
    assert (tmp_path / "poste" / "D000001.pdf").read_bytes().startswith(b"%PDF")
