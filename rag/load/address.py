"""Web addresses: which may be fetched at all, and which machines on the network may be spoken to.

A page, or whoever gave its address, must not be able to make this program speak to what only this
machine can reach: itself, its local network, the metadata service of its cloud.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from rag.errors import ArticleError

if TYPE_CHECKING:
    from ssl import SSLContext

    from httpx2 import URL

__all__ = [
    "PORTS",
    "Address",
    "Rules",
    "addresses_of",
    "checked",
    "is_public",
    "parse",
    "port_of",
]

Address = IPv4Address | IPv6Address

PORTS = frozenset([80, 443, 8080, 8443])
"""Where web servers listen. Behind other ports are mail, databases and remote shells: a page of
articles is hardly ever there, and a prober of other people's machines would look there."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_RELAYS = IPv4Network("192.88.99.0/24")  # to 6to4, RFC 7526
_UNICAST = IPv6Network("2000::/3")  # all that is given out so far, RFC 4291
_NAT64 = IPv6Network("64:ff9b::/96")  # holds an IPv4 address, RFC 6052
_NOT_PUBLIC = (
    IPv6Network("2001::/23"),  # special purposes, Teredo among them, RFC 2928
    IPv6Network("2002::/16"),  # 6to4: holds an IPv4 address, RFC 3056
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet.

    An IPv6 address that only stands for an IPv4 one is not public, but for those of NAT64
    (RFC 6052), by which a network without IPv4 reaches the IPv4 internet: those are what the
    address in them is.
    """
    if isinstance(address, IPv4Address):
        return (
            address.is_global
            and not (address.is_multicast or address.is_reserved)
            and address not in _RELAYS
        )
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return (
        address in _UNICAST
        and address.is_global
        and address.scope_id is None
        and not any(address in network for network in _NOT_PUBLIC)
    )


def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as the system resolves it. May raise OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class Rules:
    """Where a fetch may go, and how much it may take; the defaults are those for the open web.

    Times are in seconds. `max_bytes` counts what arrives, and again what it is unpacked.
    `trust` is None for the certificates that the system trusts.
    """

    resolve: Callable[[str, int], Sequence[str]] = addresses_of
    allowed: Callable[[Address], bool] = is_public
    ports: frozenset[int] = PORTS
    trust: SSLContext | None = None
    connect_seconds: float = 5.0
    total_seconds: float = 20.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5


def parse(text: str, rules: Rules) -> URL:
    """A web address in its normal form, without its fragment.

    Raises ArticleError for one that is not of the web, names a user, or asks for another port.
    """
    from httpx2 import URL, InvalidURL

    try:
        url = URL(text.strip())
        url = url.copy_with(fragment=None, raw_path=url.raw_path)
    except InvalidURL as error:
        raise ArticleError(f"expected a web address, found none ({error}): check it") from error
    if url.scheme not in _DEFAULT_PORTS:
        found = repr(url.scheme) if url.scheme else "no scheme"
        raise ArticleError(f"expected an http or https address, found {found}: check it")
    if not url.raw_host:
        raise ArticleError("expected a web address with a host, found none in it: check it")
    if url.userinfo:
        raise ArticleError(
            "expected a web address without a user name, found one before the @: leave it out"
        )
    if port_of(url) not in rules.ports:
        known = ", ".join(map(str, sorted(rules.ports)))
        raise ArticleError(
            f"expected one of the ports {known}, found {port_of(url)}: "
            "save the page from your browser and give the file"
        )
    return url


def port_of(url: URL) -> int:
    """The port that a web address means."""
    return url.port or _DEFAULT_PORTS[url.scheme]


def checked(host: str, found: Sequence[str], rules: Rules) -> list[str]:
    """The addresses that a host resolved to. Raises ArticleError unless every one is allowed."""
    for text in found:
        try:
            allowed = rules.allowed(ip_address(text))
        except ValueError:
            allowed = False
        if not allowed:
            raise ArticleError(
                f"expected {host} to be on the open internet, found it at {text}: "
                "save the page from your browser and give the file"
            )
    return list(found)
