"""Who may only look can ask everything, and neither moves money nor changes the vault."""

import pytest

from domain.payments.gateway import Gateway
from domain.payments.looking import ASKS, ChangesTheGateway, Looking

CHANGES = {"charge", "give_back", "keep_card", "forget_card"}
OF_THE_BROWSER = {"client_token", "notice"}


def test_each_thing_of_the_gateway_is_known_to_ask_or_not():
    of_the_gateway = {name for name, member in vars(Gateway).items() if callable(member) and not name.startswith("_")}
    assert of_the_gateway == ASKS | CHANGES | OF_THE_BROWSER


@pytest.mark.parametrize("name", sorted(CHANGES | OF_THE_BROWSER))
def test_what_changes_is_refused_before_it_begins(gateway, name):
    with pytest.raises(ChangesTheGateway):
        getattr(Looking(gateway), name)


def test_what_asks_answers(gateway):
    assert Looking(gateway).search("P222-2222") == []
