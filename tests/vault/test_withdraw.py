"""Ne plus rien prendre sur ma carte: asked first, kept with its day, and nobody else's."""

import pytest

from models import CardConsent, Instalment
from tests.factories import make_account, make_consent, make_household, make_invoice, make_saved_card
from tests.walker import Citizen

ROOM = "/mon-dossier/coffre"


@pytest.fixture
def consent(member) -> CardConsent:
    invoices = [make_invoice(member.household, cents) for cents in (5_000, 2_500, 2_501)]
    made = make_consent(member.account, *invoices)
    CardConsent.update(card=make_saved_card(member.account)).execute()
    return made


def path(consent: CardConsent) -> str:
    return f"{ROOM}/versements/{consent.first.number}/arreter"


def test_the_room_says_what_is_charged_when_and_to_which_card(member, consent):
    html = member.client.get_page(ROOM)
    assert "25,00" in html
    assert "25,01" in html
    assert "Visa se terminant par 1111" in html
    assert path(consent) in html


def test_it_is_asked_first_with_the_words_agreed_to(member, consent):
    html = member.client.get_page(path(consent))
    assert "J’accepte que la Ville prenne" in html
    assert CardConsent.get().withdrawn_at is None


def test_withdrawn_the_invoices_are_hers_to_pay(member, consent):
    assert member.post(path(consent)).location == ROOM
    assert CardConsent.get().withdrawn_at
    assert set(Instalment.select(Instalment.state).scalars()) == {"stopped"}
    html = member.client.get_page(ROOM)
    assert path(consent) not in html
    assert "Rien de plus ne sera pris" in html
    assert "Vous avez retiré cet accord" in member.client.get_page(path(consent))


def test_twice_is_once(member, consent):
    member.post(path(consent))
    first = CardConsent.get().withdrawn_at
    member.post(path(consent), ROOM + "/ajouter")
    assert CardConsent.get().withdrawn_at == first


def test_anothers_is_not_there(member, app):
    home = make_household()
    hers = make_consent(make_account(), make_invoice(home), make_invoice(home))
    assert member.client.get(path(hers)).status_code == 404
    assert member.post(path(hers), ROOM + "/ajouter").status_code == 404
    other = Citizen(app.test_client(), member.household)
    other.joins(username="luc")
    mine = make_consent(member.account, make_invoice(member.household), make_invoice(member.household))
    assert other.client.get(path(mine)).status_code == 404


def test_removing_its_card_says_what_follows(member, consent):
    card = CardConsent.get().card
    html = member.client.get_page(f"{ROOM}/{card.reference}/retirer")
    assert "Des versements devaient être pris sur cette carte" in html


def test_the_invoice_says_so_too(member, consent):
    second = Instalment.get().invoice
    html = member.client.get_page(f"/mon-dossier/comptes/{second.number}")
    assert "Pris sur votre carte" in html
    assert path(consent) in html
