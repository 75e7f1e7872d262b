"""Decide which addresses webhooks may call: the public internet and an allowlist.

The networks are those of IANA's registries of special addresses, listed here because what Python
calls global differs from release to release.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import idna

from ticket_app.core.platform.errors import Invalid
from ticket_app.settings import settings

MAX_URL_LENGTH = 2000
NON_PUBLIC_IPV4_NETWORKS = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's metadata, though the address looks public
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
GLOBAL_IPV6_NETWORK = IPv6Network("2000::/3")
NON_PUBLIC_IPV6_NETWORKS = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
IPV4_EMBEDDING_NETWORKS = tuple(
    IPv6Network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96")
)
"""Networks whose last 32 bits are the IPv4 address that is reached."""
INTERNAL_DOMAINS = ("localhost", "local", "internal", "localdomain", "home.arpa")
DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME_PATTERN = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


def is_public(address: str) -> bool:
    """Return whether an IP address is on the public internet."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if not any(ip in network for network in IPV4_EMBEDDING_NETWORKS):
            return ip in GLOBAL_IPV6_NETWORK and not any(
                ip in network for network in NON_PUBLIC_IPV6_NETWORKS
            )
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    return not any(ip in network for network in NON_PUBLIC_IPV4_NETWORKS)


@dataclass(frozen=True, slots=True)
class Destination:
    """The destination of a URL, parsed once so that what is checked is what is called."""

    scheme: str
    host: str
    port: int
    path_and_query: str

    @property
    def host_header(self) -> str:
        """The host as it is written in the `Host` header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def is_allowlisted(self) -> bool:
        """Whether TICKET_WEBHOOK_ALLOW_HOSTS contains it."""
        allowed = {name.lower() for name in settings().webhook_allow_hosts}
        name = f"[{self.host}]" if ":" in self.host else self.host
        return not allowed.isdisjoint({self.host, name, f"{name}:{self.port}"})


def parse_destination(url: str) -> Destination:
    """Return the destination of a URL. Raises `Invalid` unless webhooks may call it.

    The addresses of a host name are not looked up here: they are checked when it is called.
    """
    parsed = _parse_url(url)
    if parsed.is_allowlisted:
        return parsed
    if parsed.port < 1024 and parsed.port not in DEFAULT_PORTS.values():
        raise Invalid("url", "must use port 80, 443 or one above 1023")
    ip_literal = _to_ip_literal(parsed.host)
    if ip_literal is None:
        if parsed.host.endswith(tuple(f".{name}" for name in INTERNAL_DOMAINS)) or (
            "." not in parsed.host
        ):
            raise Invalid("url", "must name a host on the public internet")
    elif not is_public(ip_literal) or (":" not in ip_literal and ip_literal != parsed.host):
        raise Invalid("url", "must not point to a private, loopback or otherwise special address")
    return parsed


def _parse_url(url: str) -> Destination:
    if len(url) > MAX_URL_LENGTH:
        raise Invalid("url", f"must have at most {MAX_URL_LENGTH} characters")
    if not url.isprintable() or any(character in url for character in ' \\"<>^`{|}'):
        raise Invalid("url", "must be a valid URL")
    try:
        split_url = urlsplit(url)
        port = split_url.port
        host = _normalize_host(split_url.hostname or "")
    except (ValueError, UnicodeError):
        raise Invalid("url", "must be a valid URL") from None
    if split_url.scheme not in DEFAULT_PORTS:
        raise Invalid("url", "must begin with https:// or http://")
    if not host:
        raise Invalid("url", "must name a host")
    if split_url.username is not None or split_url.password is not None:
        raise Invalid("url", "must not contain a user name or password")
    if split_url.fragment:
        raise Invalid("url", "must not have a fragment")
    if port == 0:
        raise Invalid("url", "must use port 80, 443 or one above 1023")
    target = (split_url.path or "/") + (f"?{split_url.query}" if split_url.query else "")
    if not target.isascii():
        raise Invalid("url", "must be percent-encoded where it has special characters")
    return Destination(split_url.scheme, host, port or DEFAULT_PORTS[split_url.scheme], target)


def _normalize_host(name: str) -> str:
    """Return a host in the form that is looked up. Raises `ValueError`, `UnicodeError`."""
    if ":" in name:
        return str(IPv6Address(name))
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode()
    name = name.lower().removesuffix(".")
    if not _HOST_NAME_PATTERN.fullmatch(name) or len(name) > 253:
        raise ValueError(name)
    return name


def _to_ip_literal(host: str) -> str | None:
    """Return the IP address of a host, in any notation (short, octal, hexadecimal), or None."""
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None
