"""What stands for an address or a card tells nothing without the portal's key; nothing else of them is kept."""

from datetime import date

import pytest

from domain.common import letter_limits, origins, pseudonyms, rate_limits
from domain.common.pseudonyms import pseudonym
from models import digest
from settings import LIMITS
from tests.databases import dump

ADDRESSES = ("203.0.113.77", "2001:db8:77:88::99")
OF_ADDRESSES = [kind for kind in LIMITS if "address" in kind or "network" in kind]


def test_the_same_text_has_the_same_pseudonym_under_one_key_and_another_under_another(app):
    under_ours = pseudonym("203.0.113.77")
    assert under_ours == pseudonym("203.0.113.77") != pseudonym("203.0.113.78")
    pseudonyms.use_key("another key of thirty-two letters or more")
    assert pseudonym("203.0.113.77") != under_ours
    assert digest("203.0.113.77") not in {under_ours, pseudonym("203.0.113.77")}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_limit_keeps_an_address_or_its_network(db, address):
    network = origins.network(address)
    for kind in OF_ADDRESSES:
        for key in (address, network):
            rate_limits.note(kind, key)
    rate_limits.note_failure("QMAGB00100000", date(1984, 2, 29), address)
    rate_limits.note_wrong_invoice("F11001", address)
    rate_limits.note_failed_sign_in("genevieve", address)
    kept = dump()
    told = {address, network, network.partition("/")[0], digest(address), digest(network)}
    assert {text for text in told if text in kept} == set()


def test_what_can_be_listed_is_kept_under_the_key_too(db):
    rate_limits.note_failure("QMAGB00100000", date(1984, 2, 29), ADDRESSES[0])
    rate_limits.note_wrong_invoice("F11001", ADDRESSES[0])
    rate_limits.note_failed_sign_in("genevieve", ADDRESSES[0])
    letter_limits.count("change_at_home", "g@example.com")
    letter_limits.count_stranger(12, "g@example.com")
    kept, typed = dump(), ("QMAGB00100000", "1984-02-29", "F11001", "genevieve", "g@example.com")
    assert not [text for text in typed if text in kept or digest(text) in kept]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_limit_still_counts_an_address(db, address):
    for _ in range(LIMITS[rate_limits.CALLBACKS[0]].most):
        assert not rate_limits.is_crowded(rate_limits.CALLBACKS, address)
        rate_limits.note_from(rate_limits.CALLBACKS, address)
    assert rate_limits.is_crowded(rate_limits.CALLBACKS, address)
    assert not rate_limits.is_crowded(rate_limits.CALLBACKS, "198.51.100.1")
