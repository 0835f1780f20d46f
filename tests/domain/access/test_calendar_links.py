"""A calendar's address is worked out of what is kept, under the portal's own key."""

import pytest

from domain.access import calendar_links
from domain.common import pseudonyms
from tests.factories import make_account


@pytest.fixture
def account(app):
    return make_account(username="lea")


@pytest.fixture
def token(account, app) -> str:
    return calendar_links.make(account, app.extensions["portal"].letters, app.extensions["portal"].city)


def test_it_leads_to_its_account(account, token):
    assert calendar_links.made_at(account) is not None
    assert len(token) == calendar_links.LENGTH
    assert calendar_links.account_of(token) == account


def test_under_another_key_it_is_nobodys(token, app):
    pseudonyms.use_key("another")
    with pytest.raises(calendar_links.NoSuchLink):
        calendar_links.account_of(token)
    pseudonyms.use_key(app.extensions["portal"].settings.secret_key)


def test_who_has_none_has_no_address(account, token):
    calendar_links.revoke(account)
    assert calendar_links.made_at(account) is None
    with pytest.raises(calendar_links.NoSuchLink):
        calendar_links.account_of(token)
