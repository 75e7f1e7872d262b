"""Which addresses the desk may call at somebody's word: the public internet, and what is allowed.

The networks are those of IANA's registries of special addresses, written out, since what Python
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

LONGEST_URL = 2000
NOT_PUBLIC_4 = tuple(
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
GLOBAL_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
CARRIES_IPV4 = tuple(IPv6Network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96"))
"""Where the last 32 bits are an IPv4 address, which is what is reached."""
INNER_NAMES = ("localhost", "local", "internal", "localdomain", "home.arpa")
USUAL_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if not any(ip in network for network in CARRIES_IPV4):
            return ip in GLOBAL_6 and not any(ip in network for network in NOT_PUBLIC_6)
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    return not any(ip in network for network in NOT_PUBLIC_4)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a URL leads, read once: what is checked is what is called."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def shown_host(self) -> str:
        """The host as the `Host` header says it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == USUAL_PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def is_allowed(self) -> bool:
        """Whether the operator named it in TICKET_WEBHOOK_ALLOW_HOSTS."""
        allowed = {name.lower() for name in settings().webhook_allow_hosts}
        name = f"[{self.host}]" if ":" in self.host else self.host
        return not allowed.isdisjoint({self.host, name, f"{name}:{self.port}"})


def destination(url: str) -> Destination:
    """Where a URL leads. Raises `Invalid` unless it is one the desk may call.

    A name's addresses are not looked up here: they are checked when it is called.
    """
    found = _read(url)
    if found.is_allowed:
        return found
    if found.port < 1024 and found.port not in USUAL_PORTS.values():
        raise Invalid("url", "must use port 80, 443 or one above 1023")
    literal = _literal(found.host)
    if literal is None:
        if found.host.endswith(tuple(f".{name}" for name in INNER_NAMES)) or (
            "." not in found.host
        ):
            raise Invalid("url", "must lead to a host of the public internet")
    elif not is_public(literal) or (":" not in literal and literal != found.host):
        raise Invalid("url", "must not lead to a private, loopback or otherwise special address")
    return found


def _read(url: str) -> Destination:
    if len(url) > LONGEST_URL:
        raise Invalid("url", f"must have at most {LONGEST_URL} characters")
    if not url.isprintable() or any(sign in url for sign in ' \\"<>^`{|}'):
        raise Invalid("url", "must be a valid URL")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _host(parts.hostname or "")
    except (ValueError, UnicodeError):
        raise Invalid("url", "must be a valid URL") from None
    if parts.scheme not in USUAL_PORTS:
        raise Invalid("url", "must begin with https:// or http://")
    if not host:
        raise Invalid("url", "must name a host")
    if parts.username is not None or parts.password is not None:
        raise Invalid("url", "must hold no user name or password")
    if parts.fragment:
        raise Invalid("url", "must have no fragment")
    if port == 0:
        raise Invalid("url", "must use port 80, 443 or one above 1023")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii():
        raise Invalid("url", "must be percent-encoded where it has special characters")
    return Destination(parts.scheme, host, port or USUAL_PORTS[parts.scheme], target)


def _host(name: str) -> str:
    """A host in the one form in which it is looked up. Raises `ValueError`, `UnicodeError`."""
    if ":" in name:
        return str(IPv6Address(name))
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode()
    name = name.lower().removesuffix(".")
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise ValueError(name)
    return name


def _literal(host: str) -> str | None:
    """The address a host is, also in the short, octal and hexadecimal forms of old; else None."""
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None
