"""At the counter: whatever is looked at or done is noted, what is not found is not, and it touches one person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial

import pytest

import models
from domain.access import password_reset, sessions, verification
from domain.billing import payment_slips
from domain.common import rate_limits
from domain.payments import refunds
from domain.staff import counter
from models import AuditEvent, NotedLook, Payment, Refund, Session, StaffAccount, StaffSession, write
from settings import LIMITS
from tests.factories import (
    make_account,
    make_household,
    make_invoice,
    make_payment_under_way,
    make_person,
    make_staff,
    make_visit,
    pay_elsewhere,
)


@pytest.fixture
def clerk(db) -> StaffAccount:
    return make_staff()


@pytest.fixture
def visit(clerk) -> StaffSession:
    return make_visit(clerk)


def trail() -> list[tuple[str, str, int | None, str]]:
    rows = AuditEvent.select().order_by(AuditEvent.id)
    return [(one.actor, one.action, one.person_id, one.subject) for one in rows]


def test_a_file_opened_is_noted_in_it(clerk, visit):
    person = make_person()
    assert counter.open_file(visit, person.card_number) == person
    assert trail() == [(clerk.username, "file opened", person.id, "")]


@pytest.mark.parametrize("look", [counter.open_file, counter.open_invoice, counter.open_payment])
def test_what_is_not_there_is_none_and_nothing_is_noted(visit, look):
    assert look(visit, "X404") is None
    assert trail() == []


def test_a_code_read_out_opens_a_new_password_for_that_account_alone(clerk, app):
    account, _other = make_account(), make_account()
    code = counter.read_out_code(clerk, account.person, app.extensions["portal"].letters)
    assert password_reset.waiting(password_reset.plain(code)).account == account
    assert trail() == [(clerk.username, "one-time code", account.person_id, "")]


def test_a_card_without_an_account_has_no_code(clerk):
    with pytest.raises(counter.NoAccount):
        counter.read_out_code(clerk, make_person(), None)
    assert trail() == []


def test_a_card_is_unblocked_and_the_others_are_not(clerk):
    person, other = make_person(), make_person()
    most = LIMITS[rate_limits.CARD].most
    for one in (person, other):
        for day in range(1, most + 1):
            rate_limits.note_failure(one.card_number, date(2000, 1, day), "192.0.2.1")
    assert counter.unblock(clerk, person) == most
    assert [rate_limits.is_closed(one.card_number) for one in (person, other)] == [False, True]
    assert trail() == [(clerk.username, "card unblocked", person.id, "")]


def test_a_lost_phone_ends_all_of_ones_sessions_and_nobody_elses(clerk):
    account, other = make_account(), make_account()
    for _ in range(2):
        sessions.start(account)
    sessions.start(other)
    assert counter.end_sessions(clerk, account.person) == 2
    assert [session.account for session in Session.select()] == [other]
    assert trail() == [(clerk.username, "sessions ended", account.person_id, "")]


@pytest.mark.parametrize("typed", [payment_slips.reference, str.lower, "  {} ".format])
def test_a_slips_reference_opens_its_invoice_and_the_look_is_noted(clerk, visit, typed):
    invoice = make_invoice(make_household(), number="F-77A")
    make_invoice(make_household(), number="F-77B")
    assert counter.open_invoice(visit, typed(invoice.number)) == invoice
    assert trail() == [(clerk.username, "invoice opened", None, "F-77A")]


def test_a_look_at_an_invoice_is_one_at_the_files_of_who_paid_and_of_whom_it_is_for(clerk, visit):
    home = make_household()
    payer, child = make_person(home), make_person(home)
    invoice = make_invoice(home, person=child)
    pay_elsewhere((invoice, 100), payer=payer)
    counter.open_invoice(visit, invoice.number)
    assert trail() == [(clerk.username, "invoice opened", one.id, invoice.number) for one in (payer, child)]


def test_an_invoice_that_names_nobody_is_that_of_the_accounts_of_its_household(clerk, visit):
    home = make_household()
    account, _without = make_account(make_person(home)), make_person(home)
    make_account()
    invoice = make_invoice(home)
    counter.open_invoice(visit, invoice.number)
    assert trail() == [(clerk.username, "invoice opened", account.person_id, invoice.number)]


def test_a_mistyped_reference_opens_nothing(visit):
    right = payment_slips.reference(make_invoice(make_household()).number)
    with pytest.raises(payment_slips.BadReference):
        counter.open_invoice(visit, f"{right[:-2]}{(int(right[-2:]) + 1) % 100:02}")
    assert trail() == []


def test_an_invoice_is_being_paid_while_the_outcome_is_not_known(clerk):
    busy, refused, cash, other = (make_invoice(make_household()) for _ in range(4))
    make_payment_under_way(busy)
    make_payment_under_way(refused, state=Payment.REFUSED)
    pay_elsewhere((cash, 100))
    assert [counter.is_being_paid(one) for one in (busy, refused, cash, other)] == [True, False, False, False]


def test_a_payment_opened_is_a_look_at_its_payers_file_and_at_that_of_whom_it_is_for(clerk, visit):
    home = make_household()
    payer, child = make_person(home), make_person(home)
    payment = pay_elsewhere((make_invoice(home, person=child), 100), payer=payer)
    assert counter.open_payment(visit, payment.reference) == payment
    assert trail() == [(clerk.username, "payment opened", one.id, payment.reference) for one in (payer, child)]


def test_a_look_again_within_a_visit_is_the_same_look(clerk, visit):
    person, other = make_person(), make_person()
    for one in (person, person, other, person):
        counter.open_file(visit, one.card_number)
    assert [row[2] for row in trail()] == [person.id, other.id]
    counter.open_file(make_visit(clerk), person.card_number)
    counter.open_file(make_visit(make_staff("autre")), person.card_number)
    assert [row[2] for row in trail()] == [person.id, other.id, person.id, person.id], "another visit, another look"


def test_what_a_visit_has_noted_goes_with_its_session(visit):
    counter.open_file(visit, make_person().card_number)
    assert NotedLook.select().count() == 1
    visit.delete_instance()
    assert not NotedLook.select().exists()
    assert len(trail()) == 1


def test_looks_at_once_are_one(visit, db):
    """The database refuses the second, whoever looked first: nothing is asked before it is written."""
    person = make_person()
    looks = [partial(counter.open_file, visit, person.card_number) for _ in range(4)]
    with ThreadPoolExecutor(len(looks)) as pool:
        assert [look.result() for look in [pool.submit(connected(look)) for look in looks]] == [person] * 4
    assert len(trail()) == 1


def connected(look):
    def run():
        with models.connected():
            return look()

    return run


def test_accounts_to_verify_are_looked_at(clerk, visit):
    account = make_account()
    with write():
        verification.is_owed(account)
    for _ in range(2):
        assert [one.account for one in counter.accounts_to_verify(visit)] == [account]
    assert trail() == [(clerk.username, "account to verify read", account.person_id, "")]


def charged(**values) -> Payment:
    card = {"method": Payment.CARD, "source": "portal", "gateway_id": "g1"}
    return pay_elsewhere((make_invoice(make_household()), 10_000), **card | values)


def test_money_given_back_is_committed_once_with_who_asked_it(clerk):
    payer = make_person()
    payment = charged(payer=payer)
    counter.give_back(clerk, payment, 2_500, 10_000, "absence")
    with pytest.raises(refunds.LeftChanged):
        counter.give_back(clerk, payment, 2_500, 10_000, "absence")
    refund = Refund.get()
    assert (refund.payment, refund.amount_cents, refund.reason, refund.state) == (payment, 2_500, "absence", "created")
    assert trail() == [(clerk.username, "refund asked", payer.id, payment.reference)]


@pytest.mark.parametrize(
    ("values", "cents", "refused"),
    [({"method": Payment.CASH}, 100, refunds.NotRefundable), ({}, 10_001, refunds.TooMuch), ({}, 0, refunds.TooMuch)],
)
def test_a_refund_refused_leaves_no_trace(clerk, values, cents, refused):
    with pytest.raises(refused):
        counter.give_back(clerk, charged(**values), cents, 10_000, "absence")
    assert (trail(), Refund.select().count()) == ([], 0)


def test_payments_taken_out_of_the_portal_are_noted_with_their_days(clerk):
    first = date(2026, 11, 1)
    counter.note_export(clerk, first, first + timedelta(days=29))
    assert trail() == [(clerk.username, "payments exported", None, "2026-11-01 2026-11-30")]
