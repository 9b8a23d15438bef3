"""What views reach through the application: settings, engine, catalogue."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any, cast

from flask import Request, current_app

from crisisgov.server.engine.api import QueryEngine
from crisisgov.server.settings import Settings


@dataclass(frozen=True)
class Services:
    """Made once by ``create_app``; ``catalogue`` is the catalogue of questions, if any."""

    settings: Settings
    engine: QueryEngine
    catalogue: Any = None


def services() -> Services:
    """Return the services of the application that handles this request."""
    return cast(Services, current_app.extensions["crisisgov"])


def client_of(request: Request, settings: Settings) -> str:
    """Return who asks, as the engine's shares count it.

    The address of the connection; behind a trusted proxy, the last address in
    X-Forwarded-For that is not itself trusted. One IPv6 customer has a /64 of
    addresses, which count as one.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    address = request.remote_addr or ""
    while hops and is_trusted(address, settings):
        hop = hops.pop()
        if _address(hop) is None:
            break
        address = hop
    known = _address(address)
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((known, 64), strict=False))
    return address


def is_trusted(text: str, settings: Settings) -> bool:
    """Tell whether ``text`` is the address of a proxy that is believed."""
    address = _address(text)
    return address is not None and any(address in network for network in settings.trusted_proxies)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
