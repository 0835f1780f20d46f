"""What the field has in its tables, with its doubles and its overlaps."""

from collections.abc import Iterator
from datetime import datetime, timedelta

Rows = list[dict[str, object]]


def moment(n: int) -> str:
    """Return a moment of the night when clocks go forward, to the microsecond."""
    return str(datetime(2026, 3, 8, 6, 59, 30, 250_000) + timedelta(minutes=n))


def rows(columns: str, *values: tuple) -> Rows:
    return [dict(zip(columns.split(), row, strict=True)) for row in values]


def posted(*postings: tuple[str, str, str, int, int | None, int | None]) -> Iterator[dict[str, object]]:
    """Give both sides of ledger postings: what for, debited, credited, cents, invoice, payment."""
    for posting, debited, credited, cents, invoice, payment in postings:
        common = {"posting": posting, "invoice_id": invoice, "payment_id": payment}
        yield common | {"account": debited, "debit_cents": cents, "credit_cents": 0}
        yield common | {"account": credited, "debit_cents": 0, "credit_cents": cents}


# Ids follow the order of the rows, from 1; columns bear today's names.
FIELD: dict[str, Rows] = {
    "household": rows("code", ("D1",), ("D2",), ("d1",)),
    "person": rows(  # 3 is a child of two homes; 4 and 5 are two persons; 6 is a mother's double
        "last_name first_name birth_date email status resident",
        ("Trần", "Geneviève", "1984-02-29", "Genevieve@Example.com", "active", True),
        ("Côté", "Luc", "1980-12-31", "luc@example.com", "active", True),
        ("Côté-Trần", "Léa", "2018-01-01", "", "active", True),
        ("Roy", "Marie", "1950-06-24", "", "active", False),
        ("Roy", "Marie", "1950-06-24", "", "lost", True),
        ("Trần", "Geneviève", "1984-02-29", "genevieve@example.com", "deceased", True),
    ),
    "membership": rows(
        "household_id person_id", (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 3), (3, 4), (3, 5)
    ),
    "account": rows(
        "person_id email email_key email_confirmed_at",
        (1, "Genevieve@Example.com", "genevieve@example.com", moment(1)),
        (6, "genevieve@example.com", "genevieve@example.com", None),
        (2, "", "", None),
    ),
    "invoice": rows(  # paid; of nothing; cancelled; given back in part; being paid: 5, 6, 7, of which 6 came back
        "household_id status subtotal_cents total_cents paid_cents credited_cents",
        (1, "open", 10_000, 10_000, 10_000, 0),
        (2, "open", 0, 0, 0, 0),
        (1, "cancelled", 5_000, 5_000, 0, 0),
        (1, "open", 10_000, 10_000, 7_000, 3_000),
        (2, "open", 8_000, 8_000, 0, 0),
        (3, "open", 4_000, 4_000, 0, 0),
        (3, "open", 2_000, 2_000, 0, 0),
    ),
    "invoice_line": rows(
        "invoice_id position person_id net_cents unit_price_cents quantity_thousandths",
        *((1, 1, 3, 6_000, 6_000, 1_000), (1, 2, None, 4_000, 2_000, 2_000), (2, 1, 3, 0, 0, 1_000)),
        *((3, 1, 1, 5_000, 5_000, 1_000), (4, 1, 3, 10_000, 10_000, 1_000), (5, 1, 3, 8_000, 8_000, 1_000)),
        *((6, 1, 4, 4_000, 4_000, 1_000), (7, 1, 5, 2_000, 2_000, 1_000)),
    ),
    "payment": rows(  # 1 and 2 are of one invoice
        "state amount_cents refunded_cents account_id payer_id due_at",
        *(("paid", 10_000, 0, 1, 1, moment(9)), ("refused", 10_000, 0, 1, 1, None)),
        *(("created", 4_000, 0, None, None, None), ("submitted", 2_000, 0, 1, 1, None)),
        *(("unknown", 8_000, 0, 3, 2, moment(9)), ("settled", 10_000, 5_000, 1, 1, None)),
        *(("charged_back", 4_000, 0, None, None, None), ("unexpected", 4_200, 0, 2, 6, None)),
        *(("settlement_declined", 700, 0, 1, 1, None), ("disputed", 700, 0, 1, 1, moment(9))),
        *(("voided", 700, 0, 1, 1, None), ("refunded", 700, 700, 1, 1, None)),
    ),
    "payment_invoice": rows(
        "payment_id invoice_id amount_cents is_open",
        *((1, 1, 10_000, False), (2, 1, 10_000, False), (3, 6, 4_000, True), (4, 7, 2_000, True)),
        *((5, 5, 8_000, True), (6, 4, 10_000, False), (7, 6, 4_000, False)),
    ),
    "payment_event": rows("payment_id to_state", *((n, "created") for n in range(1, 13))),
    "allocation": rows("payment_id line_id amount_cents", (1, 1, 6_000), (1, 2, 4_000), (6, 5, 10_000), (7, 7, 4_000)),
    "receipt": rows("payment_id", (1,), (6,), (7,)),
    "refund": rows(
        "payment_id amount_cents state due_at",
        *((6, 3_000, "done", moment(9)), (6, 1_000, "created", None), (6, 500, "submitted", None)),
        *((6, 500, "unknown", moment(9)), (6, 10_000, "refused", None), (12, 700, "done", None)),
    ),
    "credit_note": rows("payment_id refund_id amount_cents", (6, 1, 3_000), (7, None, 4_000)),
    "credit_allocation": rows("credit_note_id line_id amount_cents", (1, 5, 3_000), (2, 7, 4_000)),
    "ledger_entry": [
        *posted(
            *(
                (f"invoice:{n}:1", "receivable", "revenue 4100", cents, n, None)
                for n, cents in ((1, 10_000), (3, 5_000), (4, 10_000), (5, 8_000), (6, 4_000), (7, 2_000))
            ),
            ("invoice:3:2", "revenue 4100", "receivable", 5_000, 3, None),
            ("payment:1", "card clearing", "receivable", 10_000, 1, 1),
            ("payment:6", "card clearing", "receivable", 10_000, 4, 6),
            ("payment:7", "card clearing", "receivable", 4_000, 6, 7),
            ("credit:1", "refunds 4100", "card clearing", 3_000, None, 6),
            ("credit:2", "receivable", "card clearing", 4_000, 6, 7),
            ("unmatched:owed", "card clearing", "owed back to payers", 4_200, None, None),
        )
    ],
    "unmatched_charge": rows(
        "gateway_id amount_cents returned_at due_at state",
        *(("owed", 4_200, None, moment(5), "owed"), ("returned", 4_200, moment(6), moment(5), "returned")),
    ),
    "cash_rounding": rows("payment_id invoice_id cents", (1, 1, 1), (6, 4, -1)),
    "credit_use": rows("credit_id note_id", (1, 1), (2, 2)),
    "alert": rows(
        "kind subject closed_at",
        *((kind, "one", None) for kind in ("stray charge", "guessing", "daily match", "charge booked by its amount")),
        *((kind, "one", moment(3)) for kind in ("refund found", "refund declined", "refund refused")),
        *((kind, "two", None) for kind in ("listener failed", "payment reversed", "charge lost by a restore")),
        *((kind, "two", moment(3)) for kind in ("stray charge", "voided since the copy", "tax receipts")),
    ),
    "counter": rows(
        "name value",
        *(("receipt", 3), ("credit note", 2), ("series", 29_547_899), ("recover since", 29_547_899)),
        *(("tax receipts up to", 0), ("tax seen allocation", 4)),
        *(("reminders", 29_547_899), ("retention", 29_547_900), ("last backup", 29_480_000)),
        *(("last matched day", 739_683), ("tax receipts day", 739_684)),
    ),
    "saved_card": rows(
        "state account_id token is_default",
        *(("adding", 1, None, False), ("with payment", 1, None, False), ("kept", 1, "t1", True)),
        *(("kept", 1, "t2", False), ("kept", 2, "t3", True), ("refused", 1, None, False)),
        *(("removing", None, "t4", False), ("removed", None, None, False)),
    ),
    "unsent_form": rows("owner path", ("resident 1", "/a"), ("resident 1", "/b"), ("staff 1", "/a")),
    "staff_role": rows("staff_id role", (1, "counter"), (2, "counter"), (2, "finance"), (3, "admin")),
    "staff_account": rows("role", ("agent",), ("finance",), ("admin",)),
    "registration": rows("activity_id person_id status", (1, 3, "confirmed"), (2, 3, "waiting"), (1, 3, "cancelled")),
    "card_consent": rows("account_id first_id card_id", (1, 3, 3), (None, 4, None)),
    "instalment": rows(
        "consent_id invoice_id state tries payment_id", (1, 5, "charging", 1, 5), (2, 6, "stopped", 0, None)
    ),
    "partner_contract": rows("registration_id total_cents", (1, 4_000), (3, 4_000)),
    "planned_invoice": rows(
        "contract_id position total_cents state invoice_id",
        *((1, 1, 2_000, "issued", 7), (1, 2, 2_000, "planned", None), (2, 1, 4_000, "cancelled", None)),
    ),
    "reservation": rows(
        "place_id household_id starts_at ends_at",
        *((1, 1, moment(0), moment(60)), (1, 2, moment(30), moment(90)), (1, 1, moment(0), moment(60))),
    ),
    "tax_receipt": rows(
        "payer_id kind year subject amount_cents cancelled_at replaces_id",
        *((1, "activity", 2025, "3", 100, moment(2), None), (1, "activity", 2025, "3", 90, None, 1)),
    ),
    "electronic_consent": rows("person_id withdrawn_at", (1, moment(2)), (1, moment(3)), (1, None)),
}
