"""The page with failed background jobs, which can be retried."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.jobs.state import BackgroundJobs
from ticket_app.ui.pages.admin.layout import settings_page


def _job_item(job: Any) -> rx.Component:
    return rx.el.li(
        rx.icon("triangle-alert", size=16, class_name="t-red set-sign"),
        rx.el.div(
            rx.el.span(rx.el.b(job.label), class_name="set-name cut"),
            rx.el.div(
                rx.el.span("Job ", job.id),
                rx.cond(job.details != "", rx.el.span(job.details)),
                rx.el.span(job.attempts, " attempts"),
                class_name="set-facts soft fine",
            ),
            rx.el.p(job.error, class_name="set-why", dir="auto"),
            class_name="set-main",
        ),
        rx.el.span(w.time_ago(job.created_at), class_name="set-last soft fine"),
        w.button(
            "Retry",
            on_click=BackgroundJobs.retry(job.id),
            aria_label="Retry job " + job.id.to_string(),
        ),
        class_name="set-row job-row",
        key=job.id,
    )


def _no_worker_warning() -> rx.Component:
    return rx.cond(
        BackgroundJobs.processes == 0,
        w.callout(
            "No process is doing background work",
            "Files are not scanned and webhooks are not sent. Start a worker "
            "(python -m ticket_app worker), or set TICKET_JOBS=true for serve.",
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
                    "These jobs failed 20 times and are not tried any more. "
                    "Remove the cause, then retry them.",
                    class_name="soft set-lead",
                ),
                rx.el.ul(rx.foreach(BackgroundJobs.rows, _job_item), class_name="plain set-list"),
                rx.cond(
                    BackgroundJobs.count > BackgroundJobs.rows.length(),
                    rx.el.p(
                        "The oldest ",
                        BackgroundJobs.rows.length(),
                        " of ",
                        BackgroundJobs.count,
                        " are shown.",
                        class_name="soft fine",
                    ),
                ),
            ),
            w.empty_state(
                "circle-check",
                "No failed jobs",
                "Scans of files, webhook messages and the like that fail 20 times appear here.",
            ),
        ),
        ready=BackgroundJobs.is_loaded,
        denied_reason=BackgroundJobs.denied_reason,
        tools=(
            rx.cond(
                BackgroundJobs.rows,
                w.button("Retry all", icon="rotate-cw", on_click=BackgroundJobs.retry_all),
            ),
        ),
    )
