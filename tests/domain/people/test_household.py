"""Who belongs together, where to write to each, and who hears of a change."""

from datetime import date

import pytest

from domain.common import clock
from domain.people import household
from models import Account, AuditEvent, Household, Membership, Message, Person, Separation, write
from tests.factories import make_account, make_household, make_person

pytestmark = pytest.mark.usefixtures("app")
TODAY = date(2026, 11, 23)


@pytest.fixture
def home(app) -> Household:
    return make_household("D1")


@pytest.fixture
def account(home) -> Account:
    """Someone with an account, a spouse and a child, each with an address on file."""
    account = make_account(make_person(home, email="genevieve@example.com"))
    make_person(home, first_name="Marc", email="marc@example.com")
    make_person(home, first_name="Zoé", birth_date=date(2018, 5, 1), email="zoe@example.com")
    return account


def recipients() -> list[str]:
    return sorted(message.recipient for message in Message.select())


def confirm(account: Account, email: str) -> None:
    account.email, account.email_confirmed_at = email, clock.now()
    account.save()


def homes(person: Person) -> set[str]:
    return {row.household.code for row in Membership.select().where(Membership.person == person)}


@pytest.mark.parametrize(("today", "names"), [(date(2026, 5, 16), []), (date(2026, 5, 17), ["Luc"])])
def test_one_is_among_the_adults_from_her_birthday_on(home, today, names):
    person = make_person(home)
    make_person(home, first_name="Luc", birth_date=date(2008, 5, 17))
    assert [other.first_name for other in household.other_adults(person, 18, today)] == names


def test_the_other_adults_are_the_living_of_all_ones_households_each_once(home):
    person, both, second = make_person(home), make_person(home), make_household()
    for one in (person, both):
        Membership.create(household=second, person=one)
    there = make_person(second)
    make_person(home, status=Person.DECEASED)
    make_person()
    assert sorted(other.id for other in household.other_adults(person, 18, TODAY)) == [both.id, there.id]


@pytest.mark.parametrize(("confirmed", "address"), [(True, "new@example.com"), (False, "genevieve@example.com")])
def test_one_is_written_to_where_she_confirmed_else_where_the_file_says(account, confirmed, address):
    confirm(account, "new@example.com")
    if not confirmed:
        Account.update(email_confirmed_at=None).execute()
    assert household.address_of(account.person) == address


def test_without_an_account_the_file_says_where(home):
    assert household.address_of(make_person(home, email="marc@example.com")) == "marc@example.com"
    assert household.address_of(make_person(home)) == ""


def test_a_change_is_told_to_the_file_and_the_other_adults(account, letters, city):
    household.tell_of_change(account, "password_changed", letters, city)
    assert recipients() == ["genevieve@example.com", "marc@example.com"]
    said = {message.recipient: message.subject for message in Message.select()}
    assert said["genevieve@example.com"] == "Votre mot de passe a été changé"
    assert said["marc@example.com"] == "Un changement au compte de Geneviève"


def test_the_address_on_file_hears_even_when_the_account_has_another(account, letters, city):
    confirm(account, "ailleurs@example.com")
    household.tell_of_change(account, "password_changed", letters, city)
    assert recipients() == ["ailleurs@example.com", "genevieve@example.com", "marc@example.com"]


def test_a_deceased_persons_card_gets_no_mail(account, letters, city):
    confirm(account, "ailleurs@example.com")
    Person.update(status=Person.DECEASED).where(Person.id == account.person_id).execute()
    household.tell_of_change(Account.get(), "password_changed", letters, city)
    assert recipients() == ["marc@example.com"]
    assert household.address_of(Person.get_by_id(account.person_id)) == ""


def test_the_other_adults_alone_hear_of_what_someone_asks(account, letters, city):
    asking = account.person
    household.tell_other_adults(asking, "asked_at_home", letters, city, concerned=asking, added=False)
    assert recipients() == ["marc@example.com"]


def test_one_more_household_leaves_those_before_and_is_kept_from_the_import(home):
    child, second = make_person(home), make_household("D2")
    with write():
        household.join(child, second)
    assert homes(child) == {"D1", "D2"}
    kept = Separation.get()
    assert (kept.person_id, kept.household_id, kept.apart_id, kept.stays) == (child.id, home.id, second.id, True)
    event = AuditEvent.get()
    assert (event.action, event.person_id, event.subject) == ("household joined", child.id, "D2")


def test_joining_a_household_one_is_of_changes_nothing(home):
    child = make_person(home)
    household.join(child, home)
    assert homes(child) == {"D1"}
    assert not Separation.select().exists()
    assert not AuditEvent.select().exists()


def test_the_others_are_those_of_ones_own_households_without_oneself(account):
    make_person()
    assert [person.first_name for person in household.others_of(account)] == ["Marc", "Zoé"]


def test_an_address_not_confirmed_is_warned_of_every_change_and_told_nobodys_name(app, letters, city):
    home = make_household()
    hers = make_account(make_person(home, email=""), email="elle@example.com")
    his = make_account(make_person(home, first_name="Marc", email="marc@example.com"), email="peut-etre@example.com")
    household.tell_of_change(hers, "password_changed", letters, city)
    household.tell_other_adults(hers.person, "asked_at_home", letters, city, concerned=hers.person, added=False)
    unnamed = [message for message in Message.select() if message.recipient in (hers.email, his.email)]
    assert sorted(message.recipient for message in unnamed) == [hers.email, his.email, his.email]
    for message in unnamed:
        told = (message.subject + message.body).casefold()
        for account in (hers, his):
            words = (account.person.first_name, account.person.last_name, account.username, account.person.card_number)
            assert not [word for word in words if word.casefold() in told]


def test_the_address_on_file_given_again_is_not_written_to_twice_nor_one_that_is_confirmed(app, letters, city):
    same = make_account(make_person(email="Elle@example.com"), email="elle@example.com")
    sure = make_account(make_person(), email="sure@example.com", email_confirmed_at=clock.now())
    for account in (same, sure):
        household.tell_of_change(account, "password_changed", letters, city)
    assert sorted(message.recipient for message in Message.select()) == ["Elle@example.com", "sure@example.com"]


def test_the_people_of_a_household_are_the_living_the_youngest_first(home):
    old, young = (make_person(home, birth_date=date(year, 5, 1)) for year in (1985, 2018))
    make_person(home, status="deceased")
    assert household.people_of(home.id) == [young, old]
