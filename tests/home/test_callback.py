"""« Demander un appel »."""

import pytest

from domain.common import rate_limits
from models import Message
from settings import LIMITS
from views.home import NO_PAGE


def test_page_comes_whole_and_as_fragment(client):
    client.get_page("/rappelez-moi")


def test_the_library_is_told_where_the_resident_stopped(citizen, city):
    response = citizen.post("/rappelez-moi", phone="(819) 843-0000", best_time="après 16 h", stopped_at="payment.pay")
    assert response.status_code == 303
    message = Message.get()
    assert message.recipient == city.help.email
    assert "843-0000" in message.body
    assert "après 16 h" in message.body
    assert "Étape 4, paiement" in message.body
    assert "843-0000" not in response.location
    html = citizen.client.get(response.location).text
    assert 'On vous rappellera au <span class="nowrap">819\u00a0843-0000</span>' in html


@pytest.mark.parametrize(
    ("referer", "step"),
    [
        ("http://localhost/compte/carte?x=1", "account.card"),
        ("http://localhost/mon-dossier/payer?facture=F1", "payment.pay"),
        ("http://localhost/nowhere", NO_PAGE),
        ("http://elsewhere.example/compte/carte", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_the_step_is_known_from_the_page_one_comes_from(client, referer, step):
    html = client.get("/rappelez-moi", headers={"Referer": referer}).text
    assert f'name="stopped_at" value="{step}"' in html


def test_a_page_that_does_not_exist_is_a_step_too(citizen):
    citizen.post("/rappelez-moi", "/nowhere", phone="819 843-0000", stopped_at=NO_PAGE)
    assert f'name="stopped_at" value="{NO_PAGE}"' in citizen.client.get("/nowhere").text
    assert "Page introuvable" in Message.get().body


@pytest.mark.parametrize("phone", ["", "843-0000", "abc", "819 843-0000\r\nBcc: x@y.ca", "4111 1111 1111 1111"])
def test_a_number_one_cannot_call_is_refused_and_nothing_is_sent(citizen, phone):
    assert citizen.post("/rappelez-moi", phone=phone).status_code == 422
    assert not Message.select().exists()


def test_a_secret_in_the_address_never_reaches_the_library(citizen):
    citizen.post("/rappelez-moi", phone="819 843-0000", stopped_at="/courriel/s3cr3t-t0ken")
    assert "s3cr3t" not in Message.get().body


def test_every_error_page_offers_it(client):
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert 'action="/rappelez-moi"' in response.text


def test_the_library_cannot_be_flooded(citizen):
    most = LIMITS[rate_limits.CALLBACKS[0]].most
    for n in range(most):
        assert citizen.post("/rappelez-moi", phone=f"819 843-00{n:02}").status_code == 303
    answer = citizen.post("/rappelez-moi", phone="819 843-0099")
    assert answer.status_code == 422
    assert "Appelez, ou attendez" in answer.text
    assert Message.select().count() == most


def test_sent_again_on_a_bad_line_it_is_one_message(citizen):
    for _ in range(2):
        assert citizen.post("/rappelez-moi", phone="819 843-0000", best_time="le soir").status_code == 303
    assert Message.select().count() == 1
    citizen.post("/rappelez-moi", phone="819 843-0001")
    assert Message.select().count() == 2
