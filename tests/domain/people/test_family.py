"""Ma famille: whom one sees, what of her, whom to call, and asking for one more."""

from datetime import date, datetime, timedelta

import pytest

from domain.access import separation
from domain.common import clock, formats
from domain.people import contacts, family, requests
from domain.people.requests import MOST_OPEN, TooManyRequests
from models import (
    Account,
    AuditEvent,
    ChangeRequest,
    Household,
    JoinRequest,
    Membership,
    Message,
    Person,
    write,
)
from tests.factories import make_account, make_household, make_person

pytestmark = pytest.mark.usefixtures("app")
TODAY = date(2026, 11, 23)
CHILD = {"birth_date": date(2018, 5, 1)}


@pytest.fixture
def account(app) -> Account:
    return make_account(make_person(email="genevieve@example.com"))


@pytest.fixture
def ask(letters, city):
    """Return what asks for someone to be added."""
    return lambda account, person: family.ask_member(account, person, "avec nous", letters, city)


def at_home(account: Account, **values) -> Person:
    """Make someone of the account's household."""
    return make_person(Membership.get(Membership.person == account.person).household, **values)


def recipients() -> list[str]:
    return sorted(message.recipient for message in Message.select())


def written() -> list[int]:
    return [table.select().count() for table in (ChangeRequest, JoinRequest, Message, AuditEvent)]


def test_oneself_comes_first_then_the_others_by_age(account, city):
    young, old = at_home(account, **CHILD), at_home(account, birth_date=date(1950, 1, 1))
    at_home(account, status=Person.DECEASED)
    make_person()
    found = family.members(account, city, TODAY)
    assert [member.person.id for member in found] == [account.person_id, old.id, young.id]


@pytest.mark.parametrize(("today", "age", "is_open"), [(date(2026, 5, 16), 17, True), (date(2026, 5, 17), 18, False)])
def test_changes_are_asked_for_a_child_until_the_day_she_is_an_adult(account, city, today, age, is_open):
    at_home(account, birth_date=date(2008, 5, 17))
    herself, child = family.members(account, city, today)
    assert (child.age, child.is_open, child.tells_where) == (age, is_open, is_open)
    assert herself.is_open
    assert herself.tells_where


def test_a_child_of_another_home_too_does_not_tell_where_unless_it_is_ones_own(account, city):
    child, second = at_home(account, **CHILD), make_household()
    Membership.create(household=second, person=child)
    assert [member.tells_where for member in family.members(account, city, TODAY)] == [True, False]
    assert family.find(account, child.id, city, TODAY).is_open
    Membership.create(household=second, person=account.person)
    assert [member.tells_where for member in family.members(account, city, TODAY)] == [True, True]


@pytest.mark.parametrize(
    ("days", "is_expired", "expires_soon"),
    [(-1, True, False), (0, False, True), (60, False, True), (61, False, False)],
)
def test_a_card_is_valid_on_its_last_day_and_its_end_is_near_for_sixty(account, city, days, is_expired, expires_soon):
    child = at_home(account, expires_on=TODAY + timedelta(days=days), **CHILD)
    member = family.find(account, child.id, city, TODAY)
    assert (member.days_left, member.is_expired, member.expires_soon) == (days, is_expired, expires_soon)


def test_each_has_her_own_contact_and_what_she_waits_for(account, city):
    child = at_home(account, **CHILD)
    contacts.add(account, child, "Ginette", "819 843-1330", "voisine")
    asked = ChangeRequest.create(kind="correction", person=child, words="a", asked_by=account.person)
    ChangeRequest.create(kind="correction", person=child, words="b", asked_by=account.person, decided_at=clock.now())
    herself, hers = family.members(account, city, TODAY)
    assert (herself.contacts, herself.waiting) == ([], [])
    assert ([one.name for one in hers.contacts], hers.waiting) == (["Ginette"], [asked])


def test_another_adult_a_stranger_and_nobody_are_not_found(account, city):
    for person_id in (at_home(account).id, make_person(**CHILD).id, 9_999):
        with pytest.raises(family.NoSuchMember):
            family.find(account, person_id, city, TODAY)


def test_asking_for_someone_adds_nobody_and_tells_all_those_concerned(account, ask, city):
    at_home(account, email="marc@example.com")
    at_home(account, email="lea@example.com", **CHILD)
    baby = make_person(email="zoe@example.com", **CHILD)
    at_hers = Membership.get(Membership.person == baby).household
    make_person(at_hers, email="parent@example.com")
    ask(account, baby)
    asked, joining = ChangeRequest.get(), JoinRequest.get()
    assert (asked.kind, asked.person_id, asked.words) == (ChangeRequest.MEMBER, account.person_id, "avec nous")
    assert (joining.request_id, joining.person_id) == (asked.id, baby.id)
    assert [joining.household_id] == account.household_ids()
    assert recipients() == sorted(["marc@example.com", "zoe@example.com", "parent@example.com", city.help.email])
    assert Membership.select().where(Membership.person == baby).count() == 1
    assert (AuditEvent.get().action, AuditEvent.get().subject) == ("member asked", str(asked.id))


def test_asking_twice_is_one_request_until_it_is_decided(account, ask):
    baby = make_person(**CHILD)
    ask(account, baby)
    once = written()
    ask(account, baby)
    assert written() == once
    ChangeRequest.update(decided_at=clock.now()).execute()
    ask(account, baby)
    assert ChangeRequest.select().count() == 2


def test_someone_of_the_household_is_not_asked_for(account, ask):
    with pytest.raises(family.AlreadyMember):
        ask(account, at_home(account, **CHILD))
    assert written() == [0] * 4


def test_past_the_most_that_may_wait_nothing_is_written(account, ask):
    for _ in range(MOST_OPEN):
        ask(account, make_person())
    full = written()
    with pytest.raises(TooManyRequests):
        ask(account, make_person())
    assert written() == full
    ChangeRequest.update(decided_at=clock.now()).where(ChangeRequest.id == ChangeRequest.get().id).execute()
    ask(account, make_person())


def test_what_one_asks_for_a_child_is_read_by_oneself_alone(account, city, letters):
    child, second = at_home(account, **CHILD), make_household()
    Membership.create(household=second, person=child)
    others = make_account(make_person(second)), make_account(at_home(account))
    requests.ask_correction(account, child, "Nous vivons au refuge", letters, city)
    assert [asked.words for asked in family.find(account, child.id, city, TODAY).waiting] == ["Nous vivons au refuge"]
    for other in others:
        assert family.find(other, child.id, city, TODAY).waiting == []
        assert requests.by(other.person) == []
    assert [asked.words for asked in requests.by(account.person)] == ["Nous vivons au refuge"]


def test_neither_home_learns_how_much_the_other_asks(account, city, letters):
    child, second = at_home(account, **CHILD), make_household()
    Membership.create(household=second, person=child)
    for number in range(MOST_OPEN):
        requests.ask_correction(account, child, f"{number}", letters, city)
    other = make_account(make_person(second))
    requests.ask_correction(other, child, "0", letters, city)
    assert ChangeRequest.select().where(ChangeRequest.asked_by == other.person).count() == 1


def confirmed(name: str, home: Household, at: datetime | None = None, **values) -> Person:
    """Make an adult of a household, with an account whose address is confirmed."""
    person = make_person(home, first_name=name, **values)
    email = f"{name.lower()}@example.org"
    make_account(person, email=email, email_key=email, email_confirmed_at=at or clock.now())
    return person


class Joining:
    """Marie and Luc's home asks for somebody of another home, where Paul lives."""

    def __init__(self, letters, city) -> None:
        self.letters, self.city = letters, city
        self.home, self.other = make_household(), make_household()
        self.marie, self.luc = confirmed("Marie", self.home), confirmed("Luc", self.home)
        self.paul = confirmed("Paul", self.other)

    def adds(self, person: Person) -> dict[str, str]:
        """Have it accepted; return what was written, by its recipient."""
        asked = ChangeRequest.create(
            kind=ChangeRequest.MEMBER, person=self.marie, asked_by=self.marie, words="avec nous"
        )
        joined = JoinRequest.create(request=asked, person=person, household=self.home)
        Message.delete().execute()
        with write():
            family.add_member(joined, "agent", self.letters, self.city)
        return {message.recipient: f"{message.subject}\n{message.body}" for message in Message.select()}


@pytest.fixture
def joining(app, letters, city) -> Joining:
    return Joining(letters, city)


def test_who_is_added_and_the_adults_of_the_home_are_told_what_changes_and_whom_to_call(joining):
    zoe = confirmed("Zoé", joining.other)
    told = joining.adds(zoe)
    assert set(told) == {"marie@example.org", "luc@example.org", "zoé@example.org"}
    for letter in told.values():
        assert formats.phone(joining.city.counter.phone) in letter
        assert "les mêmes factures" in letter
    assert "Zoé" in told["marie@example.org"]
    assert "Marie" in told["zoé@example.org"]


def test_a_parent_of_an_added_child_is_told_without_the_other_home(joining):
    told = joining.adds(make_person(joining.other, first_name="Léo", **CHILD))
    assert set(told) == {"marie@example.org", "luc@example.org", "paul@example.org"}
    assert "Léo" in told["paul@example.org"]
    for name in ("Marie", "Luc"):
        assert name not in told["paul@example.org"]


def test_an_address_that_is_not_confirmed_is_told_that_something_changed_and_of_nobody(joining):
    zoe = make_person(joining.other, first_name="Zoé", email="file@example.org")
    make_account(zoe, email="typed@example.org", email_key="typed@example.org")
    told = joining.adds(zoe)
    assert set(told) == {"marie@example.org", "luc@example.org", "typed@example.org"}
    for name in ("Marie", "Luc", "Zoé"):
        assert name not in told["typed@example.org"]


def test_one_of_the_home_already_is_news_to_nobody(joining):
    assert joining.adds(joining.luc) == {}


def apart(joining: Joining, leaving: Person, *staying_too: Person) -> None:
    separation.split([leaving], list(staying_too), joining.letters, joining.city)


def test_where_who_was_set_apart_went_is_not_written_where_she_was_read_before(joining):
    zoe = confirmed("Zoé", joining.other, at=clock.now() - timedelta(days=1))
    apart(joining, zoe)
    assert set(joining.adds(zoe)) == {"marie@example.org", "luc@example.org"}


def test_at_an_address_confirmed_since_she_is_told(joining):
    zoe = make_person(joining.other, first_name="Zoé")
    apart(joining, zoe)
    make_account(zoe, email="n@example.org", email_key="n@example.org", email_confirmed_at=clock.now())
    assert set(joining.adds(zoe)) == {"marie@example.org", "luc@example.org", "n@example.org"}


def test_whom_she_was_set_apart_from_hears_nothing_of_a_child_of_both(joining):
    zoe = make_person(joining.other, first_name="Zoé")
    leo = make_person(joining.other, first_name="Léo", **CHILD)
    apart(joining, zoe, leo)
    assert set(joining.adds(leo)) == {"marie@example.org", "luc@example.org"}


def test_nor_when_who_was_set_apart_lives_in_the_home_that_asked(joining):
    leo = make_person(joining.other, first_name="Léo", **CHILD)
    apart(joining, joining.luc)
    assert "paul@example.org" not in joining.adds(leo)


def test_who_is_put_back_with_whom_she_was_set_apart_from_is_told_in_any_case(joining):
    apart(joining, joining.luc)
    Account.update(email_confirmed_at=clock.now() - timedelta(days=1)).where(Account.person == joining.luc).execute()
    assert "luc@example.org" in joining.adds(joining.luc)
