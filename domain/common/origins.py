"""Where a request comes from, as limits count it: what one person holds by herself, and the network around it."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

SOURCE, NETWORK = {4: 32, 6: 64}, {4: 24, 6: 48}  # an IPv6 subscriber is given a /64 at the least, often a /48


def source(address: str) -> str:
    """Return an IPv4 address as it is, the /64 of an IPv6 one: all of it is at one person's hand."""
    parsed = _parsed(address)
    if parsed is None:
        return address
    return str(parsed) if parsed.version == 4 else _around(parsed, SOURCE)


def network(address: str) -> str:
    """Return the /24 of an IPv4 address, the /48 of an IPv6 one: what is rented as one."""
    parsed = _parsed(address)
    return _around(parsed, NETWORK) if parsed else address


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed  # how a server that listens on :: names an IPv4 address


def _around(address: IPv4Address | IPv6Address, lengths: dict[int, int]) -> str:
    bare = str(address).partition("%")[0]  # a link's own name, as in fe80::1%eth0, is no part of a network
    return str(ip_network(f"{bare}/{lengths[address.version]}", strict=False))
