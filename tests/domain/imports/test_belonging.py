"""Whose it is that a file brings: every kind of file × set apart, a child of both homes, joined, a stranger's card."""

from datetime import date

import pytest

from domain.billing.listener import Listener
from domain.common.clock import noon
from domain.imports import invoices, payments, sheets
from domain.imports.outcome import Outcome, Reason
from domain.people import household
from models import (
    Household,
    HouseholdCredit,
    Invoice,
    InvoiceLine,
    Membership,
    Payment,
    Person,
    Registration,
    Reservation,
    write,
)
from tests.factories import make_activity, make_household, make_invoice, make_person, make_place
from tests.imports import bring_in, told

pytestmark = pytest.mark.usefixtures("db")
ADULTS = {"her": "QMAGB00000001", "him": "QMAGB00000002", "child": "QMAGB00000003", "guest": "QMAGB00000004"}
STRANGER = "QMAGB00000009"


@pytest.fixture
def homes() -> dict[str, Household]:
    """A couple set apart, she with a child of both; someone who joined them from elsewhere; and a stranger."""
    old, new, elsewhere = make_household("D1"), make_household("P-000001"), make_household("D2")
    for name, number in ADULTS.items():
        make_person(elsewhere if name == "guest" else old, card_number=number)
    make_person(make_household("D9"), card_number=STRANGER)
    with write():
        set_apart("her", old, new, stays=False)
        set_apart("child", old, new, stays=True)
        household.join(Person.get(Person.card_number == ADULTS["guest"]), old)
    return {"old": old, "new": new, "elsewhere": elsewhere}


def set_apart(name: str, old: Household, new: Household, *, stays: bool) -> None:
    """Do what `flask household split` does of memberships."""
    person = Person.get(Person.card_number == ADULTS[name])
    if not stays:
        Membership.delete().where(Membership.person == person).execute()
    Membership.create(household=new, person=person)
    household.keep_from_import(person, old, new, stays=stays)


def line(number: str = "F1", code: str = "D1", card: str = "", cents: int = 10_000, **values) -> dict:
    return {
        "invoice_number": number, "household": code, "issued_on": date(2026, 11, 1), "due_on": date(2026, 12, 1),
        "card_number": ADULTS.get(card, card), "description": "groupe d’entraide, 12 rue Neuve", "quantity": 1000,
        "unit_price": cents, "tax_code": "exempt", "category": "activity", "ledger_account": "4100", "status": "open",
    } | values  # fmt: skip


def paid(card: str, number: str = "F1") -> dict:
    return {
        "payment": "C1", "invoice_number": number, "paid_on": date(2026, 11, 2), "amount": 100, "method": "cheque",
        "payer": ADULTS.get(card, card),
    }  # fmt: skip


def reservation(**values) -> dict:
    return {
        "reservation": "L1", "place": "salle", "household": "D1", "starts_at": noon(date(2026, 12, 5)),
        "ends_at": noon(date(2026, 12, 6)), "status": "confirmed", "purpose": "",
    } | values  # fmt: skip


def brings(*rows: dict) -> Outcome:
    return bring_in(told(invoices.plan, Listener()), *rows)


def brings_payments(*rows: dict) -> Outcome:
    return bring_in(told(payments.plan, Listener()), *rows)


def reasons(outcome: Outcome) -> list[tuple[str, str]]:
    return [(problem.key, problem.reason) for problem in outcome.left_alone]


@pytest.mark.parametrize(
    ("code", "cards", "goes_to"),
    [
        ("D1", ["her"], "P-000001"),  # the city's file goes on with the household that was
        ("D1", ["him"], "D1"),
        ("D1", ["child"], "D1"),  # of both: what the file says stands
        ("P-000001", ["child"], "P-000001"),
        ("P-000001", ["her"], "P-000001"),
        ("D1", ["her", "child"], "P-000001"),
        ("D1", ["him", "child"], "D1"),
        ("D1", ["guest"], "D1"),
        ("D2", ["guest"], "D2"),  # joined: of both too
        ("D1", ["her", "him"], None),  # no household suits both
        ("P-000001", ["him"], None),
        ("D1", [STRANGER], None),
        ("D1", ["him", STRANGER], None),
        ("D9", [STRANGER], "D9"),
        ("D1", [""], None),  # under a household that was split, nobody knows whose
        ("D1", ["", "her"], "P-000001"),
        ("D9", [""], "D9"),
        ("D2", [""], "D2"),
    ],
)
def test_a_new_invoice_and_a_new_credit_note_go_where_card_and_household_go_together(homes, code, cards, goes_to):
    rows = [line("F1", code, card) for card in cards] + [line("C1", code, card, -500) for card in cards]
    outcome = brings(*rows)
    found = [table.get_or_none(table.number == number) for table, number in ((Invoice, "F1"), (HouseholdCredit, "C1"))]
    assert [one and one.household.code for one in found] == [goes_to, goes_to]
    why = Reason.CARD_ELSEWHERE if any(cards) else Reason.HOUSEHOLD_SPLIT
    assert sorted(reasons(outcome)) == ([] if goes_to else [("C1", why), ("F1", why)])
    again = brings(*rows)
    assert (again.created, again.updated) == (0, 0)
    assert len(again.left_alone) == len(outcome.left_alone)


@pytest.mark.parametrize("card", ["her", "him", "child", "", STRANGER])
def test_an_invoice_that_is_here_stays_and_unchanged_is_not_listed(homes, card):
    make_invoice(homes["old"], number="F1", person=Person.get_or_none(Person.card_number == ADULTS.get(card, card)))
    Invoice.update(issued_on=date(2026, 11, 1), due_on=date(2026, 12, 1)).execute()
    row = line("F1", "D1", card, description="Club été, semaine 3")
    outcome = brings(row)
    assert (outcome.unchanged, outcome.updated, outcome.left_alone) == (1, 0, [])
    changed = brings(row | {"description": "autre"})
    assert Invoice.get().household == homes["old"]
    assert (changed.updated, len(changed.left_alone)) == ((1, 0) if card in ("him", "child") else (0, 1))
    assert InvoiceLine.get().description == ("autre" if changed.updated else "Club été, semaine 3")


def test_hers_that_this_rule_brought_to_her_is_changed_there_by_the_same_file(homes):
    brings(line("F1", "D1", "her"))
    outcome = brings(line("F1", "D1", "her", 12_000))
    assert (outcome.updated, outcome.left_alone) == (1, [])
    assert (Invoice.get().household, Invoice.get().total_cents) == (homes["new"], 12_000)


def test_a_payment_is_booked_whoever_paid_but_names_nobody_who_has_nothing_to_do_with_it(homes):
    for number, card in enumerate(("her", "him", "child", "guest"), start=1):
        make_invoice(homes["old"], number=f"F{number}")
        outcome = brings_payments(paid(card, f"F{number}") | {"payment": f"C{number}"})
        assert (outcome.created, outcome.listed) == (1, [])
        assert Payment.get(Payment.reference == f"EXT-C{number}").payer.card_number == ADULTS[card]
    make_invoice(homes["old"], number="F9")
    for night in (1, 0):
        outcome = brings_payments(paid(STRANGER, "F9") | {"payment": "C9"})
        assert (outcome.created, outcome.left_alone) == (night, [])
        assert [(one.key, one.reason) for one in outcome.listed] == [("C9", Reason.PAYER_ELSEWHERE)]
    payment = Payment.get(Payment.reference == "EXT-C9")
    assert (payment.payer, payment.amount_cents) == (None, 100)


def test_a_payment_that_is_here_keeps_its_payer_wherever_she_went_since(homes):
    make_invoice(homes["old"], number="F1")
    brings_payments(paid("him"))
    Membership.update(household=make_household()).where(
        Membership.person == Person.get(Person.card_number == ADULTS["him"])
    ).execute()
    outcome = brings_payments(paid("him"))
    assert (outcome.unchanged, outcome.listed, outcome.left_alone) == (1, [], [])


def test_a_reservation_of_a_household_that_was_split_is_left_alone_unless_nothing_of_it_changes(homes):
    make_place(code="salle")
    outcome = bring_in(sheets.reservations.plan, reservation())
    assert reasons(outcome) == [("L1", Reason.HOUSEHOLD_SPLIT)]
    assert (outcome.created, outcome.unchanged, Reservation.select().count()) == (0, 0, 0)
    assert bring_in(sheets.reservations.plan, reservation(household="D9")).created == 1
    changed = bring_in(sheets.reservations.plan, reservation())
    assert reasons(changed) == [("L1", Reason.HOUSEHOLD_SPLIT)]
    Reservation.update(household=homes["old"]).execute()
    same = bring_in(sheets.reservations.plan, reservation())
    assert (same.unchanged, same.left_alone) == (1, [])


def test_a_registration_goes_with_its_card_alone(homes):
    make_activity(code="yoga")
    rows = [
        {"registration": f"I{n}", "activity": "yoga", "card_number": card, "status": "confirmed",
         "registered_on": date(2026, 11, 2)}
        for n, card in enumerate([*ADULTS.values(), STRANGER])
    ]  # fmt: skip
    assert bring_in(sheets.registrations.plan, *rows).left_alone == []
    assert Registration.select().count() == len(rows)
