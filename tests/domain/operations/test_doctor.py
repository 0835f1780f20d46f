"""The doctor: what is wrong with the books, named one by one, and nothing said of what is right."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from commands.check import said
from domain.billing import ledger
from domain.common import clock
from domain.operations import doctor, health
from domain.payments import restore
from models import DeclinedReturn, Invoice, LedgerEntry, Payment, UnmatchedCharge
from tests.databases import ON_POSTGRES
from tests.factories import make_household, make_invoice, pay_elsewhere

A_MINUTE = timedelta(minutes=1)


def problems(*steps_behind: str) -> list[str]:
    return [said(wrong) for wrong in doctor.problems(list(steps_behind), "simulator")]


def settle_books(*entries: ledger.Entry, **values: datetime) -> None:
    """Put right what a test made wrong: the books must agree at the end."""
    LedgerEntry.insert_many([entry.columns() | values for entry in entries]).execute()


def make_payment(state: str, age: timedelta) -> Payment:
    return Payment.create(reference="PAAA-0001", amount_cents=1, state=state, created_at=clock.now() - age)


def make_unmatched(age: timedelta, **values) -> UnmatchedCharge:
    values |= {"gateway_id": "abc", "reference": "PAAA-0001", "amount_cents": 100, "reason": UnmatchedCharge.SECOND}
    made = UnmatchedCharge.create(found_at=clock.now() - age, **values)
    if made.state == UnmatchedCharge.OWED:
        ledger.post(ledger.unmatched("abc", 100))
    return made


def test_books_in_order_have_no_problem(db):
    invoice = make_invoice(make_household(), taxable=True)
    pay_elsewhere((invoice, 5_000))
    assert problems() == []


def test_a_schema_behind_is_all_that_is_said(db):
    make_invoice(make_household())
    Invoice.update(paid_cents=1).execute()
    assert problems("0007_later") == ["le schéma est en retard : 0007_later"]
    Invoice.update(paid_cents=0).execute()


@pytest.mark.parametrize(("cents", "told"), [(100, "100 ¢"), (-100, "-100 ¢")])
def test_a_ledger_that_does_not_balance_is_named_with_the_difference(db, cents, told):
    settle_books(ledger.Entry("odd", "cash", cents))
    assert problems() == [f"le grand livre ne balance pas : {told}"]
    settle_books(ledger.Entry("odd", "cash", -cents))


def test_an_invoice_that_says_more_is_paid_than_the_ledger_is_named(db):
    wrong, _ = make_invoice(make_household(), 10_000), make_invoice(make_household(), 3_000)
    Invoice.update(paid_cents=1).where(Invoice.id == wrong.id).execute()
    assert problems() == [f"facture {wrong.number} : solde 9999 ¢, grand livre 10000 ¢"]
    Invoice.update(paid_cents=0).execute()


def test_an_invoice_that_the_ledger_does_not_know_is_named(db):
    today = clock.today()
    values = {"issued_on": today, "due_on": today, "subtotal_cents": 500, "total_cents": 500}
    invoice = Invoice.create(number="F1", household=make_household(), **values)
    assert problems() == ["facture F1 : solde 500 ¢, grand livre 0 ¢"]
    ledger.post(
        [
            ledger.Entry("late", ledger.RECEIVABLE, 500, invoice=invoice.id),
            ledger.Entry("late", ledger.revenue("4100"), -500, invoice=invoice.id),
        ]
    )


def test_a_posting_on_the_wrong_invoice_names_both(db):
    one, other = make_invoice(make_household(), 10_000), make_invoice(make_household(), 3_000)

    def moved(cents: int) -> list[ledger.Entry]:
        return [
            ledger.Entry("moved", ledger.RECEIVABLE, cents, invoice=one.id),
            ledger.Entry("moved", ledger.RECEIVABLE, -cents, invoice=other.id),
        ]

    ledger.post(moved(700))
    assert problems() == [
        f"facture {one.number} : solde 10000 ¢, grand livre 10700 ¢",
        f"facture {other.number} : solde 3000 ¢, grand livre 2300 ¢",
    ]
    ledger.post(moved(-700))


@pytest.mark.parametrize("state", Payment.OPEN_STATES)
@pytest.mark.parametrize(("late", "named"), [(A_MINUTE, True), (-A_MINUTE, False)])
def test_a_payment_open_for_a_quarter_of_an_hour_is_named(db, state, late, named):
    make_payment(state, doctor.UNRESOLVED_AFTER + late)
    assert [words[:19] for words in problems()] == ["paiement PAAA-0001 "] * named


@pytest.mark.parametrize("state", [Payment.PAID, Payment.REFUSED, Payment.UNEXPECTED, Payment.SETTLED])
def test_a_payment_whose_outcome_is_known_is_not(db, state):
    make_payment(state, timedelta(days=30))
    assert problems() == []


@pytest.mark.parametrize(("late", "named"), [(A_MINUTE, 1), (-A_MINUTE, 0)])
def test_an_unmatched_charge_not_given_back_in_a_day_is_named_with_the_gateways_words(db, late, named):
    make_unmatched(doctor.NOT_GIVEN_BACK_AFTER + late, words="not settled yet")
    assert problems() == ["paiement en trop PAAA-0001 : pas encore rendu (not settled yet)"] * named


def test_one_that_waits_for_a_person_is_not(db):
    make_unmatched(timedelta(days=9), words="settlement_declined")
    for what in ("first", "second"):
        DeclinedReturn.create(charge="abc", what=what, amount_cents=100)
    assert problems() == []


def test_one_given_back_is_not(db):
    make_unmatched(timedelta(days=9), state=UnmatchedCharge.RETURNED)
    assert problems() == []


def test_a_restore_that_was_not_completed_is_named(db):
    restore.begin(clock.now())
    assert problems() == ["une copie remise en place reste à compléter : lancez « flask reconcile »"]


def posted(age: timedelta) -> None:
    """Have something be in the books since then: the database lets no entry be made older afterwards."""
    settle_books(ledger.Entry("old", "cash", 1), ledger.Entry("old", "cheques", -1), at=clock.now() - age)


@pytest.mark.parametrize(
    ("began", "copied", "words"),
    [
        (timedelta(days=30), None, "il n’y a pas de copie"),
        (timedelta(days=30), timedelta(hours=49), "la dernière copie date du"),
        (timedelta(days=30), timedelta(hours=47), ""),
        (timedelta(hours=47), None, ""),
    ],
)
def test_books_two_days_old_want_a_copy_of_two_days_at_most(db, began, copied, words):
    posted(began)
    if copied:
        with time_machine.travel(datetime.now(UTC) - copied):
            health.copied()
    found = problems()
    if ON_POSTGRES:  # whose copies are made by its own tools, unknown to us
        words = ""
    assert len(found) == bool(words)
    assert words in "".join(found)


def test_every_problem_is_named_not_the_first_alone(db):
    make_payment(Payment.UNKNOWN, timedelta(hours=1))
    make_unmatched(timedelta(days=2))
    restore.begin(clock.now())
    assert len(problems()) == 3
