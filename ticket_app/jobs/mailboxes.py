"""Read mailboxes by IMAP (MAIL.md): each has a thread, in the process that runs periodic tasks.

A message is moved only after it was committed. If another process takes over in the middle, the
message is a duplicate for it, and is moved then.
"""

from __future__ import annotations

import threading
import time

from ticket_app.core.email.incoming import imap, mailboxes
from ticket_app.core.email.incoming.imap import CONNECTION_ERRORS, MailboxConnection
from ticket_app.core.email.incoming.receiving import receive
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.core.platform.errors import Unavailable
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.jobs.heartbeat import heartbeat
from ticket_app.jobs.registry import runs_every
from ticket_app.settings import settings

POLL_SECONDS = 30.0
"""The time between two looks into a mailbox, if its server announces nothing."""
FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS = 2.0, 60.0
CHECK_INTERVAL_SECONDS = 5.0
RECORD_INTERVAL_SECONDS = 60.0
"""How often a successful look is recorded."""
UNREADABLE_URL = "Its address and password cannot be decrypted. Enter them again"


class MailboxReader:
    """Reads one mailbox until it is stopped, and connects again whenever that is needed.

    `mailbox_id` is None for the mailbox of `TICKET_IMAP_URL`.
    """

    def __init__(self, url: str, mailbox_id: int | None) -> None:
        self.url = url
        self.mailbox_id = mailbox_id
        self._is_stopped = threading.Event()
        self._last_error: str | None = None
        self._recorded_at = float("-inf")
        name = f"mailbox {mailbox_id or 'default'}"
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def stop(self) -> None:
        """Stop after the message that is being read."""
        self._is_stopped.set()

    def should_stop(self) -> bool:
        """Whether it was stopped, or another process reads the mailboxes now."""
        return self._is_stopped.is_set() or not heartbeat.is_first_registered

    def _run(self) -> None:
        delay = FIRST_RETRY_SECONDS
        while not self.should_stop():
            started_at = time.monotonic()
            try:
                self._read()
            except (*CONNECTION_ERRORS, Unavailable) as error:
                self._record(imap.describe_error(error))
            except Exception as error:  # noqa: BLE001 - the next connection may succeed
                log().error("mailbox_failed", mailbox_id=self.mailbox_id, exc_info=error)
                self._record(type(error).__name__)
            if time.monotonic() - started_at > MAX_RETRY_SECONDS:
                delay = FIRST_RETRY_SECONDS
            self._is_stopped.wait(delay)
            delay = min(delay * 2, MAX_RETRY_SECONDS)

    def _read(self) -> None:
        """Connect, and read messages until stopped."""
        connection = MailboxConnection(imap.parse_imap_url(self.url))
        try:
            while not self.should_stop():
                self._read_messages(connection)
                self._record(None)
                if connection.can_idle:
                    connection.wait(POLL_SECONDS, self.should_stop)
                else:
                    self._is_stopped.wait(POLL_SECONDS)
        finally:
            connection.close()

    def _read_messages(self, connection: MailboxConnection) -> None:
        for uid in connection.list_uids():
            if self.should_stop():
                return
            source = connection.fetch(uid)
            if source is None:
                connection.move(uid, imap.REJECTED)
                continue
            receipt = receive(source, channel=MailChannel.IMAP, mailbox_id=self.mailbox_id)
            connection.move(uid, imap.REJECTED if receipt.is_rejected else imap.PROCESSED)

    def _record(self, error: str | None) -> None:
        """Record the last look and its error, where it changes or was not recorded for a while."""
        is_recent = time.monotonic() - self._recorded_at < RECORD_INTERVAL_SECONDS
        if error == self._last_error and is_recent:
            return
        if error is not None and error != self._last_error:
            log().warning("mailbox_unreachable", mailbox_id=self.mailbox_id, reason=error)
        self._last_error, self._recorded_at = error, time.monotonic()
        if self.mailbox_id is None:
            return
        try:
            with open_unit_of_work(writes=True) as uow:
                mailboxes.record_check(uow, self.mailbox_id, error)
        except Unavailable as failure:
            log().warning("mailbox_not_recorded", reason=failure.message)


_readers: dict[int | None, MailboxReader] = {}
"""The readers of this process by the id of their mailbox."""


@runs_every(CHECK_INTERVAL_SECONDS)
def read_mailboxes() -> None:
    """Start a reader for each mailbox, and stop those whose mailbox was changed or removed."""
    wanted = _wanted_urls()
    for mailbox_id, reader in list(_readers.items()):
        if wanted.get(mailbox_id) != reader.url or not reader.thread.is_alive():
            reader.stop()
            if not reader.thread.is_alive():
                del _readers[mailbox_id]
    for mailbox_id, url in wanted.items():
        if mailbox_id not in _readers:
            reader = _readers[mailbox_id] = MailboxReader(url, mailbox_id)
            reader.thread.start()


def _wanted_urls() -> dict[int | None, str]:
    """Return the URLs of the mailboxes to read, by their id."""
    wanted: dict[int | None, str] = {}
    default_url = settings().imap_url
    if default_url:
        wanted[None] = default_url
    with open_unit_of_work(writes=False) as uow:
        rows = mailboxes.list_active_imap_mailboxes(uow)
    for row in rows:
        url = mailboxes.decrypt_url(row)
        if url is not None:
            wanted[row.id] = url
        elif row.last_error != UNREADABLE_URL:
            with open_unit_of_work(writes=True) as uow:
                mailboxes.record_check(uow, row.id, UNREADABLE_URL)
    return wanted


def stop_readers(timeout: float = 10.0) -> None:
    """Stop all readers of this process and wait for them."""
    for reader in _readers.values():
        reader.stop()
    for reader in _readers.values():
        reader.thread.join(timeout)
    _readers.clear()
