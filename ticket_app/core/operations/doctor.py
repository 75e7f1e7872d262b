"""Check that everything the application needs is present and works."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from ticket_app.core.attachments import file_types, uploading
from ticket_app.core.attachments.scanning.limits import Budget
from ticket_app.core.attachments.scanning.pdf import check_pdfs
from ticket_app.core.operations import installation, processes
from ticket_app.core.platform import database, outbox, rate_limits
from ticket_app.core.platform.storage import build_key, file_storage
from ticket_app.core.platform.unit_of_work import open_unit_of_work, utc_now
from ticket_app.settings import settings

MIN_SECRET_KEY_LENGTH = 32
MAX_LISTED_FAILURES = 5
"""Failed jobs that are listed one by one."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check: whether it passed, and what was found."""

    name: str
    is_ok: bool
    detail: str


def run_checks() -> list[CheckResult]:
    """Run all checks; a failing check does not prevent the others."""
    return [_run_check(name, check) for name, check in CHECKS.items()]


def _run_check(name: str, check: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(name, True, check())
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what was asked for
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return CheckResult(name, False, lines[0][:500])


def _check_database() -> str:
    if not database.is_reachable(database.get_engine()):
        raise RuntimeError("does not answer at TICKET_DATABASE_URL")
    return database.get_engine().dialect.name + " answers"


def _check_tables() -> str:
    version = installation.schema_version()
    if not version.is_current:
        raise RuntimeError(
            f"are at version {version.installed or 'none'}, not {version.expected}; run `migrate`"
        )
    return f"are current ({version.installed})"


def _check_file_storage() -> str:
    key, content = build_key(utc_now(), uuid4()), b"written by the doctor"
    store = file_storage()
    store.put(key, BytesIO(content))
    try:
        if b"".join(store.stream(key)) != content:
            raise RuntimeError("returned content that differs from what was written")
    finally:
        store.delete(key)
    return "can be written, read and deleted"


def _check_scanner() -> str:
    with tempfile.TemporaryDirectory() as folder:
        # An empty folder: this checks whether the scanner can be started at all.
        check_pdfs(Path(folder), Budget())
        path = Path(folder) / "note.txt"
        path.write_bytes(b"a harmless note\n")
        verdict = uploading.get_scanner().scan(path, file_types.TEXT)
    if verdict.status != "clean":
        raise RuntimeError(f"reported a harmless file as {verdict.status}: {verdict.reason}")
    return "answers" + (" (with ClamAV)" if settings().clamav_url else " (built in)")


def _check_secret_key() -> str:
    if len(settings().secret_key) < MIN_SECRET_KEY_LENGTH:
        raise RuntimeError(f"has fewer than {MIN_SECRET_KEY_LENGTH} characters")
    key_file = settings().var / "secret_key"
    if key_file.exists() and key_file.stat().st_mode & 0o077:
        raise RuntimeError(f"{key_file} is readable by other users; run chmod 600")
    return "is set"


def _check_redis() -> str:
    url = settings().redis_url
    if not url:
        return "is not configured: one worker, limits in memory"
    if not rate_limits.is_redis_reachable(url):
        raise RuntimeError("does not answer at TICKET_REDIS_URL")
    return "answers"


def _check_job_processes() -> str:
    with open_unit_of_work(writes=False) as uow:
        running = len(processes.list_living(uow))
    if running:
        return f"run in {running} process{'es' if running > 1 else ''}"
    if not settings().jobs:
        raise RuntimeError(
            "do not run: TICKET_JOBS is false here and no `worker` is running; start one"
        )
    return "will run in `serve`, which is not running now"


def _check_outbox() -> str:
    with open_unit_of_work(writes=False) as uow:
        failed_count = outbox.count_failed(uow)
        rows = outbox.list_failed(uow, limit=MAX_LISTED_FAILURES)
    if failed_count:
        listed = "; ".join(f"{row.id} ({row.topic}): {row.last_error}" for row in rows)
        raise RuntimeError(
            f"{failed_count} failed {outbox.MAX_ATTEMPTS} times and will not be retried; "
            f"run `retry-jobs`: {listed}"
        )
    return "has no failed jobs"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _check_database,
    "tables": _check_tables,
    "files": _check_file_storage,
    "scanner": _check_scanner,
    "secret key": _check_secret_key,
    "redis": _check_redis,
    "jobs": _check_job_processes,
    "outbox": _check_outbox,
}
