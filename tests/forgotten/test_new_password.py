"""Choosing a new password with a link: once, within half an hour, and every session ends."""

import re
import threading
from datetime import timedelta

import pytest

import models
from domain.access import password_reset
from domain.access.credentials import TooBusy
from domain.common import clock
from models import Account, Message, PasswordReset, Session
from tests.walker import PASSWORD

NEW = "érable patient 81"


@pytest.fixture
def member(citizen):
    citizen.joins()
    citizen.signs_out()
    return citizen


@pytest.fixture
def link(member, app) -> str:
    account = Account.get()
    account.person.email = "file@example.com"
    account.person.save()
    portal = app.extensions["portal"]
    password_reset.help_with(password_reset.PASSWORD, account, portal.letters, portal.city)
    body = Message.select().order_by(Message.id.desc()).get().body
    return "/mot-de-passe/" + re.search(r"/mot-de-passe/(\S+)", body)[1]


def change(member, link, password=NEW, again=""):
    return member.post(link, password=password, password_again=again or password)


def test_the_new_password_opens_and_the_old_one_does_not(member, link):
    assert change(member, link).location == "/connexion"
    assert "Votre mot de passe est changé" in member.client.get("/connexion").text
    assert member.signs_in(password=PASSWORD).status_code == 422
    assert member.signs_in(password=NEW).status_code == 303


def test_the_link_alone_signs_nobody_in(member, link):
    change(member, link)
    assert member.client.get("/mon-dossier").status_code == 303


def test_every_session_ends(member, link):
    member.signs_in()
    assert Session.select().exists()
    change(member, link)
    assert not Session.select().exists()


def test_the_file_is_told(member, link):
    change(member, link)
    assert "mot de passe a été changé" in Message.select().order_by(Message.id.desc()).get().subject


def test_a_link_serves_once(member, link):
    change(member, link)
    assert member.client.get(link).status_code == 404
    assert "ne sert plus" in member.client.get(link).text


def test_another_link_is_void_once_one_was_used(member, link, app):
    other = password_reset.read_out(Account.get())
    change(member, link)
    assert member.client.get(f"/mot-de-passe/{password_reset.plain(other)}").status_code == 404


def test_a_link_too_old_serves_no_more(member, link):
    PasswordReset.update(expires_at=clock.now() - timedelta(seconds=1)).execute()
    assert member.client.get(link).status_code == 404


def test_two_at_the_same_moment_change_it_once(member, link, app):
    token, results, portal = link.rpartition("/")[2], [], app.extensions["portal"]
    start = threading.Barrier(4)

    def change_it(password: str) -> None:
        start.wait()
        try:
            password_reset.set_password(token, password, portal.letters, portal.city)
            results.append(password)
        except (password_reset.BadReset, TooBusy):  # two hash or wait, the others are told to come back
            pass
        finally:
            models.database.close()

    threads = [threading.Thread(target=change_it, args=(f"{NEW} {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 1
    assert member.signs_in(password=results[0]).status_code == 303


@pytest.mark.parametrize(("password", "why"), [("court", "trop court"), ("magog magog 26", "mots de la ville")])
def test_a_weak_password_is_refused_and_the_link_still_serves(member, link, password, why):
    answer = change(member, link, password)
    assert answer.status_code == 422
    assert why in answer.text
    assert change(member, link).status_code == 303


def test_the_same_twice_is_wanted(member, link):
    assert "sont différents" in change(member, link, NEW, "another one 12").text


def test_a_link_of_ones_own_making_opens_nothing(client):
    assert client.get("/mot-de-passe/AAAAABBBBB").status_code == 404
