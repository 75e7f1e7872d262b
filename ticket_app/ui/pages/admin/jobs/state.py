"""The state of the background jobs page."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.operations import background_jobs
from ticket_app.core.platform.errors import Forbidden
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.jobs.rows import FailedJob, load_jobs


class BackgroundJobs(rx.State):
    """Failed background jobs."""

    rows: list[FailedJob] = []
    count: int = 0
    processes: int = 0
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        self.rows, self.denied_reason = [], ""
        try:
            await self._load_rows()
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    async def _load_rows(self) -> None:
        found = await bridge.read(self, load_jobs)
        self.rows, self.count, self.processes = found.failed, found.failed_count, found.processes

    @bridge.event
    async def retry(self, job_id: int) -> bridge.Events:
        await bridge.write(self, background_jobs.retry, [job_id])
        await self._load_rows()
        return w.toast(texts.jobs_retried(job_id), tone="green")

    @bridge.event
    async def retry_all(self) -> bridge.Events:
        retried = await bridge.write(self, background_jobs.retry)
        await self._load_rows()
        jobs_retried = texts.JOBS_ONE if retried == 1 else texts.jobs_number(retried)
        return w.toast(texts.jobs_retried_all(jobs_retried), tone="green")
