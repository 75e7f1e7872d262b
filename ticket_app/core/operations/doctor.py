"""Whether everything a desk needs is there and works, said in one line each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from limits.storage import storage_from_string

from ticket_app.core.attachments import attachments, file_types
from ticket_app.core.attachments.scanning.limits import Budget
from ticket_app.core.attachments.scanning.pdf import check_pdfs
from ticket_app.core.operations import installation, processes
from ticket_app.core.platform import database, outbox
from ticket_app.core.platform.storage import file_store, key_for
from ticket_app.core.platform.unit_of_work import open_desk, utc_now
from ticket_app.settings import settings

LETTERS_OF_KEY = 32
NAMED_FAILURES = 5
"""Failed jobs that are named one by one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and what was seen."""

    name: str
    is_well: bool
    says: str


def look() -> list[Finding]:
    """Look at everything; nothing that fails keeps the rest from being looked at."""
    return [_finding(name, check) for name, check in CHECKS.items()]


def _finding(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except Exception as trouble:  # noqa: BLE001 - whatever goes wrong is what was asked for
        said = str(trouble).strip().splitlines() or [type(trouble).__name__]
        return Finding(name, False, said[0][:500])


def _database() -> str:
    if not database.is_reachable(database.engine()):
        raise RuntimeError("does not answer at TICKET_DATABASE_URL")
    return database.engine().dialect.name + " answers"


def _tables() -> str:
    found = installation.schema()
    if not found.is_current:
        raise RuntimeError(
            f"are at {found.present or 'nothing'}, wanted is {found.wanted}; run `migrate`"
        )
    return f"are current ({found.present})"


def _files() -> str:
    key, said = key_for(utc_now(), uuid4()), b"written by the doctor"
    store = file_store()
    store.put(key, BytesIO(said))
    try:
        if b"".join(store.open(key)) != said:
            raise RuntimeError("gives back something else than was written")
    finally:
        store.delete(key)
    return "can be written, read and deleted"


def _scanner() -> str:
    with tempfile.TemporaryDirectory() as folder:
        check_pdfs(Path(folder), Budget())  # of an empty folder: the process can be started
        path = Path(folder) / "note.txt"
        path.write_bytes(b"a harmless note\n")
        verdict = attachments.scanner().scan(path, file_types.TEXT)
    if verdict.status != "clean":
        raise RuntimeError(f"says {verdict.status} of a harmless note: {verdict.reason}")
    return "answers" + (" (with ClamAV)" if settings().clamav_url else " (built in)")


def _secret_key() -> str:
    if len(settings().secret_key) < LETTERS_OF_KEY:
        raise RuntimeError(f"has fewer than {LETTERS_OF_KEY} characters")
    kept = settings().var / "secret_key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        raise RuntimeError(f"others may read {kept}; chmod 600")
    return "is there"


def _redis() -> str:
    if not settings().redis_url:
        return "is not configured: one worker, limits in memory"
    if not storage_from_string(settings().redis_url or "").check():
        raise RuntimeError("does not answer at TICKET_REDIS_URL")
    return "answers"


def _jobs() -> str:
    with open_desk(writes=False) as desk:
        running = len(processes.living(desk))
    if running:
        return f"run in {running} process{'es' if running > 1 else ''}"
    if not settings().jobs:
        raise RuntimeError(
            "do not run: TICKET_JOBS is false here and no `worker` is running; start one"
        )
    return "will run in `serve`, which is not running now"


def _outbox() -> str:
    with open_desk(writes=False) as desk:
        failed = outbox.count_given_up(desk)
        rows = outbox.given_up(desk, most=NAMED_FAILURES)
    if failed:
        named = "; ".join(f"{row.id} ({row.topic}): {row.last_error}" for row in rows)
        raise RuntimeError(
            f"{failed} failed {outbox.MOST_ATTEMPTS} times and are not tried any more; "
            f"run `retry-jobs`: {named}"
        )
    return "has no failed jobs"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "tables": _tables,
    "files": _files,
    "scanner": _scanner,
    "secret key": _secret_key,
    "redis": _redis,
    "jobs": _jobs,
    "outbox": _outbox,
}
