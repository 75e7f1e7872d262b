"""The public status at `/status` (page) and `/status.json`, with details for administrators.

Both return 200 while the system is up and 503 while it is degraded, so that any monitor can watch
them. They respond within two seconds: a check that takes longer counts as failed. Results are kept
for ten seconds, and one check runs at a time, so that requests cannot add to a problem.
"""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import Future

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from ticket_app.api.kit.request_context import SessionRequestContext
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.status_page import CONTENT_SECURITY_POLICY, render_page
from ticket_app.core.operations import system_status
from ticket_app.core.operations.system_status import State, SystemStatus
from ticket_app.version import VERSION

MAX_AGE_SECONDS = 10.0
TIMEOUT_SECONDS = 2.0
STATUS_CODES: dict[State, int] = {"up": 200, "degraded": 503}

router = APIRouter(include_in_schema=False)


class StatusCheck:
    """Runs the checks in a thread of their own and keeps the last result."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Future[SystemStatus] | None = None
        self._started_at = 0.0

    def start(self) -> Future[SystemStatus]:
        """Return the running check, a recent result, or a new check."""
        with self._lock:
            running = self._running
            is_recent = time.monotonic() - self._started_at < MAX_AGE_SECONDS
            if running is not None and (is_recent or not running.done()):
                return running
            self._running, self._started_at = Future(), time.monotonic()
            threading.Thread(target=self._run, args=(self._running,), daemon=True).start()
            return self._running

    def reset(self) -> None:
        """Forget the last result."""
        with self._lock:
            self._running = None

    @staticmethod
    def _run(result: Future[SystemStatus]) -> None:
        try:
            result.set_result(system_status.check_system())
        except BaseException as error:
            result.set_exception(error)
            raise


status_check = StatusCheck()
"""The check of this process."""


async def _read_status() -> SystemStatus:
    running = asyncio.shield(asyncio.wrap_future(status_check.start()))
    try:
        return await asyncio.wait_for(running, TIMEOUT_SECONDS)
    except Exception:  # noqa: BLE001 - the answer is then that it is not known
        return system_status.unknown_status()


async def _is_administrator(request: Request) -> bool:
    """Return whether the session or token is an administrator's; anything else is anonymous."""
    context = SessionRequestContext(request)
    if not context.credential():
        return False
    try:
        actor = await asyncio.wait_for(asyncio.to_thread(context.authenticate), TIMEOUT_SECONDS)
    except Exception:  # noqa: BLE001 - without the database no one can be identified
        return False
    return actor.can("set_up")


@router.get("/status.json")
async def get_status(request: Request) -> Response:
    """Return the status, for administrators with details."""
    status = await _read_status()
    payload: dict[str, object] = {"status": status.state, "checked_at": status.checked_at}
    if await _is_administrator(request):
        payload |= format_details(status)
    return _uncached(JsonResponse(payload, status_code=STATUS_CODES[status.state]))


@router.get("/status")
@router.get("/status/")
async def show_status(request: Request) -> Response:
    """Show the status as a page without scripts, which needs neither database nor build."""
    status = await _read_status()
    details = format_details(status) if await _is_administrator(request) else None
    return _uncached(
        HTMLResponse(
            render_page(status.state, status.checked_at, details),
            status_code=STATUS_CODES[status.state],
            headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY},
        )
    )


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def format_details(status: SystemStatus) -> dict[str, object]:
    """Format what only administrators see."""
    database, jobs, storage, email = status.database, status.jobs, status.storage, status.email
    return {
        "version": VERSION,
        "problems": status.problems,
        "database": {
            "kind": database.kind,
            "reachable": database.is_reachable,
            "migrations": {
                "installed": database.installed_version,
                "expected": database.expected_version,
                "current": database.is_migrated,
            },
        },
        "jobs": jobs
        and {
            "processes": jobs.process_count,
            "last_heartbeat": jobs.last_heartbeat_at,
            "queue_depth": jobs.queue_depth,
            "oldest_due": jobs.oldest_due_at,
            "failed": jobs.failed_count,
            "pending_webhook_deliveries": jobs.pending_deliveries,
        },
        "email": email
        and {
            "working": not email.problem,
            "problem": email.problem or None,
            "waiting": email.waiting,
            "failed_last_day": email.failed_recently,
        },
        "storage": {
            "kind": storage.kind,
            "writable": storage.is_writable,
            "free_bytes": storage.free_bytes,
        },
        "last_backup": status.last_backup
        and {
            "created_at": status.last_backup.created_at,
            "size_bytes": status.last_backup.size_bytes,
        },
    }
