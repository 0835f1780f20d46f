"""An account closed, a household in two, somebody who died, a card lost, while places are held or owed."""

from datetime import timedelta

import pytest

from domain.access import separation
from domain.activities import choosing, letters_of_places
from domain.activities.choices import Choice
from domain.common import clock
from domain.payments import card_consents, instalments
from models import (
    Account,
    CartItem,
    Instalment,
    Invoice,
    Membership,
    Message,
    Payment,
    Person,
    PlacesTaken,
    Registration,
)
from tests.domain.cart.hold import held
from tests.domain.payments.agreed import agree, is_today
from tests.factories import make_account, make_group, make_household, make_person, make_saved_card, pay_elsewhere
from tests.registering.family import child_of
from tests.walker import PASSWORD
from views.web.portal import Portal

CENTS = 5_800


@pytest.fixture
def portal(app) -> Portal:
    return app.extensions["portal"]


@pytest.fixture
def mother(citizen):
    """Signed in, written to, with a child at home and a father who has an account too."""
    citizen.joins(email="genevieve@example.com")
    Account.update(email_confirmed_at=clock.now()).execute()
    citizen.father = make_person(citizen.household, first_name="Marc")
    citizen.fathers = make_account(citizen.father, email="marc@example.com", email_confirmed_at=clock.now())
    citizen.zoe = child_of(citizen, first_name="Zoé")
    return citizen


def takes(home, person, account, group=None) -> CartItem:
    item = held(home, person, group or make_group(capacity=1))
    CartItem.update(account_id=account.id).where(CartItem.id == item.id).execute()
    return CartItem.get_by_id(item.id)


def state(item: CartItem) -> str:
    return CartItem.get_by_id(item.id).state


def lets_go(portal: Portal, later: timedelta = timedelta()) -> None:
    letters_of_places.let_go(portal.letters, clock.now() + later)


def taken(item: CartItem) -> int:
    return PlacesTaken.get_by_id(item.activity_id).taken


def written_to(subject: str) -> list[str]:
    return [one.recipient for one in Message.select().where(Message.subject.contains(subject))]


def confirms(citizen, cents: int = CENTS):
    return citizen.post("/panier/confirmer", "/panier", total_seen_cents=cents)


def set_apart(portal: Portal, leaving: list[Person], both: tuple[Person, ...] = ()):
    return separation.split(leaving, list(both), portal.letters, portal.city)


def test_what_is_held_for_who_is_set_apart_goes_along_to_her_own_home(portal, mother):
    item = takes(mother.household, mother.zoe, Account.get(Account.person == mother.person))
    apart = set_apart(portal, [mother.zoe])
    mother.comes_back()
    assert "Zoé" not in mother.client.get_page("/panier")
    assert confirms(mother).status_code == 422
    lets_go(portal)
    assert (state(item), taken(item)) == (CartItem.HELD, 1)
    assert CartItem.get_by_id(item.id).household_id == apart.id


def moved_by_a_file(_portal: Portal, people: list[Person], _both: tuple[Person, ...] = ()):
    apart = make_household()
    for person in people:
        Membership.delete().where(Membership.person == person).execute()
        Membership.create(household=apart, person=person)
    return apart


def dies(_portal: Portal, people: list[Person], _both: tuple[Person, ...] = ()) -> None:
    Person.update(status=Person.DECEASED).where(Person.id.in_([one.id for one in people])).execute()


@pytest.mark.parametrize("leaves", [moved_by_a_file, dies])
def test_what_is_held_for_who_is_of_the_home_no_more_is_in_no_cart_and_free(portal, mother, leaves):
    item = takes(mother.household, mother.zoe, Account.get(Account.person == mother.person))
    CartItem.create(household=mother.household, person=mother.zoe, activity=make_group(), state=CartItem.WISH)
    assert "Zoé" in mother.client.get_page("/panier")
    leaves(portal, [mother.zoe])
    mother.comes_back()
    assert "Zoé" not in mother.client.get_page("/panier")
    assert confirms(mother).status_code == 422
    assert not Invoice.select().exists()
    lets_go(portal)
    assert (state(item), taken(item)) == (CartItem.REMOVED, 0)
    lets_go(portal, timedelta(hours=4))
    assert written_to("Vos places") == []


def test_the_other_home_may_then_take_the_place(portal, mother):
    group = make_group(capacity=1)
    takes(mother.household, mother.zoe, Account.get(Account.person == mother.person), group)
    apart = set_apart(portal, [mother.father, mother.zoe])
    lets_go(portal)
    there = choosing.Acting(apart.id, portal.city, portal.durations, mother.fathers.id)
    outcome = choosing.choose(there, [Choice(mother.zoe, group)])
    assert [one.household_id for one in outcome.kept] == [apart.id]


def test_a_child_of_both_homes_keeps_the_place_where_it_was_taken_and_only_there(portal, mother):
    item = takes(mother.household, mother.zoe, Account.get(Account.person == mother.person))
    apart = set_apart(portal, [mother.father], (mother.zoe,))
    lets_go(portal)
    assert (state(item), item.household_id) == (CartItem.HELD, mother.household.id)
    mother.comes_back()
    assert "Zoé" in mother.client.get_page("/panier")
    assert apart.id != mother.household.id
    mother.signs_out()
    there = mother.__class__(mother.client, apart)
    there.joins(username="voisine")
    assert "Votre panier est vide" in there.client.get_page("/panier")


@pytest.mark.parametrize("leaves", [set_apart, moved_by_a_file, dies])
def test_who_left_reads_nothing_of_the_places_that_stay(portal, mother, leaves):
    item = takes(mother.household, mother.zoe, mother.fathers)
    leaves(portal, [mother.father])
    lets_go(portal)
    assert state(item) == CartItem.HELD, "the place is the child's"
    lets_go(portal, timedelta(hours=4))
    assert state(item) == CartItem.LAPSED
    assert written_to("places") == []


def test_who_stays_pays_it_and_who_left_is_not_told_of_the_registration(portal, mother, paying, simulator):
    takes(mother.household, mother.zoe, mother.fathers)
    set_apart(portal, [mother.father])
    mother.comes_back()
    assert confirms(mother).status_code == 303
    mother.pays(Invoice.get())
    paying()
    assert Registration.get().person_id == mother.zoe.id
    assert "marc@example.com" not in [one.recipient for one in Message.select().where(Message.body.contains("Zoé"))]


def test_an_invoice_stays_with_the_home_it_was_made_for_and_so_does_its_place(portal, mother, paying, simulator):
    item = takes(mother.household, mother.zoe, Account.get(Account.person == mother.person))
    confirms(mother)
    apart = set_apart(portal, [mother.father, mother.zoe])
    lets_go(portal)
    assert (state(item), item.household_id) == (CartItem.HELD, mother.household.id)
    assert Invoice.get().household_id != apart.id
    lets_go(portal, timedelta(hours=4))
    assert (state(item), taken(item), Invoice.get().status) == (CartItem.LAPSED, 0, Invoice.CANCELLED)


@pytest.mark.parametrize("confirmed", [False, True])
def test_an_account_closed_while_it_holds_leaves_the_home_its_place_and_no_number_to_another(portal, mother, confirmed):
    hers = Account.get(Account.person == mother.person)
    Account.delete().where(Account.id == mother.fathers.id).execute()  # SQLite gives the highest number anew
    item = takes(mother.household, mother.zoe, hers)
    if confirmed:
        confirms(mother)
    assert mother.post("/mon-dossier/renseignements/fermer", current=PASSWORD).status_code == 303
    assert not Account.select().where(Account.person == mother.person).exists()
    assert CartItem.get().account_id is None
    assert state(item) == CartItem.HELD
    make_account(make_person(mother.household), email="s@example.com", email_confirmed_at=clock.now())
    lets_go(portal, timedelta(hours=4))
    assert (state(item), taken(item)) == (CartItem.LAPSED, 0)
    assert written_to("Vos places") == []


@pytest.mark.parametrize("leaves", [set_apart, moved_by_a_file, dies])
@pytest.mark.parametrize("at", [Instalment.PLANNED, Instalment.ANNOUNCED])
def test_who_left_is_not_charged_for_the_home_nor_told_nor_shown(portal, mother, leaves, at):
    consent, [first, *_later] = agree(mother.fathers, mother.household)
    card = make_saved_card(mother.fathers)
    type(consent).update(card=card).execute()
    pay_elsewhere((first, 5_000), listener=portal.listeners)
    second = is_today(Instalment.select().order_by(Instalment.id).first(), state=at)
    assert [one.first_id for one, _planned in card_consents.of(mother.fathers)] == [first.id]
    leaves(portal, [mother.father])
    before = Message.select().count()
    instalments.run(portal.letters, clock.today())
    assert Instalment.get_by_id(second.id).state == Instalment.STOPPED
    assert not Payment.select().where(Payment.source != "import").exists()
    assert Message.select().count() == before
    if leaves is not dies:
        assert card_consents.of(mother.fathers) == []


def test_a_card_lost_or_over_between_cart_and_payment_changes_nothing_of_what_is_held(
    portal, mother, paying, simulator
):
    Person.update(expires_on=clock.today()).where(Person.id == mother.zoe.id).execute()
    takes(mother.household, mother.zoe, Account.get(Account.person == mother.person))
    Person.update(expires_on=clock.today() - timedelta(days=1)).where(Person.id == mother.zoe.id).execute()
    assert confirms(mother).status_code == 303
    Person.update(status=Person.LOST).where(Person.id == mother.zoe.id).execute()
    mother.pays(Invoice.get())
    paying()
    assert Registration.get().status == Registration.CONFIRMED
