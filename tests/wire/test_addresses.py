from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest

from wire.addresses import is_public, public_address
from wire.errors import AddressRefused, NoAnswer

NOT_PUBLIC = (
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2001:10::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff:1::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)
PUBLIC = ("8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001::200e")


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_private_or_special_address_counts_as_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_connected_to(address: str) -> None:
    assert public_address("shop.example.com", answers(address)) == address


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_one_bad_address_among_good_ones_is_enough_to_refuse(address: str) -> None:
    with pytest.raises(AddressRefused):
        public_address("shop.example.com", answers("8.8.8.8", address, "2606:4700:4700::1111"))


def test_version_four_is_preferred_since_many_hosts_cannot_route_six() -> None:
    assert public_address("shop.example.com", answers("2606:4700:4700::1111", "8.8.8.8")) == "8.8.8.8"


def test_scope_of_a_link_local_address_does_not_hide_it() -> None:
    with pytest.raises(AddressRefused):
        public_address("shop.example.com", answers("fe80::1%eth0"))


def test_a_name_without_any_address_is_refused() -> None:
    with pytest.raises(AddressRefused):
        public_address("shop.example.com", answers())


def test_a_name_that_does_not_resolve_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        public_address(f"{'a' * 64}.example")  # a label of 64 letters fails in the resolver itself


def answers(*addresses: str) -> Callable[[str], tuple[str, ...]]:
    return lambda host: addresses
