"""Consent to receive tax receipts online: one at a time, its end kept, and each person's her own."""

from datetime import datetime

import pytest
import time_machine

from domain.taxes import consents
from models import Account, AuditEvent, ElectronicConsent
from tests.factories import make_account

FIRST, SECOND, THIRD = (datetime(2026, 11, day, 15) for day in (1, 2, 3))


@pytest.fixture
def account(db) -> Account:
    return make_account()


def at(moment: datetime, act, account: Account) -> None:
    with time_machine.travel(moment, tick=False):
        act(account)


def test_nobody_has_consented_until_she_does(account):
    assert consents.given_at(account.person_id) is None
    at(FIRST, consents.give, account)
    assert consents.given_at(account.person_id) == FIRST


def test_given_twice_it_holds_since_the_first_time(account):
    at(FIRST, consents.give, account)
    at(SECOND, consents.give, account)
    assert consents.given_at(account.person_id) == FIRST
    assert ElectronicConsent.select().count() == 1


def test_withdrawn_it_holds_no_more_and_its_trace_stays(account):
    at(FIRST, consents.give, account)
    at(SECOND, consents.withdraw, account)
    assert consents.given_at(account.person_id) is None
    kept = ElectronicConsent.get()
    assert (kept.given_at, kept.withdrawn_at) == (FIRST, SECOND)


def test_given_again_it_is_another_and_the_end_of_the_first_does_not_change(account):
    for moment, act in ((FIRST, consents.give), (SECOND, consents.withdraw), (THIRD, consents.give)):
        at(moment, act, account)
    assert consents.given_at(account.person_id) == THIRD
    rows = ElectronicConsent.select().order_by(ElectronicConsent.id)
    assert [row.withdrawn_at for row in rows] == [SECOND, None]
    at(datetime(2026, 11, 4), consents.withdraw, account)
    assert ElectronicConsent.select().order_by(ElectronicConsent.id).first().withdrawn_at == SECOND


def test_anothers_consent_is_not_touched(account):
    other = make_account()
    at(FIRST, consents.give, other)
    at(SECOND, consents.give, account)
    at(THIRD, consents.withdraw, account)
    assert (consents.given_at(other.person_id), consents.given_at(account.person_id)) == (FIRST, None)


def test_each_answer_is_in_the_audit_under_her_own_file(account):
    consents.give(account)
    consents.withdraw(account)
    assert [
        (one.actor_kind, one.actor, one.action, one.person_id) for one in AuditEvent.select().order_by(AuditEvent.id)
    ] == [
        ("resident", str(account.id), "electronic receipts accepted", account.person_id),
        ("resident", str(account.id), "electronic receipts declined", account.person_id),
    ]
