"""The composition root: the application with its pages, API and background tasks."""

from __future__ import annotations

from typing import cast

import reflex as rx

from ticket_app.api.app import build_api
from ticket_app.api.kit.worker_threads import limit_worker_threads
from ticket_app.jobs.worker import background_worker
from ticket_app.serving import compose_app
from ticket_app.ui import frontend_errors, theme
from ticket_app.ui.change_feed import run_change_feed
from ticket_app.ui.components.browser_notifications import Alert
from ticket_app.ui.components.command_palette import CommandPalette
from ticket_app.ui.open_tabs import keep_presence_current
from ticket_app.ui.page_calls import handle_event_error
from ticket_app.ui.pages import add_pages
from ticket_app.ui.pages.desk.palette.state import Palette
from ticket_app.ui.pages.desk.presence.state import REFRESH_EVENT
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge
from ticket_app.ui.tab_session import check_and_remember_session

app = compose_app(
    rx.App(
        head_components=theme.head_components(),
        stylesheets=theme.STYLESHEETS,
        html_lang="en",
        backend_exception_handler=handle_event_error,
        frontend_exception_handler=frontend_errors.log_frontend_error,
    ),
    build_api(),
    is_session_alive=check_and_remember_session,
    unread=UnreadBadge.count,
    alerts=cast("rx.Var[list[Alert]]", UnreadBadge.alerts),
    palette=CommandPalette.create(
        pages=Palette.pages, is_staff=Palette.is_staff, on_signed_in=Palette.load
    ),
)
app.register_lifespan_task(limit_worker_threads)
app.register_lifespan_task(run_change_feed)
app.register_lifespan_task(keep_presence_current, watch_event=REFRESH_EVENT)
app.register_lifespan_task(background_worker)
add_pages(app)
