"""The worksheet for Relevé 24, and the receipts to mail."""

import csv
from datetime import date

from domain.common import clock
from domain.taxes import rl24
from models import Payment
from tests.factories import make_activity, make_person, make_registration
from tests.taxes.conftest import LAST_YEAR, give_back


def rows(year, city):
    return [dict(zip(rl24.HEADER, row, strict=True)) for row in rl24.rows(year, city)]


def test_the_worksheet_has_a_row_for_each_payer_and_child(member, pays, issuing, city):
    camp = make_activity(
        category="child_care", starts_on=date(LAST_YEAR, 7, 1), ends_on=date(LAST_YEAR, 7, 7), weekdays="lun mar"
    )
    make_registration(member.child, camp)
    father = make_person(member.household, first_name="Luc")
    pays("child_care", 7_000)
    pays("child_care", 3_000, payer=father)
    pays("child_care", 1_000, payer=None)
    pays("activity", 9_999)
    pays("child_care", 4_444, year=LAST_YEAR - 1)
    issuing()
    found = rows(LAST_YEAR, city)
    assert {(row["payer_first_name"], row["amount_paid"], row["code"], row["missing"]) for row in found} == {
        ("Geneviève", "70.00", "R", ""),
        ("Luc", "30.00", "R", ""),
        ("", "10.00", "R", "payer"),
    }
    hers = next(row for row in found if row["payer_first_name"] == "Geneviève")
    assert hers["child_first_name"] == "Léa"
    assert hers["child_birth_date"] == member.child.birth_date
    assert hers["days"] == 2
    assert hers["receipt"].startswith("G")


def test_the_worksheet_says_amended_and_cancelled(charged, issuing, gateway, context, city):
    kept, gone = charged("child_care", 5_000), None
    next_year = date(clock.today().year + 1, 1, 15)
    issuing(next_year)
    give_back(kept, 2_000, context)
    issuing(next_year)
    (row,) = rows(clock.today().year, city)
    assert (row["code"], row["amount_paid"], row["replaces"]) == ("A", "30.00", "G000001")
    give_back(Payment.get_by_id(kept.id), 3_000, context)
    issuing(next_year)
    (row,) = rows(clock.today().year, city)
    assert (row["code"], row["amount_paid"], row["receipt"], gone) == ("D", "0.00", "G000002", None)


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
