"""Households under strain: people set apart stay apart, and what brought a child there before brings her no more."""

from datetime import date
from tempfile import NamedTemporaryFile

import pytest

from domain.common import clock
from domain.people import household
from domain.staff import changes
from models import Account, CartItem, EmergencyContact, Household, LocalChange, Membership, Message, Person, write
from tests.commands.rows import card, table
from tests.domain.cart.hold import held
from tests.factories import make_group, make_household, make_invoice, make_person, make_staff
from tests.walker import Citizen


@pytest.fixture
def home(citizen):
    """A couple with accounts and a child, each with an address on file."""
    citizen.joins(email="")
    Person.update(email="genevieve@example.com").where(Person.id == citizen.person.id).execute()
    other = make_person(citizen.household, first_name="Marc", email="marc@example.com")
    child = make_person(citizen.household, first_name="Zoé", birth_date=date(2018, 5, 1), email="zoe@example.com")
    return citizen, other, child


def recipients() -> list[str]:
    return sorted(message.recipient for message in Message.select())


def split(app, *cards_of, both=()):
    words = ["household", "split", *[person.card_number for person in cards_of]]
    for person in both:
        words += ["--both", person.card_number]
    return app.test_cli_runner().invoke(args=words)


def imports(app, *rows):
    with NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(table(rows))
        file.flush()
        result = app.test_cli_runner().invoke(args=["import", "cards", file.name])
    assert result.exit_code == 0, result.output


def test_people_set_apart_see_nothing_more_of_each_other(home, app):
    citizen, other, child = home
    invoice = make_invoice(citizen.household)
    assert split(app, citizen.person, both=[child]).exit_code == 0
    assert citizen.client.get("/mon-dossier").status_code == 303, "her session ended"
    citizen.comes_back()
    assert citizen.client.get(f"/mon-dossier/comptes/{invoice.number}").status_code == 404
    assert not household.other_adults(citizen.person, 18, clock.today())
    assert Membership.select().where(Membership.person == child).count() == 2
    assert {"genevieve@example.com", "marc@example.com"} <= set(recipients())


def test_the_password_that_the_other_knows_opens_nothing_more(home, app):
    citizen, other, _child = home
    his = Citizen(app.test_client(), citizen.household)
    his.person = other
    his.joins(username="marc", email="")
    split(app, citizen.person)
    for one, username in ((citizen, "genevieve"), (his, "marc")):
        assert one.signs_in(username).status_code == 422
        assert one.comes_back(username).status_code == 303


def test_whom_the_home_she_leaves_calls_for_her_is_kept_there_no_more(home, app):
    citizen, _other, child = home
    for person in (citizen.person, child):
        EmergencyContact.create(person=person, household=citizen.household, name="Mamie", phone="819 843-1111")
    split(app, citizen.person, both=[child])
    assert [contact.person for contact in EmergencyContact.select()] == [child]


def test_the_nightly_import_does_not_reunite_them(home, app):
    citizen, _other, child = home
    split(app, citizen.person, both=[child])
    code = Household.get_by_id(citizen.household.id).code
    people = (citizen.person, child)
    imports(app, *(card(0, card_number=one.card_number, household=code, birth_date=one.birth_date) for one in people))
    mine = [row.household.code for row in Membership.select().where(Membership.person == citizen.person)]
    assert mine == ["P-000001"]
    assert Membership.select().where(Membership.person == child).count() == 2


def test_another_household_of_the_file_counts_once_the_city_says_so(home, app):
    citizen, _other, _child = home
    split(app, citizen.person)
    moved = card(0, card_number=citizen.person.card_number, household="D777")
    imports(app, moved)
    assert homes(citizen.person) == {"P-000001"}
    disputed = LocalChange.get()
    assert (disputed.file_value, disputed.value, disputed.other_value) == (citizen.household.code, "P-000001", "D777")
    changes.take_the_files(make_staff(), disputed.id, "D777")
    imports(app, moved)
    assert homes(citizen.person) == {"D777"}


def comes(app, *people, code):
    """Import people's cards as the city's file has them, of a household."""
    imports(app, *(card(0, card_number=one.card_number, household=code, birth_date=one.birth_date) for one in people))


def homes(person) -> set[str]:
    return {row.household.code for row in Membership.select().where(Membership.person == person)}


def test_those_who_come_together_again_stay_so_after_the_import(home, app):
    citizen, _other, _child = home
    code = citizen.household.code
    split(app, citizen.person)
    with write():
        household.join(citizen.person, citizen.household)
    for _ in range(2):
        comes(app, citizen.person, code=code)
        assert homes(citizen.person) == {code, "P-000001"}


def test_a_child_who_had_joined_them_leaves_with_her_mother_for_good(home, app):
    citizen, _other, _child = home
    baby = make_person(make_household("D77"), birth_date=date(2020, 5, 17))
    with write():
        household.join(baby, citizen.household)
    assert split(app, citizen.person, baby).exit_code == 0
    comes(app, baby, code="D77")
    assert homes(baby) == {"D77", "P-000001"}


def test_a_child_of_both_who_is_set_apart_again_keeps_the_other_home(home, app):
    citizen, _other, child = home
    code = citizen.household.code
    make_person(citizen.household)
    split(app, citizen.person, both=[child])
    assert split(app, child, _other).exit_code == 0
    comes(app, child, code=code)
    assert homes(child) == {"P-000001", "P-000002"}


def test_each_home_a_child_joined_stays_hers(home, app):
    citizen, _other, child = home
    code = citizen.household.code
    with write():
        for other in ("D2", "D3"):
            household.join(child, make_household(other))
    comes(app, child, code=code)
    assert homes(child) == {code, "D2", "D3"}


def test_a_stranger_or_everyone_is_refused_and_nothing_changes(home, app):
    citizen, other, child = home
    before = sorted(Membership.select(Membership.household, Membership.person).tuples())
    assert split(app, citizen.person, make_person(make_household())).exit_code == 1
    assert split(app, citizen.person, other, child).exit_code == 1
    assert "aucune carte" in app.test_cli_runner().invoke(args=["household", "split", "QMAGB99999999"]).output
    assert sorted(Membership.select(Membership.household, Membership.person).tuples())[: len(before)] == before


def test_one_adults_phone_and_email_are_not_shown_to_another(home, app):
    citizen, other, _child = home
    Person.update(phone="819 555-0199").where(Person.id == other.id).execute()
    second = Citizen.__new__(Citizen)
    second.client, second.person, second.household = app.test_client(), other, citizen.household
    second.joins(username="marc.magog", email="marc.prive@example.com")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and rule.rule.startswith("/mon-dossier"):
            page = citizen.client.get(rule.rule).get_data().decode(errors="replace")
            for secret in ("marc.prive", "marc@example", "555-0199", "marc.magog"):
                assert secret not in page, rule.rule


def test_nobody_goes_on_as_someone_who_died(home, app):
    citizen, _other, _child = home
    row = card(0, card_number=citizen.person.card_number, household=citizen.household.code, status="deceased")
    imports(app, row)
    assert citizen.client.get("/mon-dossier").status_code == 303
    assert citizen.signs_in().status_code == 422


def in_carts() -> set[tuple[int, int, str]]:
    rows = CartItem.select(CartItem.household, CartItem.person, CartItem.state)
    return {(row.household_id, row.person_id, row.state) for row in rows}


def test_what_is_chosen_for_who_leaves_goes_along_and_the_other_reads_it_no_more(home, app):
    citizen, other, child = home
    his = Citizen(app.test_client(), citizen.household)
    his.person = other
    his.joins(username="marc", email="")
    for person, title in ((citizen.person, "Autodéfense"), (child, "Natation"), (other, "Yoga")):
        held(citizen.household, person, make_group(title=title))
    CartItem.update(account_id=Account.get(Account.person == other).id).execute()
    wished = held(citizen.household, citizen.person, make_group(title="Escalade"))
    CartItem.update(state=CartItem.WISH).where(CartItem.id == wished.id).execute()
    split(app, citizen.person, both=[child])
    apart = Household.select().order_by(Household.id.desc()).get()
    assert in_carts() == {
        (apart.id, citizen.person.id, CartItem.HELD),
        (apart.id, citizen.person.id, CartItem.WISH),
        (citizen.household.id, child.id, CartItem.HELD),
        (citizen.household.id, other.id, CartItem.HELD),
    }
    hers = set(CartItem.select(CartItem.account_id).where(CartItem.household == apart).scalars())
    assert hers == {Account.get(Account.person == citizen.person).id}, "what becomes of it is told to her"
    his.comes_back("marc")
    citizen.comes_back()
    assert "Autodéfense" in citizen.client.get("/panier").text
    theirs = his.client.get("/panier").text
    assert "Yoga" in theirs
    assert [title for title in ("Autodéfense", "Escalade") if title in theirs] == []


def test_what_the_citys_file_moves_takes_what_is_chosen_for_it_along(home, app):
    citizen, other, child = home
    held(citizen.household, child, make_group())
    imports(app, card(card_number=child.card_number, household="D09999999"))
    [(household_id, _person, state)] = in_carts()
    assert (Household.get_by_id(household_id).code, state) == ("D09999999", CartItem.HELD)
