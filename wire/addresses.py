"""Names to addresses that may be connected to: public ones only, checked before any connection."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from wire.errors import AddressRefused, NoName

Resolve = Callable[[str], tuple[str, ...]]

# IANA hands out global unicast addresses from here only; v4-mapped, NAT64, link-local and unique
# local addresses all lie outside.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Protocol assignments, Teredo, 6to4 and examples: special blocks that not every Python release counts as
# such. The single address answers inside of one host's network only, with secrets of its machines.
_SPECIAL = [
    ip_network(block)
    for block in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
    )
]


def resolve(host: str) -> tuple[str, ...]:
    """Every address of a name, as the system resolver gives them. Raises NoName."""
    found: list[str] = []
    try:
        rows = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        found = [str(row[4][0]) for row in rows]
    except (OSError, UnicodeError):
        pass
    if not found:
        raise NoName(f"the name {host} does not resolve")
    return tuple(dict.fromkeys(found))


def public_address(host: str, resolve: Resolve = resolve) -> str:
    """The address to connect to. One question to the resolver, so a second answer cannot differ.

    Raises AddressRefused if any address of the name is not public: a mixed answer is an attack or
    a misconfiguration, and both deserve a refusal.
    """
    addresses = [ip_address(text.split("%")[0]) for text in resolve(host)]
    if not addresses or not all(is_public(address) for address in addresses):
        raise AddressRefused(f"refused {host}: it points to an address that is not public")
    return str(min(addresses, key=lambda address: address.version))


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address belongs to the public internet, and to one machine there."""
    if any(address in block for block in _SPECIAL) or not address.is_global:
        return False
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_UNICAST
    return not address.is_multicast and not address.is_reserved
