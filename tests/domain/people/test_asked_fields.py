"""Fields that are asked: what the file said is kept beside, one press does it, and nothing is overwritten blindly."""

from datetime import date, datetime

import pytest

from domain.access import separation
from domain.common import clock
from domain.people import asked_fields, requests
from domain.people.asked_fields import Standing
from domain.people.corrections import ChangedSince
from models import (
    Account,
    AskedField,
    ChangeRequest,
    LocalChange,
    Membership,
    Message,
    Person,
    UnverifiedAccount,
    write,
)
from tests.factories import make_account, make_household, make_person

CHILD = {"birth_date": date(2018, 5, 1), "first_name": "Léa"}
MOVED = {"address": "3, rue Neuve, app. 4", "city": "Magog", "postal_code": "J1X 4A4"}


@pytest.fixture
def account(app) -> Account:
    return make_account(make_person(email="genevieve@example.com"))


@pytest.fixture
def home(account) -> int:
    return Membership.get(Membership.person == account.person).household_id


@pytest.fixture
def spouse(home) -> Person:
    return make_person(home, first_name="Marc", email="marc@example.com")


@pytest.fixture
def child(home) -> Person:
    return make_person(home, **CHILD)


@pytest.fixture
def ask(account, letters, city):
    def ask(person: Person, wanted: dict[str, str], *also: Person, by: Account = account, words: str = "") -> bool:
        return asked_fields.ask(by, person, wanted, also, words or str(wanted), letters, city)

    return ask


@pytest.fixture
def accept(city):
    def accept(shown: dict[int, str] | None = None, resident: bool | None = None) -> list[tuple[Person, list[str]]]:
        with write():
            return asked_fields.carry_out(waiting(), shown or {}, resident, "lise", city)

    return accept


def waiting() -> ChangeRequest:
    return ChangeRequest.select().where(ChangeRequest.decided_at.is_null()).order_by(ChangeRequest.id).get()


def standings(city) -> set[Standing]:
    return {one.standing for one in asked_fields.standing(waiting(), city)}


def filed(person: Person, *names: str) -> list[object]:
    now = Person.get_by_id(person.id)
    return [getattr(now, name) for name in names]


def test_what_the_file_said_is_kept_beside_and_all_concerned_are_told(ask, account, spouse, child, city):
    ask(account.person, MOVED, child, spouse)
    rows = [(one.row.person_id, one.row.field, one.row.seen, one.row.wanted) for one in
            asked_fields.standing(waiting(), city)]  # fmt: skip
    names = ("address", "city", "postal_code")
    assert rows == [
        (person.id, name, getattr(person, name), MOVED[name])
        for person in (account.person, *sorted((child, spouse), key=lambda one: one.id))
        for name in names
    ]
    letters = {message.recipient: message.body for message in Message.select()}
    assert set(letters) == {"genevieve@example.com", "marc@example.com", city.help.email}
    assert "à la fiche de Marc" in letters["marc@example.com"]
    assert not any("Neuve" in body for body in letters.values())


def test_accepted_it_is_done_for_each_and_remembered_beside_what_the_file_said(ask, accept, account, child):
    ask(account.person, MOVED, child)
    done = accept()
    assert [(person.id, fields) for person, fields in done] == [
        (account.person_id, ["address", "postal_code"]),
        (child.id, ["address", "postal_code"]),
    ]
    for person in (account.person, child):
        assert filed(person, "address", "postal_code", "resident") == ["3, rue Neuve, app. 4", "J1X 4A4", True]
    kept = LocalChange.select().where(LocalChange.key == child.card_number).order_by(LocalChange.field)
    assert [(one.field, one.file_value, one.value, one.made_by) for one in kept] == [
        ("address", "12, rue Merry Nord", "3, rue Neuve, app. 4", "lise"),
        ("postal_code", "J1X 2B6", "J1X 4A4", "lise"),
    ]


def test_a_birth_date_is_written_as_a_date(ask, accept, child):
    ask(child, {"birth_date": "2017-05-01"})
    accept()
    assert filed(child, "birth_date") == [date(2017, 5, 1)]
    assert (LocalChange.get().file_value, LocalChange.get().value) == ("2018-05-01", "2017-05-01")


@pytest.mark.parametrize("resident", [True, False])
def test_another_city_wants_a_word_on_the_residence_and_gets_what_was_said(ask, accept, account, child, resident):
    Person.update(resident=False).where(Person.id == child.id).execute()
    ask(account.person, MOVED | {"city": "Orford"}, child)
    with pytest.raises(asked_fields.ResidenceUndecided):
        accept()
    assert filed(account.person, "city") == ["Magog"]
    accept(resident=resident)
    for person in (account.person, child):
        assert filed(person, "city", "resident") == ["Orford", resident]
    [kept] = LocalChange.select().where(LocalChange.field == "resident")
    assert (kept.file_value, kept.value) == (("0", "1") if resident else ("1", "0"))


def test_the_residence_of_who_stays_in_the_city_is_nobodys_to_change_in_passing(ask, accept, account):
    ask(account.person, MOVED | {"city": "MAGOG"})
    accept(resident=False)
    assert filed(account.person, "resident") == [True]


def test_the_same_twice_is_one_and_another_of_the_same_fields_takes_its_place(ask, account, child):
    assert not ask(account.person, MOVED, child)
    written = Message.select().count()
    assert not ask(account.person, MOVED, child)
    assert (ChangeRequest.select().count(), Message.select().count()) == (1, written)
    assert not ask(account.person, {"first_name": "Ève", "last_name": "Trần"}), "other fields"
    assert not ask(child, MOVED), "another person's"
    assert ask(account.person, MOVED | {"address": "5, rue Haute"})
    first, name, hers, second = ChangeRequest.select().order_by(ChangeRequest.id)
    assert (first.decision, first.is_answered) == (ChangeRequest.REPLACED, False)
    assert [one.decided_at for one in (name, hers, second)] == [None] * 3


def test_asking_again_and_again_writes_to_the_city_once_and_has_an_end(ask, account, city):
    numbers = [f"819 555-01{number:02}" for number in range(asked_fields.MOST_REPLACED + 2)]
    for number in numbers[:-1]:
        ask(account.person, {"phone": number})
    assert Message.select().where(Message.recipient == city.help.email).count() == 1
    with pytest.raises(asked_fields.TooOften):
        ask(account.person, {"phone": numbers[-1]})
    assert AskedField.get(AskedField.request == waiting()).wanted == numbers[-2]


def test_anothers_words_are_not_replaced(ask, account, spouse, child):
    ask(child, MOVED)
    assert not ask(child, MOVED | {"address": "5, rue Haute"}, by=make_account(spouse))
    assert ChangeRequest.select().where(ChangeRequest.decided_at.is_null()).count() == 2


def test_past_the_most_that_may_wait_nothing_is_written(ask, account):
    for number in range(requests.MOST_OPEN):
        ChangeRequest.create(kind="correction", person=account.person, asked_by=account.person, words=f"{number}")
    with pytest.raises(requests.TooManyRequests):
        ask(account.person, MOVED)
    assert not AskedField.select().exists()


def test_what_the_file_says_already_is_done(ask, accept, account, city):
    ask(account.person, MOVED)
    Person.update(**MOVED).where(Person.id == account.person_id).execute()
    assert standings(city) == {Standing.DONE}
    assert accept() == []


def test_a_file_that_changed_since_is_said_and_written_only_over_what_was_shown(ask, accept, account, city):
    ask(account.person, {"phone": "819 555-0142"})
    Person.update(phone="819 555-7777").where(Person.id == account.person_id).execute()
    [one] = asked_fields.standing(waiting(), city)
    assert (one.standing, one.now) == (Standing.CHANGED, "819 555-7777")
    for shown in ({}, {one.row.id: "819 843-0000"}, {one.row.id + 1: "819 555-7777"}):
        with pytest.raises(ChangedSince):
            accept(shown)
    assert filed(account.person, "phone") == ["819 555-7777"]
    accept({one.row.id: "819 555-7777"})
    assert filed(account.person, "phone") == ["819 555-0142"]


def test_who_died_is_left_as_she_is_and_the_rest_is_done(ask, accept, account, child, city):
    ask(account.person, MOVED, child)
    Person.update(status=Person.DECEASED).where(Person.id == child.id).execute()
    assert standings(city) == {Standing.TO_DO, Standing.DONE, Standing.DECEASED}
    accept()
    assert filed(account.person, "address") == ["3, rue Neuve, app. 4"]
    assert filed(child, "address") == ["12, rue Merry Nord"]


def test_a_page_that_showed_somebody_as_possible_writes_nothing_once_she_is_not(ask, accept, account, child, city):
    ask(account.person, MOVED, child)
    shown = {one.row.id: one.now for one in asked_fields.standing(waiting(), city)}
    Person.update(status=Person.DECEASED).where(Person.id == child.id).execute()
    with pytest.raises(ChangedSince):
        accept(shown)
    assert filed(account.person, "address") == ["12, rue Merry Nord"]


@pytest.mark.parametrize("leaving", ["asker", "spouse"])
def test_who_was_set_apart_meanwhile_is_out_of_reach(ask, accept, account, spouse, letters, city, leaving):
    ask(account.person, MOVED, spouse)
    separation.split([account.person if leaving == "asker" else spouse], [], letters, city)
    assert {one.standing for one in asked_fields.standing(waiting(), city) if one.row.person_id == spouse.id} == {
        Standing.APART
    }
    accept()
    assert filed(spouse, "address") == ["12, rue Merry Nord"]
    assert filed(account.person, "address") == ["3, rue Neuve, app. 4"]


def test_of_a_child_who_left_with_the_other_parent_nothing_is_done(ask, accept, child, account):
    ask(child, {"phone": "819 555-0142"})
    Membership.update(household=make_household()).where(Membership.person == child).execute()
    with pytest.raises(asked_fields.NothingToDo):
        accept()
    assert filed(child, "phone") == ["819 843-0000"]


def test_who_is_grown_asks_for_herself(ask, accept, child, city):
    ask(child, {"phone": "819 555-0142"})
    assert standings(city) == {Standing.TO_DO}
    Person.update(birth_date=date(clock.today().year - 18, 1, 1)).where(Person.id == child.id).execute()
    ChangeRequest.update(created_at=datetime(clock.today().year - 1, 6, 1)).execute()
    assert standings(city) == {Standing.GROWN}
    with pytest.raises(asked_fields.NothingToDo):
        accept()


def test_whose_account_is_not_known_is_told_to_who_decides(ask, account):
    ask(account.person, {"phone": "819 555-0142"})
    assert not asked_fields.is_unverified(waiting())
    UnverifiedAccount.create(account=account, at=clock.now())
    assert asked_fields.is_unverified(waiting())
