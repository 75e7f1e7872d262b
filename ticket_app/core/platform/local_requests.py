"""Recognise requests that were sent on this machine, directly and not through a proxy.

Demo accounts have a password that is printed at start, so they can sign in only with such requests
(`people.demo_accounts`). The requests of a proxy on this machine come from it as well, so
any header that a proxy adds makes a request count as remote.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from ticket_app.settings import is_loopback

FORWARDING_HEADERS = frozenset(
    {
        "forwarded",
        "via",
        "x-forwarded",
        "x-real-ip",
        "x-real-host",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-host",
        "x-original-forwarded-for",
        "x-proxyuser-ip",
        "x-envoy-external-address",
        "x-appengine-user-ip",
        "x-azure-clientip",
        "true-client-ip",
        "client-ip",
        "cdn-loop",
        "fastly-client-ip",
        "fly-client-ip",
    }
)
"""Headers that proxies and tunnels add about the original client, besides `X-Forwarded-*`."""
FORWARDING_HEADER_PREFIXES = ("x-forwarded-", "cf-")


def is_local_request(headers: Mapping[str, str], client_address: str | None) -> bool:
    """Return whether a request was sent by this machine and not through a proxy."""
    names = {name.lower() for name in headers}
    if names & FORWARDING_HEADERS or any(
        name.startswith(FORWARDING_HEADER_PREFIXES) for name in names
    ):
        return False
    values_by_name = {name.lower(): value for name, value in headers.items()}
    if values_by_name.get("origin", "").lower().startswith("https:"):
        return False  # This server speaks http, so a proxy must have served the page by https.
    host = values_by_name.get("host", "")
    return _is_possibly_local(client_address or "") and _is_possibly_local(_strip_port(host))


def _is_possibly_local(host: str) -> bool:
    """Return whether a host is this machine, or a name without dots and so not on the internet."""
    if is_loopback(host):
        return True
    try:
        ip_address(host)
    except ValueError:
        return "." not in host.rstrip(".")
    return False


def _strip_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host
