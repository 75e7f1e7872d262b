"""Whether a request was sent on this very machine, straight to the program, by no proxy.

Demo accounts are for trying the desk out, and their passwords are printed: they are accepted only
from there (`sign_in.accepts_demo`). A proxy's requests come from this machine as well, so whatever
a proxy adds to a request counts against it.
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
"""Headers by which proxies and tunnels tell for whom they ask, beside `X-Forwarded-*`."""
FORWARDING_HEADER_PREFIXES = ("x-forwarded-", "cf-")


def is_local_request(headers: Mapping[str, str], client_address: str | None) -> bool:
    """Whether a request with these headers came from `client` on this machine and by no proxy."""
    names = {name.lower() for name in headers}
    if names & FORWARDING_HEADERS or any(
        name.startswith(FORWARDING_HEADER_PREFIXES) for name in names
    ):
        return False
    values_by_name = {name.lower(): value for name, value in headers.items()}
    if values_by_name.get("origin", "").lower().startswith("https:"):
        return False  # We speak http: a proxy speaks https to the page that asks.
    host = values_by_name.get("host", "")
    return _is_possibly_local(client_address or "") and _is_possibly_local(_strip_port(host))


def _is_possibly_local(host: str) -> bool:
    """Whether that is this machine, or at least a bare name and so no name of the internet."""
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
