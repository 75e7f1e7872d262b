"""The page with failed background jobs, which can be retried."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.jobs.rows import FailedJob
from ticket_app.ui.pages.admin.jobs.state import BackgroundJobs
from ticket_app.ui.pages.admin.layout import settings_page


def _job_item(job: rx.Var[FailedJob]) -> rx.Component:
    return rx.el.li(
        rx.icon("triangle-alert", size=16, class_name="tone-red settings-row-icon"),
        rx.el.div(
            rx.el.span(rx.el.b(job.label), class_name="settings-row-name truncate"),
            rx.el.div(
                rx.el.span(texts.jobs_job(job.id)),
                rx.cond(job.details != "", rx.el.span(job.details)),
                rx.el.span(texts.jobs_attempts(job.attempts)),
                class_name="settings-row-details text-muted text-small",
            ),
            rx.el.p(job.error, class_name="settings-warning", dir="auto"),
            class_name="settings-row-main",
        ),
        rx.el.span(w.time_ago(job.created_at), class_name="settings-row-end text-muted text-small"),
        w.button(
            texts.JOBS_RETRY,
            on_click=BackgroundJobs.retry(job.id),
            aria_label=texts.jobs_retry_job(job.id),
        ),
        class_name="settings-row job-row",
        key=job.id,
    )


def _no_worker_warning() -> rx.Component:
    return rx.cond(
        BackgroundJobs.processes == 0,
        w.callout(
            texts.JOBS_NO_WORKER,
            texts.JOBS_NO_WORKER_HINT,
            tone="red",
        ),
    )


def background_jobs_page() -> rx.Component:
    return settings_page(
        routes.ADMIN_JOBS,
        _no_worker_warning(),
        rx.cond(
            BackgroundJobs.rows,
            rx.fragment(
                rx.el.p(
                    texts.JOBS_LEAD,
                    class_name="text-muted settings-intro",
                ),
                rx.el.ul(
                    rx.foreach(BackgroundJobs.rows, _job_item),
                    class_name="list-unstyled settings-list",
                ),
                rx.cond(
                    BackgroundJobs.count > BackgroundJobs.rows.length(),
                    rx.el.p(
                        texts.jobs_shown(BackgroundJobs.rows.length(), BackgroundJobs.count),
                        class_name="text-muted text-small",
                    ),
                ),
            ),
            w.empty_state(
                "circle-check",
                texts.JOBS_EMPTY_TITLE,
                texts.JOBS_EMPTY_HINT,
            ),
        ),
        ready=BackgroundJobs.is_loaded,
        denied_reason=BackgroundJobs.denied_reason,
        tools=(
            rx.cond(
                BackgroundJobs.rows,
                w.button(texts.JOBS_RETRY_ALL, icon="rotate-cw", on_click=BackgroundJobs.retry_all),
            ),
        ),
    )
