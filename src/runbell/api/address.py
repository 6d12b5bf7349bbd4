"""Where a request comes from: the connection's address, unless a proxy stands before us that we were told to trust."""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.http import HttpRequest

from runbell.conf import settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_HOPS = 20


def client_address(request: HttpRequest) -> str:
    """Return the address of the caller as text, "" where the connection has none.

    ``X-Forwarded-For`` is read from the right, and only as far as the hops are trusted proxies: everything further left
    is the caller's to invent.
    """
    peer = _parse(request.META.get("REMOTE_ADDR", ""))
    trusted = _networks(settings().TRUSTED_PROXIES)
    if peer is None or not _is_in(peer, trusted):
        return str(peer or "")
    return str(_behind(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""), trusted))


def _behind(proxy: Address, forwarded: str, trusted: tuple[Network, ...]) -> Address:
    """Return the right-most hop that is not a trusted proxy; the last trusted one where the chain ends or breaks."""
    nearest = proxy
    for text in reversed(forwarded.split(",")[-MAX_HOPS:]):
        hop = _parse(text.strip())
        if hop is None:
            return nearest
        nearest = hop
        if not _is_in(hop, trusted):
            return hop
    return nearest


@lru_cache(maxsize=1024)
def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


@cache
def _networks(names: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(name, strict=False) for name in names)
