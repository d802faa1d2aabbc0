"""Where this server is, as browsers see it: its names, its prefix, whom it believes."""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Site:
    """How browsers reach the server."""

    base_path: str = ""
    """What every path begins with: empty, or like ``/commissure``."""
    origins: tuple[str, ...] = ()
    """Exactly where our pages are; empty: wherever a browser says, under one of `names`."""
    names: frozenset[str] = LOOPBACK_NAMES
    """What hosts we are called; empty: any, for one that listens on all addresses."""
    trusted_proxies: tuple[Network, ...] = ()
    """Only what comes from these may say on whose behalf it asks."""
    requires_account: bool = False
    """Links open rooms only for those who are signed in."""


SITE: Final[web.AppKey[Site]] = web.AppKey("site", Site)


def at(request: web.Request, path: str) -> str:
    """Return a path of ours as a browser has to ask for it."""
    return request.app[SITE].base_path + path


def address_of(request: web.Request) -> str:
    """Return where a request came from: what a trusted proxy says, else who is at the line.

    The last address of ``X-Forwarded-For`` that is no trusted proxy's is the only one that
    nobody can make up.
    """
    peer = request.remote or ""
    trusted = request.app[SITE].trusted_proxies
    if not _is_one_of(peer, trusted):
        return peer
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    for hop in reversed([it.strip() for it in hops]):
        if _address(hop) is None:
            return peer
        if not _is_one_of(hop, trusted):
            return hop
        peer = hop
    return peer


def is_secure(request: web.Request) -> bool:
    """Say whether the browser's line is encrypted, here or at a trusted proxy."""
    if request.secure:
        return True
    if not _is_one_of(request.remote or "", request.app[SITE].trusted_proxies):
        return False
    said = request.headers.getall("X-Forwarded-Proto", [])
    return len(said) == 1 and said[0].strip().lower() == "https"


def origin_of(request: web.Request) -> str:
    """Return where our pages are, to somebody elsewhere who is to lead back to them."""
    site = request.app[SITE]
    scheme = "https" if is_secure(request) else "http"
    return site.origins[0] if site.origins else f"{scheme}://{request.host}"


def is_own_origin(request: web.Request, origin: str) -> bool:
    """Say whether a page at `origin` is one of ours."""
    site = request.app[SITE]
    if site.origins:
        return origin in site.origins
    scheme = "https" if is_secure(request) else "http"
    if origin != f"{scheme}://{request.host}":
        return False
    # A name that an attacker had point here is not one of ours (DNS rebinding).
    return not site.names or (urlsplit(origin).hostname or "") in site.names


def _is_one_of(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = _address(address)
    return parsed is not None and any(parsed in network for network in networks)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed
