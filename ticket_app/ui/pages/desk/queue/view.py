"""The queue page: filters, the list of tickets, bulk actions and the preview."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.pages.desk.queue.bulk_bar import bulk_bar, change_dialog
from ticket_app.ui.pages.desk.queue.filter_bar import (
    infrequent_filters_row,
    queue_header,
    search_hints,
)
from ticket_app.ui.pages.desk.queue.filters import WITH_SNOOZED
from ticket_app.ui.pages.desk.queue.preview_panel import preview_panel
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.queue.ticket_rows import new_tickets_button, ticket_list
from ticket_app.ui.pages.desk.saved_views.view import missing_view, view_dialog
from ticket_app.ui.pages.desk.snooze import texts as snooze_texts
from ticket_app.ui.pages.desk.snooze.view import snooze_dialog


def _search_elsewhere() -> rx.Component:
    return rx.cond(
        Queue.elsewhere != "",
        rx.el.p(
            Queue.elsewhere,
            texts.QUEUE_SEARCH_MORE_ELSEWHERE,
            w.link(texts.QUEUE_SEARCH_ALL_TICKETS, to=Queue.everywhere),
            class_name="other-views-notice",
            role="status",
        ),
    )


def _snoozed_notice() -> rx.Component:
    return rx.cond(
        Queue.snoozed_text != "",
        rx.el.p(
            Queue.snoozed_text,
            w.button(
                snooze_texts.SHOW_HIDDEN,
                variant="quiet",
                on_click=Queue.toggle_fact(WITH_SNOOZED),
            ),
            class_name="other-views-notice",
        ),
    )


def _empty_list() -> rx.Component:
    return rx.cond(
        Queue.chips.is_filtered,
        w.empty_state(
            "search",
            Queue.empty_title,
            Queue.empty_text,
            rx.cond(
                Queue.elsewhere != "",
                w.button_link(texts.QUEUE_SEARCH_ALL_TICKETS, to=Queue.everywhere),
                w.button(Queue.clear_label, on_click=Queue.clear_filters),
            ),
        ),
        w.empty_state("inbox", Queue.empty_title, Queue.empty_text),
    )


WINDOW_TITLE = rx.cond(Queue.heading != "", Queue.heading, texts.QUEUE_WINDOW_TITLE)
"""The title of the browser window."""


def queue_page() -> rx.Component:
    """Return the page."""
    return desk_page(
        queue_header(),
        search_hints(),
        infrequent_filters_row(),
        w.server_time(Queue.server_time),
        rx.cond(
            Queue.is_loaded,
            rx.cond(
                Queue.rows.length() > 0,
                rx.fragment(
                    new_tickets_button(),
                    _search_elsewhere(),
                    ticket_list(),
                    _snoozed_notice(),
                    w.pager(
                        Queue.range_text,
                        has_previous=Queue.has_previous,
                        has_next=Queue.has_next,
                        on_previous=Queue.previous_page,
                        on_next=Queue.next_page,
                    ),
                ),
                rx.cond(
                    Queue.is_missing,
                    missing_view(),
                    rx.fragment(new_tickets_button(), _empty_list(), _snoozed_notice()),
                ),
            ),
            w.queue_skeleton(18),
        ),
        bulk_bar(),
        preview_panel(),
        change_dialog(),
        snooze_dialog(),
        view_dialog(),
        on_undo=[Queue.refresh_after_undo],
    )
