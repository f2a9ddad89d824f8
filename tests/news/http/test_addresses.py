"""Public unicast addresses only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.http.addresses import is_public

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "223.5.5.5",
    "180.76.76.76",
    "172.32.0.1",
    "2606:4700:4700::1111",
    "2400:3200::1",
    "2001:4860:4860::8888",
]
PRIVATE = [
    "0.0.0.0",  # noqa: S104
    *("0.255.255.255", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.53", "168.63.129.16"),
    *(
        "169.254.169.253",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.170",
        "192.0.2.255",
        "192.88.99.2",
        "192.168.255.255",
    ),
    *("198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.251", "239.0.0.1", "255.255.255.255"),
    *("::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1", "100::1"),
    *(
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:1ff::1",
        "2001:db8:1::1",
        "2002:808:808::1",
        "3ffe::1",
        "3fff:fff::1",
    ),
    *("4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:4700::1%1", "ff02::1"),
    *("", "localhost", "127.1", "0177.0.0.1", "8.8.8.8/32", " 8.8.8.8"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(address) is True


@pytest.mark.parametrize("address", PRIVATE)
def test_all_others_are_not(address: str) -> None:
    assert is_public(address) is False


@given(st.ip_addresses(v=4))
def test_nothing_that_the_standard_library_calls_private_passes(address: object) -> None:
    assert not (is_public(str(address)) and (address.is_private or address.is_multicast or address.is_reserved))


@given(st.ip_addresses(v=6))
def test_no_ipv6_outside_of_global_unicast_passes(address: object) -> None:
    assert not is_public(str(address)) or int(address) >> 125 == 0b001
