"""Origins: what one person can change by herself counts as one."""

import re
from pathlib import Path

import pytest

from domain.common import origins, rate_limits
from settings import LIMITS


@pytest.mark.parametrize(
    ("address", "source", "network"),
    [
        ("203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:DB8:1:2::9", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "", ""),
        ("unix:", "unix:", "unix:"),
    ],
)
def test_where_it_comes_from(address, source, network):
    assert (origins.source(address), origins.network(address)) == (source, network)


def test_every_limit_from_an_address_has_one_of_its_network():
    of_addresses = {kind for kind in LIMITS if kind.endswith("from an address")}
    of_networks = {kind for kind in LIMITS if kind.endswith("from a network")}
    assert of_addresses
    assert {kind.replace("an address", "a network") for kind in of_addresses} == of_networks
    pairs = [value for name, value in vars(rate_limits).items() if name.isupper() and isinstance(value, tuple)]
    assert {kind for pair in pairs for kind in pair} == of_addresses | of_networks


def test_an_address_is_only_ever_counted_with_its_network():
    """Views hand their origin to what counts both; nobody counts an address by a limit of his own."""
    for file in [*Path("views").rglob("*.py"), *Path("domain").rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        alone = re.findall(r"rate_limits\.(?:is_reached|note|count)\([^)]*(?:origin\(\)|address)\)?", text)
        assert alone == [], file
