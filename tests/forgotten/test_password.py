"""A forgotten password: a link to the e-mail on file, built on the portal's own address."""

import re

from models import Message, PasswordReset
from tests.factories import make_account, make_person
from tests.forgotten.test_username import asks


def test_page_comes_whole_and_as_fragment(client):
    assert "dure 30 minutes" in client.get_page("/oubli/mot-de-passe")


def test_the_link_is_built_on_the_portals_address_whatever_host_is_asked(citizen, app):
    person = make_account(make_person(email="file@example.com")).person
    citizen.client.environ_base["HTTP_HOST"] = "evil.example"
    asks(citizen, "/oubli/mot-de-passe", person)
    link = re.search(r"https?://\S+/mot-de-passe/\S+", Message.get().body)[0]
    assert link.startswith(app.extensions["portal"].settings.public_url)


def test_the_links_secret_is_not_kept(citizen):
    person = make_account(make_person(email="file@example.com")).person
    asks(citizen, "/oubli/mot-de-passe", person)
    token = re.search(r"/mot-de-passe/(\S+)", Message.get().body)[1]
    assert len(token) >= 43
    assert PasswordReset.get().token_digest != token
