"""The room: what is kept for this account, and for no other."""

from datetime import date, timedelta

from domain.common import clock
from models import Account, SavedCard
from tests.factories import make_saved_card
from tests.walker import Citizen

ROOM = "/mon-dossier/coffre"


def test_an_empty_room_says_what_it_is_for(member):
    html = member.client.get_page(ROOM)
    assert "Aucune carte n’est gardée" in html
    assert "Ajouter une carte" in html


def test_cards_show_brand_four_digits_and_expiry(member):
    make_saved_card(member.account, brand="Mastercard", last_four="4444", expires_on=date(2031, 2, 28))
    html = member.client.get_page(ROOM)
    assert "Mastercard se terminant par 4444" in html
    assert "28\u00a0février\u00a02031" in html


def test_a_card_about_to_expire_and_an_expired_one_say_so(member):
    today = clock.today()
    make_saved_card(member.account, expires_on=today + timedelta(days=61), last_four="0001")
    assert "Expire" not in member.client.get_page(ROOM)
    make_saved_card(member.account, expires_on=today + timedelta(days=60), last_four="0002")
    assert "Expire bientôt" in member.client.get_page(ROOM)
    make_saved_card(member.account, expires_on=today - timedelta(days=1), last_four="0003")
    assert "Expirée" in member.client.get_page(ROOM)


def test_another_adult_of_the_household_does_not_see_them(member, app):
    make_saved_card(member.account, last_four="1111")
    other = Citizen(app.test_client(), member.household)
    other.joins(username="luc")
    assert "1111" not in other.client.get(ROOM).text


def test_queries_do_not_grow_with_the_cards(member, queries):
    make_saved_card(member.account)
    with queries() as few:
        member.client.get(ROOM)
    for _ in range(6):
        make_saved_card(member.account)
    with queries() as many:
        member.client.get(ROOM)
    assert len(many) == len(few)


def test_closing_the_account_has_its_cards_forgotten(member, simulator, working, there):
    member.keeps_a_card()
    working()
    member.post("/mon-dossier/renseignements/fermer", current="chaloupe violette 27")
    assert not Account.select().exists()
    working()
    assert SavedCard.get().state == "removed"
    assert not there(SavedCard.get())


def test_a_person_takes_along_what_is_known_of_her_cards_and_no_key_to_them(member):
    card = make_saved_card(member.account, last_four="4242")
    text = member.client.get("/mon-dossier/renseignements.json").text
    assert "4242" in text
    assert card.token not in text
