"""Clerks who accept one request at the same instant: it is done and told once; the guard off, each of them does it."""

from functools import partial

import pytest

from city import City
from domain.people import asked_fields
from domain.staff import attention
from models import AuditEvent, ChangeRequest, LocalChange, Message, Person, StaffAccount, write
from tests.domain.conftest import letters  # noqa: F401
from tests.factories import make_account, make_person, make_staff
from tests.faults.test_races import at_once

CLERKS = 6


@pytest.fixture
def clerks(app) -> list[StaffAccount]:
    return [make_staff(f"agente{number}") for number in range(CLERKS)]


@pytest.fixture
def asked(app, city: City, letters) -> ChangeRequest:  # noqa: F811
    account = make_account(make_person(email="genevieve@example.com"))
    asked_fields.ask(account, account.person, {"phone": "819 555-0142"}, [], "Téléphone", letters, city)
    Message.delete().execute()
    return ChangeRequest.get()


def test_one_of_them_does_it(asked, clerks, city, letters):  # noqa: F811
    results = at_once([partial(attention.grant, one, asked, "", {}, None, letters, city) for one in clerks])
    assert results.count(None) == 1
    assert sum(isinstance(one, attention.AlreadyDecided) for one in results) == CLERKS - 1
    assert Person.get_by_id(asked.person_id).phone == "819 555-0142"
    assert (Message.select().count(), LocalChange.select().count()) == (1, 1)
    assert AuditEvent.select().where(AuditEvent.action == "file corrected").count() == 1


def test_without_the_decision_that_only_one_takes_each_would_say_that_it_did(asked, clerks, city):
    def does(clerk: StaffAccount) -> None:
        with write():
            asked_fields.carry_out(asked, {}, None, clerk.username, city)

    results = at_once([partial(does, one) for one in clerks])
    assert results.count(None) > 1 or any(isinstance(one, asked_fields.ChangedSince) for one in results)
    assert not any(isinstance(one, attention.AlreadyDecided) for one in results)
