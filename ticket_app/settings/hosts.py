"""Hosts, origins and URLs in settings."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

HOST_PATTERN = re.compile(r"(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
ORIGIN_PATTERN = re.compile(rf"https?://{HOST_PATTERN.pattern}", re.IGNORECASE)
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def normalized_origin(url: str) -> str:
    """Return the `scheme://host[:port]` of a URL in lower case, without a default port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower().removesuffix(
        DEFAULT_PORTS.get(parts.scheme.lower(), "")
    )


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine."""
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def split_url(url: str) -> SplitResult:
    """Return the parts of a URL. Raises `ValueError` if it is not valid."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        raise ValueError(
            "is not a valid URL. Percent-encode special characters in passwords (%40 for @)"
        ) from None
    return parts


def check_imap_url(url: str) -> str:
    """Return the URL of a mailbox. Raises `ValueError` for another scheme, or without a host.

    Only a server on this machine is reached without encryption.
    """
    parts = split_url(url)
    is_plain = parts.scheme == "imap" and is_loopback(parts.hostname or "")
    if not (parts.hostname and (parts.scheme == "imaps" or is_plain)):
        raise ValueError("must be imaps://user:password@host/INBOX (imap:// only on this machine)")
    return url
