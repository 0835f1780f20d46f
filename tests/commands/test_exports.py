"""`flask export payments`: what accounting books, row by row, for days of Montreal's."""

import csv
from datetime import date, datetime

import pytest

from domain.billing import ledger
from domain.billing.payments_export import HEADER
from domain.payments import checkout, refunds, settlement
from models import CreditNote, Invoice, LedgerEntry, Payment
from tests.commands.rows import card, line, payment
from tests.factories import make_invoice

ALWAYS = ("2000-01-01", "2100-01-01")


@pytest.fixture
def export(flask, tmp_path):
    def run(first: str = ALWAYS[0], last: str = ALWAYS[1]) -> list[dict]:
        result = flask("export", "payments", tmp_path / "paid.csv", "--from", first, "--to", last)
        assert result.exit_code == 0, result.output
        rows = list(csv.DictReader((tmp_path / "paid.csv").read_text("utf-8-sig").splitlines()))
        assert f"{len(rows)} ligne(s) écrite(s)" in result.output
        return rows

    return run


@pytest.fixture
def counter(brings):
    """A card, an invoice of 100.00 and taxes beside a gift of 50.00, and 164.98 paid for it in cash."""
    brings("cards", [card(last_name="Trần", first_name="Zoé")])
    brings("invoices", [line(tax_code="taxable"), line(unit_price="50.00", ledger_account="4900")])
    brings("payments", [payment(amount="164.98", payer="QMAGB00000001")])


@pytest.fixture
def charged(citizen, simulator, paying) -> Payment:
    """A payment by card of 114.98, settled."""
    citizen.joins()
    citizen.pays(make_invoice(citizen.household, 10_000, taxable=True))
    paying()
    simulator.ask("POST", "settle-all")
    return Payment.get()


def cents(rows: list[dict], kind: str) -> list[int]:
    return [int(row["amount_cents"]) for row in rows if row["kind"] == kind]


def test_a_payment_has_a_row_for_each_account_and_they_add_up(counter, export):
    rows = export()
    assert [(row["ledger_account"], row["amount"], row["amount_cents"]) for row in rows] == [
        ("4100", "100.00", "10000"),
        ("tps", "5.00", "500"),
        ("tvq", "9.98", "998"),
        ("4900", "50.00", "5000"),
    ]
    assert sum(cents(rows, "payment")) == Payment.get().amount_cents == 16_498


def test_every_column_is_there_and_says_who_paid_what_when_and_how(counter, export):
    row = export()[0]
    assert tuple(row) == HEADER
    assert row == {
        "payment": "EXT-C1",
        "kind": "payment",
        "date": "2026-11-23",
        "invoice_number": "F1",
        "payer_card": "QMAGB00000001",
        "payer": "Zoé Trần",
        "method": "cash",
        "amount": "100.00",
        "amount_cents": "10000",
        "ledger_account": "4100",
        "gateway_id": "",
        "settlement_batch": "",
        "source": "import",
        "credit_note": "",
    }


def test_the_file_is_utf_8_with_the_mark_that_spreadsheets_want(counter, export, tmp_path):
    export()
    assert (tmp_path / "paid.csv").read_bytes().startswith(b"\xef\xbb\xbfpayment,")


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)"])
def test_a_name_that_a_spreadsheet_would_run_is_defused(brings, export, name):
    brings("cards", [card(first_name=name)])
    brings("invoices", [line(ledger_account="=4100")])
    brings("payments", [payment(payer="QMAGB00000001")])
    [row] = export()
    assert row["payer"] == f"'{name} Trần"
    assert row["ledger_account"] == "'=4100"


def test_a_payment_by_card_bears_the_gateways_references(charged, export, gateway, context):
    settlement.follow(charged.gateway_id, context.because("sweep"))
    row = export()[0]
    settled = Payment.get()
    assert (row["gateway_id"], row["settlement_batch"]) == (settled.gateway_id, settled.settlement_batch)
    assert row["gateway_id"]
    assert row["settlement_batch"]
    assert (row["method"], row["source"], row["payer_card"]) == ("card", "portal", settled.payer.card_number)


def test_who_paid_without_an_account_is_named_without_a_card(brings, export, paying, simulator):
    brings("cards", [card()])
    brings("invoices", [line()])
    checkout.create_for_guest(Invoice.get(), Invoice.get().balance_cents, "fake-valid-nonce", "Club de hockey")
    paying()
    assert {(row["payer"], row["payer_card"]) for row in export()} == {("Club de hockey", "")}


def test_a_refund_stands_apart_negative_with_its_credit_note(charged, export, gateway, context):
    refunds.advance(refunds.ask(charged, 5_749, 11_498, "absence").id, context)
    rows = export()
    assert sum(cents(rows, "payment")) == 11_498
    assert sum(cents(rows, "refund")) == -5_749
    back = [row for row in rows if row["kind"] == "refund"]
    assert {row["ledger_account"] for row in back} == {"4100", "tps", "tvq"}
    assert {row["credit_note"] for row in back} == {CreditNote.get().number}
    assert all(row["amount"].startswith("-") for row in back)  # a number stays one


def test_a_reversal_is_told_from_a_refund(charged, export, simulator, gateway, context):
    simulator.ask("POST", f"transactions/{charged.gateway_id}/status", status="settlement_declined")
    settlement.follow(charged.gateway_id, context.because("webhook"))
    rows = export()
    assert (sum(cents(rows, "payment")), sum(cents(rows, "reversal"))) == (11_498, -11_498)
    assert not cents(rows, "refund")


def test_what_is_not_booked_is_not_exported(citizen, simulator, paying, export):
    citizen.joins()
    citizen.pays(make_invoice(citizen.household), nonce="fake-processor-declined-visa-nonce")
    paying()
    citizen.pays(make_invoice(citizen.household))
    assert Payment.select().count() == 2
    assert export() == []


def test_what_is_exported_of_an_account_is_what_the_invoice_earned(counter, export):
    paid = {row["ledger_account"]: int(row["amount_cents"]) for row in export()}
    earned = {row.account.removeprefix("revenue "): row.credit_cents for row in LedgerEntry if row.credit_cents}
    earned.pop(ledger.RECEIVABLE)
    assert Invoice.get().balance_cents == 0
    assert paid == earned


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 10, 3, 59), date(2026, 7, 9)),  # summer: four hours behind
        (datetime(2026, 7, 10, 4, 0), date(2026, 7, 10)),
        (datetime(2026, 11, 24, 4, 59), date(2026, 11, 23)),  # winter: five
        (datetime(2026, 11, 24, 5, 0), date(2026, 11, 24)),
    ],
)
def test_a_day_is_montreals_and_both_ends_count(counter, export, moment, day):
    Payment.update(resolved_at=moment).execute()
    assert {row["date"] for row in export(day.isoformat(), day.isoformat())} == {day.isoformat()}
    assert export((day.replace(day=day.day + 1)).isoformat(), ALWAYS[1]) == []
    assert export(ALWAYS[0], (day.replace(day=day.day - 1)).isoformat()) == []


def test_a_range_turned_round_is_refused_and_the_file_before_stays(counter, export, flask, tmp_path):
    export()
    before = (tmp_path / "paid.csv").read_bytes()
    result = flask("export", "payments", tmp_path / "paid.csv", "--from", "2026-11-24", "--to", "2026-11-23")
    assert result.exit_code == 1
    assert "--to vient avant --from" in result.output
    assert (tmp_path / "paid.csv").read_bytes() == before
    assert [file.name for file in tmp_path.glob(".*.part")] == []


def test_what_is_no_date_is_refused(flask, tmp_path):
    assert flask("export", "payments", tmp_path / "paid.csv", "--from", "hier", "--to", "2026-11-23").exit_code == 2


def test_a_folder_that_is_not_there_is_said(counter, flask, tmp_path):
    result = flask("export", "payments", tmp_path / "absent" / "paid.csv", "--from", ALWAYS[0], "--to", ALWAYS[1])
    assert result.exit_code == 1
    assert "paid.csv ne s’écrit pas" in result.output


def test_instalments_export_the_taxes_of_the_invoice_to_the_cent(brings, export):
    brings("cards", [card()])
    nets = ("52.89", "142.12", "210.21")
    brings("invoices", [line(unit_price=net, tax_code="taxable") for net in nets])
    parts = ("243.84", "89.79", "132.27")
    brings("payments", [payment(payment=f"P{n}", amount=amount) for n, amount in enumerate(parts)])
    sums = {"tps": 0, "tvq": 0, "4100": 0}
    for row in export():
        sums[row["ledger_account"]] += int(row["amount_cents"])
    invoice = Invoice.get()
    assert sums == {"tps": invoice.tps_cents, "tvq": invoice.tvq_cents, "4100": invoice.subtotal_cents}


def test_a_refund_in_parts_gives_back_the_taxes_to_the_cent(charged, gateway, context):
    for cents_back in (3_333, 3_334, 4_831):
        charged = Payment.get()
        asked = refunds.ask(charged, cents_back, refunds.left_cents(charged), "absence")
        refunds.advance(asked.id, context)
    left = {}
    for entry in LedgerEntry.select():
        left[entry.account] = left.get(entry.account, 0) + entry.debit_cents - entry.credit_cents
    assert (left["tps"], left["tvq"]) == (0, 0)
    assert left["refunds 4100"] == 10_000
