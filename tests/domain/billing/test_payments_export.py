"""What accounting books: each document's rows add up to it, to the cent, and tell payments, refunds and reversals."""

from datetime import date, datetime

import pytest

from domain.billing import credit_notes, ledger, overpayments, payments_export
from domain.billing.listener import Listener
from domain.common import clock
from models import GuestPayer, HandedBack, InvoiceLine, LedgerEntry, Payment, UnmatchedCharge, write
from tests.factories import (
    make_declined_charge,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    pay_elsewhere,
    pay_too_much,
    take_back,
)

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
IN, BEFORE = clock.noon(FIRST), clock.noon(date(2026, 10, 31))

pytestmark = pytest.mark.usefixtures("db")


def export(first: date = FIRST, last: date = LAST) -> list[dict]:
    return [dict(zip(payments_export.HEADER, row, strict=True)) for row in payments_export.payments(first, last)]


def by_account(rows: list[dict], kind: str = "payment") -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        if row["kind"] == kind:
            sums[row["ledger_account"]] = sums.get(row["ledger_account"], 0) + row["amount_cents"]
    return sums


def add_line(invoice, cents: int, ledger_account: str) -> None:
    """Split what an invoice's line is for between two lines."""
    line = InvoiceLine.get(InvoiceLine.invoice == invoice)
    InvoiceLine.update(net_cents=line.net_cents - cents).where(InvoiceLine.id == line.id).execute()
    copied = {name: value for name, value in line.__data__.items() if name != "id"}
    InvoiceLine.create(**copied | {"position": 2, "net_cents": cents, "ledger_account": ledger_account})


def test_a_payments_rows_are_a_row_an_account_and_add_up_to_it():
    home = make_household()
    plain, taxed = make_invoice(home, 10_000), make_invoice(home, 5_000, taxable=True)
    add_line(plain, 3_000, "4100")
    other = make_invoice(home, 900)
    add_line(other, 300, "4900")
    payment = pay_elsewhere((plain, 10_000), (taxed, 5_749), (other, 900), resolved_at=IN)
    rows = export()
    assert [(row["invoice_number"], row["ledger_account"], row["amount_cents"]) for row in rows] == [
        (plain.number, "4100", 10_000),
        (taxed.number, "4100", 5_000),
        (taxed.number, "tps", 250),
        (taxed.number, "tvq", 499),
        (other.number, "4100", 600),
        (other.number, "4900", 300),
    ]
    assert sum(row["amount_cents"] for row in rows) == payment.amount_cents
    assert {row["payment"] for row in rows} == {payment.reference}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 1, 3, 59), None),  # 31 October, 23:59 in Montreal
        (datetime(2026, 11, 1, 4, 0), "2026-11-01"),
        (datetime(2026, 12, 1, 4, 59), "2026-11-30"),
        (datetime(2026, 12, 1, 5, 0), None),
    ],
)
def test_payments_and_what_took_them_back_are_of_their_own_montreal_day(moment, day):
    paid = pay_elsewhere((make_invoice(make_household()), 10_000), resolved_at=moment)
    long_before = pay_elsewhere((make_invoice(make_household()), 10_000), resolved_at=datetime(2025, 1, 1, 17))
    take_back(long_before, 400, issued_at=moment)
    rows = [(row["payment"], row["kind"], row["date"], row["amount_cents"]) for row in export()]
    expected = [(paid.reference, "payment", day, 10_000), (long_before.reference, "refund", day, -400)]
    assert rows == (expected if day else [])


def test_payments_come_first_then_what_took_them_back_each_with_its_credit_note():
    first, second = (
        pay_elsewhere((make_invoice(make_household()), 10_000), resolved_at=IN, settlement_batch=f"lot {n}")
        for n in (1, 2)
    )
    refund = take_back(first, 2_500, issued_at=IN)
    reversal = take_back(second, 10_000, owed_again=True, issued_at=IN)
    assert [
        (row["payment"], row["kind"], row["amount"], row["credit_note"], row["settlement_batch"]) for row in export()
    ] == [
        (first.reference, "payment", "100.00", "", "lot 1"),
        (second.reference, "payment", "100.00", "", "lot 2"),
        (first.reference, "refund", "-25.00", refund.number, "lot 1"),
        (second.reference, "reversal", "-100.00", reversal.number, "lot 2"),
    ]


def test_the_payer_is_a_card_holder_a_guest_or_nobody():
    payer = make_person()
    hers = pay_elsewhere((make_invoice(make_household()), 100), resolved_at=IN, payer=payer)
    guests = pay_elsewhere((make_invoice(make_household()), 100), resolved_at=IN)
    nobodys = pay_elsewhere((make_invoice(make_household()), 100), resolved_at=IN)
    GuestPayer.create(payment=guests, name="Club de hockey")
    take_back(guests, 100, issued_at=IN)
    assert [(row["payment"], row["payer_card"], row["payer"]) for row in export()] == [
        (hers.reference, payer.card_number, payer.name),
        (guests.reference, "", "Club de hockey"),
        (nobodys.reference, "", ""),
        (guests.reference, "", "Club de hockey"),
    ]


def test_instalments_add_up_to_the_invoices_taxes_though_one_was_exported_before():
    invoice = make_invoice(make_household(), 10_005, taxable=True)
    left = invoice.total_cents
    sums: dict[str, int] = {}
    for day, cents in ((BEFORE, 3_334), (BEFORE, 3_335), (IN, left - 6_669)):
        pay_elsewhere((invoice, cents), resolved_at=day)
    for rows in (export(date(2026, 10, 1), date(2026, 10, 31)), export()):
        for account, cents in by_account(rows).items():
            sums[account] = sums.get(account, 0) + cents
    assert sums == {"4100": 10_005, "tps": invoice.tps_cents, "tvq": invoice.tvq_cents}


def test_refunds_are_split_as_the_ledger_splits_them_whatever_came_back_before():
    invoice = make_invoice(make_household(), 10_005, taxable=True)
    take_back(pay_elsewhere((invoice, 3_337), resolved_at=IN), 3_337, owed_again=True, issued_at=IN)
    kept = pay_elsewhere((invoice, invoice.total_cents), resolved_at=IN)
    for cents in (1_111, 2_222):
        note = take_back(kept, cents, issued_at=IN)
        entries = LedgerEntry.select().where(
            LedgerEntry.posting == f"credit:{note.number}", LedgerEntry.debit_cents > 0
        )
        given = {entry.account.removeprefix("refunds "): -entry.debit_cents for entry in entries}
        assert by_account([row for row in export() if row["credit_note"] == note.number], "refund") == given
        assert sum(given.values()) == -cents


@pytest.mark.parametrize("let_go_cents", [1, 5, 6])
def test_what_was_let_go_before_counts_in_a_refund_as_it_does_in_the_ledger(let_go_cents):
    invoice = make_invoice(make_household(), 29, taxable=True)
    with write():
        credit_notes.let_go(invoice, {invoice.lines.get().id: let_go_cents}, reason="geste", listener=Listener())
    note = take_back(pay_elsewhere((invoice, 20), resolved_at=IN), 9, issued_at=IN)
    entries = LedgerEntry.select().where(LedgerEntry.posting == f"credit:{note.number}", LedgerEntry.debit_cents > 0)
    given = {entry.account.removeprefix("refunds "): -entry.debit_cents for entry in entries}
    assert by_account(export(), "refund") == given


def test_what_was_never_booked_has_no_row():
    Payment.create(reference="P1", amount_cents=100, state=Payment.REFUSED, resolved_at=IN)
    assert export() == []


@pytest.mark.parametrize("cents", [9_998, 10_002, 10_000, 14_000])
def test_rows_of_money_beyond_what_was_owed_add_up_to_it(cents):
    payment = pay_too_much(make_invoice(make_household(), 10_000), cents, resolved_at=IN)
    rows = export()
    assert sum(row["amount_cents"] for row in rows) == payment.amount_cents
    rest = {cents - 10_000} - {0}
    account = ledger.OWED_BACK if cents > 10_002 else ledger.ROUNDING
    assert {row["amount_cents"] for row in rows if row["ledger_account"] == account} == rest
    assert {(row["payment"], row["kind"]) for row in rows} == {(payment.reference, "payment")}


def test_what_is_returned_is_a_row_below_zero_of_its_day_and_method():
    payment = pay_too_much(make_invoice(make_household(), 10_000), 14_000, resolved_at=BEFORE)
    with write():
        overpayments.give_back(overpayments.owed()[0], 4_000, "transfer", at=IN)
    [row] = export()
    assert (row["payment"], row["kind"], row["date"]) == (payment.reference, "refund", FIRST.isoformat())
    assert (row["method"], row["amount_cents"], row["ledger_account"]) == ("transfer", -4_000, ledger.OWED_BACK)


def test_a_charge_handed_back_is_what_came_by_card_and_what_was_given_on_the_day_that_it_was_given():
    home = make_household()
    payer = make_person(home)
    for reference, given_at, how in (("P1", IN, {"payer": payer}), ("P2", BEFORE, {}), ("P3", IN, {})):
        payment = make_payment_under_way(make_invoice(home, 100), reference=reference, state="unexpected", **how)
        foreign = {"reason": UnmatchedCharge.OTHER_CURRENCY, "state": "held"} if reference == "P3" else {}
        charge = make_declined_charge(payment, gateway_id=f"charge{reference}", **foreign)
        kept = {"given_at": given_at, "method": "cheque", "reference": "412", "given_by": "a"}
        HandedBack.create(charge=charge, amount_cents=4_200, **kept)
    rows = export()
    told = [(row["kind"], row["method"], row["amount_cents"]) for row in rows]
    assert told == [("payment", "card", 4_200), ("refund", "cheque", -4_200)]
    same = ("payment", "date", "payer_card", "gateway_id", "ledger_account", "invoice_number", "credit_note")
    for row in rows:
        assert [row[name] for name in same] == [
            *("P1", FIRST.isoformat(), payer.card_number, "chargeP1", ledger.OWED_BACK, "", ""),
        ]


def test_a_guest_whose_money_was_handed_back_is_named():
    payment = make_payment_under_way(make_invoice(make_household(), 100), state="unexpected")
    GuestPayer.create(payment=payment, name="Une voisine")
    kept = {"given_at": IN, "method": "cash", "given_by": "a", "amount_cents": 4_200}
    HandedBack.create(charge=make_declined_charge(payment), **kept)
    assert {row["payer"] for row in export()} == {"Une voisine"}
