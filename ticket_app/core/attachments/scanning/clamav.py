"""Virus scanning by a ClamAV daemon, which is sent the file over a socket (INSTREAM)."""

from __future__ import annotations

import re
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ticket_app.core.attachments.file_types import FileType
from ticket_app.core.attachments.scanning.verdicts import CLEAN, Verdict

TIMEOUT_SECONDS = 60.0
"""Each step of the exchange with ClamAV may take this long."""
CHUNK_BYTES = 128 * 1024
MAX_REPLY_BYTES = 4096


@dataclass(frozen=True, slots=True)
class ClamAV:
    """The ClamAV daemon at `unix:///path` or `tcp://host:port`; `failed` if it does not answer."""

    address: str
    seconds: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        url = urlsplit(self.address)
        has_host = url.scheme == "tcp" and url.hostname and url.port
        if not has_host and not (url.scheme == "unix" and url.path):
            raise ValueError("The address of ClamAV must be unix:///path or tcp://host:port")

    def scan(self, path: Path, filetype: FileType) -> Verdict:
        """Return what ClamAV reports about the file's bytes."""
        try:
            reply = self._send(path)
        except OSError:
            return Verdict("failed", "The virus scanner cannot be reached.", retry=True)
        if reply == "stream: OK":
            return CLEAN
        if found := re.fullmatch(r"stream: (.{1,200}) FOUND", reply):
            return Verdict("infected", f"ClamAV found {found[1]}.")
        return Verdict("failed", "The virus scanner could not check it.", retry=True)

    def _send(self, path: Path) -> str:
        with path.open("rb") as file, _connect(urlsplit(self.address), self.seconds) as clamd:
            # ClamAV replies that a file is too large, and closes the connection.
            with suppress(BrokenPipeError, ConnectionResetError):
                clamd.sendall(b"zINSTREAM\0")
                while chunk := file.read(CHUNK_BYTES):
                    clamd.sendall(struct.pack(">L", len(chunk)) + chunk)
                clamd.sendall(struct.pack(">L", 0))
            with clamd.makefile("rb") as replies:
                return replies.read(MAX_REPLY_BYTES).rstrip(b"\0\n").decode(errors="replace")


def _connect(url: SplitResult, seconds: float) -> socket.socket:
    if url.scheme == "tcp":
        return socket.create_connection((url.hostname or "", url.port or 0), timeout=seconds)
    clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    clamd.settimeout(seconds)
    try:
        clamd.connect(url.path)
    except OSError:
        clamd.close()
        raise
    return clamd
