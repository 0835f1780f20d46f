"""Exports by staff: the role, the code, and what comes out."""

from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from domain.common import clock
from models import AuditEvent
from tests.factories import make_household, make_invoice, pay_elsewhere

PATH = "/personnel/export"


def exports(treasurer, **fields):
    today = clock.today().isoformat()
    return treasurer.post(PATH, **{"first": "2026-01-01", "last": today, "code": treasurer.code(), **fields})


def test_page_comes_whole_and_as_fragment(treasurer):
    assert "Premier jour" in treasurer.client.get_page(PATH)


def test_an_agent_may_not(clerk):
    assert clerk.client.get(PATH).status_code == 403


def test_the_file_comes_and_is_noted(treasurer):
    invoice = make_invoice(make_household())
    pay_elsewhere((invoice, 10_000))
    answer = exports(treasurer)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    assert invoice.number in answer.text
    assert AuditEvent.get(AuditEvent.action == "payments exported").actor == treasurer.username


def test_people_get_a_table_in_french_and_a_workbook(treasurer):
    invoice = make_invoice(make_household())
    pay_elsewhere((invoice, 10_000))
    text = exports(treasurer, kind="csv").get_data().decode("utf-8-sig")
    header, *rows = [line.split(";") for line in text.splitlines()]
    assert header[:4] == ["Paiement", "Sorte", "Date", "Facture"]
    assert sum(Decimal(row[7].replace(",", ".")) for row in rows) == 100
    assert {row[1] for row in rows} == {"paiement"}
    book = exports(treasurer, kind="xlsx")
    assert book.mimetype.endswith("spreadsheetml.sheet")
    [headings, *found] = CalamineWorkbook.from_filelike(BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert headings == header
    assert round(sum(row[7] for row in found), 2) == 100


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "000000"}, "Ce code ne va pas"),
        ({"first": ""}, "Écrivez une date"),
        ({"first": "hier"}, "Écrivez une date"),
        ({"first": "2099-01-01"}, "vient avant le premier"),
    ],
)
def test_what_is_wrong_is_said(treasurer, wrong, words):
    answer = exports(treasurer, **wrong)
    assert answer.status_code == 422
    assert words in answer.text
