"""Check that the address of the server is free, and reserve it while the server starts."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class CannotListen(Exception):
    """The server cannot listen on the address; the message says why and what to do."""


def check_address(host: str, port: int) -> None:
    """Raise `CannotListen` unless a server may listen on the address.

        The server binds with SO_REUSEPORT for its workers, so a second one would share the port
    unnoticed. This binds without it, which fails while another program listens.
    """
    family, address = _resolved(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise CannotListen(_reason(host, port, error.errno or 0)) from None


def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, Any]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise CannotListen(_reason(host, port, errno.EADDRNOTAVAIL)) from None
    family, _, _, _, address = found[0]
    return family, address


def _reason(host: str, port: int, code: int) -> str:
    if code == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is already in use. "
            "Stop the program that uses it, or choose another port with PORT."
        )
    if code in (errno.EACCES, errno.EPERM):
        return f"You are not allowed to listen on port {port}. Choose a port above 1023 with PORT."
    if code == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine. Set HOST to one that is."
    return f"Cannot listen on {host}, port {port}: {os.strerror(code)}."


@contextmanager
def reserved_address(host: str, port: int) -> Iterator[None]:
    """Keep the address for this process while it builds, migrates and serves.

    A lock file decides if two processes start at the same time, before either listens. Raises
    `CannotListen`.
    """
    address = _resolved(host, port)[1][0].replace(":", ".")
    path = Path(tempfile.gettempdir()) / f"ticket-app-{os.getuid()}-{address}-{port}.lock"
    try:
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError:
        # Another user created a file of this name, so only the socket decides.
        check_address(host, port)
        yield
        return
    with os.fdopen(opened, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotListen(_reason(host, port, errno.EADDRINUSE)) from None
        check_address(host, port)
        yield
