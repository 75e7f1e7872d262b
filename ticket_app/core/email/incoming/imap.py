"""Read a mailbox by IMAP: fetch messages, move them when they are done, wait for new ones."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from imaplib import IMAP4
from typing import Protocol, cast
from urllib.parse import unquote, urlsplit

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted

PROCESSED, REJECTED = "Processed", "Rejected"
MAX_MESSAGE_BYTES = 50 * 1024 * 1024
"""Larger messages are moved to `Rejected` unread."""
TIMEOUT_SECONDS = 60.0
IDLE_SLICE_SECONDS = 1.0
"""How long a stop waits for a connection that is idle."""
CONNECTION_ERRORS = (OSError, IMAP4.error, ImapToolsError)
"""What a connection raises when it is lost, or the server refuses something."""


@dataclass(frozen=True, slots=True)
class ImapLocation:
    """Where a mailbox is read from."""

    host: str
    port: int
    is_encrypted: bool
    username: str
    password: str
    folder: str


def parse_imap_url(url: str) -> ImapLocation:
    """Return the parts of `imaps://user:password@host/INBOX` (`settings.hosts.check_imap_url`)."""
    parts = urlsplit(url)
    is_encrypted = parts.scheme == "imaps"
    return ImapLocation(
        host=parts.hostname or "",
        port=parts.port or (993 if is_encrypted else 143),
        is_encrypted=is_encrypted,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def describe_error(error: Exception) -> str:
    """Return what a server or the network answered, in one line."""
    if isinstance(error, ImapToolsError) and (result := getattr(error, "command_result", None)):
        words = [
            word.decode("utf-8", "replace") if isinstance(word, bytes) else str(word)
            for word in cast("list[object]", result[1] or [])
        ]
        return " ".join(" ".join(words).split())[:300] or str(result[0])
    return " ".join(str(error).split())[:300] or type(error).__name__


class _Commands(Protocol):
    """Methods of a mailbox whose types the library leaves open."""

    def move(self, uid_list: str, destination_folder: str) -> object: ...

    def logout(self) -> object: ...


class _FolderCommands(Protocol):
    """Methods of its folders whose types the library leaves open."""

    def create(self, folder: str) -> object: ...

    def subscribe(self, folder: str, value: bool) -> object: ...


class MailboxConnection:
    """A connection to one folder of a server. Use it in one thread, and close it."""

    def __init__(self, location: ImapLocation) -> None:
        """Connect, sign in and open the folder. Raises one of `CONNECTION_ERRORS`."""
        self._targets: dict[str, str] = {}
        self._box = _connect(location)
        try:
            if location.username.isascii() and location.password.isascii():
                self._box.login(location.username, location.password, location.folder)
            else:
                self._box.login_utf8(location.username, location.password, location.folder)
        except BaseException:
            self.close()
            raise

    @property
    def can_idle(self) -> bool:
        """Whether the server announces new messages."""
        return "IDLE" in self._box.client.capabilities

    def list_uids(self) -> list[str]:
        """Return the messages in the folder, oldest first."""
        self._has_announcement()  # of what is listed now
        return self._box.uids("UNDELETED", charset=None)

    def fetch(self, uid: str) -> bytes | None:
        """Return the source of a message; None if it is too large or no longer there."""
        size = self._fetch_part(uid, "(RFC822.SIZE)")
        if size is None or _size_of(size) > MAX_MESSAGE_BYTES:
            return None
        found = self._fetch_part(uid, "(BODY.PEEK[])")
        return found[1] if isinstance(found, tuple) else None

    def _fetch_part(self, uid: str, parts: str) -> bytes | tuple[bytes, bytes] | None:
        status, data = self._box.client.uid("FETCH", uid, parts)
        if status != "OK":
            raise IMAP4.error(f"FETCH failed: {data!r}"[:300])
        items = cast("list[bytes | tuple[bytes, bytes] | None]", data)
        return next((item for item in items if item), None)

    def move(self, uid: str, folder: str) -> None:
        """Move a message to `Processed` or `Rejected`, which are created if they are missing."""
        target = self._targets.get(folder)
        if target is None:
            target = self._targets[folder] = self._find_or_create(folder)
        cast("_Commands", self._box).move(uid, target)

    def _find_or_create(self, folder: str) -> str:
        """Return the folder, or that below INBOX where the server keeps all others."""
        inbox = self._box.folder.list("", "INBOX")
        delimiter = inbox[0].delim if inbox and inbox[0].delim != "NIL" else "/"
        names = (folder, f"INBOX{delimiter}{folder}")
        for name in names:
            if self._box.folder.exists(name):
                return name
        for name in names:
            with suppress(ImapToolsError):
                folders = cast("_FolderCommands", self._box.folder)
                folders.create(name)
                with suppress(ImapToolsError):
                    folders.subscribe(name, True)
                return name
        raise IMAP4.error(f"The server does not allow a folder {folder}")

    def wait(self, seconds: float, should_stop: Callable[[], bool]) -> None:
        """Wait until the server announces something, the time is over or `should_stop`."""
        if self._has_announcement():
            return
        with self._box.idle as idle:
            for _ in range(max(1, int(seconds / IDLE_SLICE_SECONDS))):
                if idle.poll(timeout=IDLE_SLICE_SECONDS) or should_stop():
                    return

    def _has_announcement(self) -> bool:
        """Return whether a command was answered with news of messages, which come only once."""
        _, announced = self._box.client.response("EXISTS")
        return any(announced or ())

    def close(self) -> None:
        """Sign out; a connection that is lost already is let go."""
        with suppress(*CONNECTION_ERRORS):
            cast("_Commands", self._box).logout()


def _connect(location: ImapLocation) -> BaseMailBox:
    if location.is_encrypted:
        context = ssl.create_default_context()
        return MailBox(location.host, location.port, TIMEOUT_SECONDS, ssl_context=context)
    return MailBoxUnencrypted(location.host, location.port, TIMEOUT_SECONDS)


def _size_of(item: bytes | tuple[bytes, bytes]) -> int:
    text = item if isinstance(item, bytes) else item[0]
    digits = text.upper().partition(b"RFC822.SIZE")[2].split()
    return int(digits[0].rstrip(b")")) if digits and digits[0].rstrip(b")").isdigit() else 0
